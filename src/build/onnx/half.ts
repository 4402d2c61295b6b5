/** IEEE 754 binary16 of each value, to the nearest, ties to even; what is too large becomes infinite. */
export function toHalves(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, halfOf);
}

const EXPONENT_BIAS = 127 - 15;

/** From the bits of a float32. The exponent stands above the fraction in both, so a carry out of the fraction raises it, as it must. */
function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const scaled = exponent - EXPONENT_BIAS;
  if (scaled >= 31) return sign | 0x7c00;
  if (scaled > 0) return sign | rounded(scaled * 0x800000 + fraction, 13);
  // Below 2^-14 a half has no leading one of its own; 24 places down nothing is left.
  return scaled < -10 ? sign : sign | rounded(0x800000 + fraction, 14 - scaled);
}

function rounded(value: number, places: number): number {
  const unit = 2 ** places;
  const down = Math.floor(value / unit);
  const rest = value - down * unit;
  return rest > unit / 2 || (rest === unit / 2 && down % 2 === 1) ? down + 1 : down;
}
