/**
 * What findings say of people: nothing. A sender's address in a campaign's name, or in the column of currencies of a file that
 * is shifted, would go on from there into records, logs, alerts and answers.
 */

/**
 * The text without what looks like an e-mail address, as links write it too, or like a phone number with its country. Digits
 * alone are ids of accounts as often as phones, and stay.
 */
export function withoutPeople(text: string): string {
  return text.replaceAll(E_MAIL, '[e-mail]').replaceAll(PHONE, '[phone]');
}

// --- internal ---

const E_MAIL = /[^\s"'<>(),;:/=&?|[\]{}@]+(?:@|%40)[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/giu;
const PHONE = /(?:\+|%2B)\d[\d ()./-]{6,}\d/gi;
