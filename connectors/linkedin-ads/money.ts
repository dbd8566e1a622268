/**
 * Money as the platform writes it: decimal text with the traces of binary arithmetic, `99.99999999999996` or `-2E-18`.
 */
const PLACES = 9;

/** Rounded to nine places, half away from zero. What is no decimal number stays as it is, for the schema to reject. */
export function ninePlaces(written: unknown): unknown {
  if (typeof written !== 'string' && typeof written !== 'number') return written;
  const match = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(String(written).trim());
  if (match === null) return written;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent) - fraction.length + PLACES;
  const digits = BigInt(whole + fraction);
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : halfUp(digits, 10n ** BigInt(-shift));
  const text = String(scaled).padStart(PLACES + 1, '0');
  const decimals = text.slice(-PLACES).replace(/0+$/, '');
  const plain = `${text.slice(0, -PLACES)}${decimals === '' ? '' : `.${decimals}`}`;
  return sign === '-' && plain !== '0' ? `-${plain}` : plain;
}

// --- internal ---

function halfUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor / 2n) / divisor;
}
