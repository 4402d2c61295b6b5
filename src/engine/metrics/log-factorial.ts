/** ln n! below this is a running sum of logarithms, above it Stirling's series. */
const TABLE = 256;

const small = new Float64Array(TABLE);
for (let n = 2; n < TABLE; n++) small[n] = (small[n - 1] as number) + Math.log(n);

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * ln n! = ln Gamma(n + 1) for a whole n >= 0, in float64: relative error below 1e-14. From 256 on Stirling's series to the term
 * in n^-5 (Abramowitz & Stegun 6.1.41), whose first term left out is below 1e-20.
 */
export function logFactorial(n: number): number {
  if (n < TABLE) return small[n] as number;
  const square = n * n;
  return (n + 0.5) * Math.log(n) - n + HALF_LOG_TWO_PI + (1 / 12 - (1 / 360 - 1 / (1260 * square)) / square) / n;
}
