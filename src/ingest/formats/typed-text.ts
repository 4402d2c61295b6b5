/** How typed values of Parquet, Arrow and Excel are written as cells. All are exact: what is read back is what was stored. */

const PER_SECOND = { seconds: 1n, milliseconds: 1000n, microseconds: 1_000_000n, nanoseconds: 1_000_000_000n } as const;
export type TimeUnit = keyof typeof PER_SECOND;

/**
 * A point in time as ISO 8601, with as many digits after the second as it needs (none, 3, 6 or 9).
 * @param zoned true = an instant, marked with Z; false = a time of no zone
 */
export function timestampText(value: bigint | number, unit: TimeUnit, zoned: boolean): string {
  const units = BigInt(value);
  const perSecond = PER_SECOND[unit];
  const seconds = floorDivide(units, perSecond);
  const date = new Date(Number(seconds) * 1000);
  // Beyond the years that a Date can hold: told as it is stored, and no time.
  if (Number.isNaN(date.getTime())) return units.toString();
  const iso = date.toISOString();
  return iso.slice(0, -5) + fractionText(units - seconds * perSecond, perSecond) + (zoned ? 'Z' : '');
}

/** A time of day. */
export function clockText(value: bigint | number, unit: TimeUnit): string {
  const text = timestampText(value, unit, false);
  return text.startsWith('1970-01-01T') ? text.slice(11) : String(value);
}

/** @param days since 1970-01-01 */
export const dateText = (days: number): string => timestampText(days * 86_400, 'seconds', false).replace('T00:00:00', '');

function fractionText(part: bigint, perSecond: bigint): string {
  if (part === 0n) return '';
  const nanoseconds = (part * (PER_SECOND.nanoseconds / perSecond)).toString().padStart(9, '0');
  return `.${nanoseconds.replace(/(000){1,2}$/, '')}`;
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

/** unscaled * 10^-scale, with `scale` digits after the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return (unscaled * 10n ** BigInt(-scale)).toString();
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Two's complement, most significant byte first. */
export function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = value * 256n + BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

/** The shortest decimal that is the same 32-bit float: as a double, 0.1 would be 0.10000000149011612. */
export function floatText(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes that no type explains: text where they are UTF-8, else hexadecimal. */
export function bytesText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return `0x${Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')}`;
  }
}
