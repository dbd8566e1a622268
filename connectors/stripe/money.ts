/**
 * Amounts are whole numbers of a currency's smallest unit as Stripe counts it, which is not ISO 4217 everywhere: ISK and UGX
 * have no decimals and are written with two zeros, MGA has two and is written with none.
 */
const NONE = ['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'];
const THREE = ['BHD', 'JOD', 'KWD', 'OMR', 'TND'];

/** What one unit of an amount is worth in the currency's main unit, as decimal text: `1`, `0.01` or `0.001`. */
export function unitOf(currency: string): string {
  const code = currency.toUpperCase();
  if (NONE.includes(code)) return '1';
  return THREE.includes(code) ? '0.001' : '0.01';
}

/** `amount × part ÷ whole`, rounded half up; the amount itself where there is no whole. */
export function shareOf(amount: number, part: number, whole: number): string {
  if (whole <= 0 || part < 0 || part > whole) return String(amount);
  const [a, p, w] = [BigInt(amount), BigInt(part), BigInt(whole)];
  return String((2n * a * p + w) / (2n * w));
}
