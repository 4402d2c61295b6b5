/** Two-sided 95 % of the standard normal. */
export const Z95 = 1.959963984540054;

/** Changes below this are rounding: profiles are float32. */
const ROUNDING = 1e-9;

/** A change in standard errors; 0 for one within rounding, infinite for one that is known without error. */
export const inErrors = (amount: number, error: number): number => (Math.abs(amount) < ROUNDING ? 0 : amount / error);

/**
 * P(Z > z) of a standard normal Z, z >= 0, to a relative 1e-9 (Abramowitz & Stegun 1964): 26.2.11 below 3, where the series is short, and the continued
 * fraction 26.2.14 above, where it is.
 */
export function normalTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let [sum, term] = [0, z];
    for (let k = 1; k < 120; k += 2) {
      sum += term;
      term *= (z * z) / (k + 2);
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let k = 60; k >= 1; k--) fraction = z + k / fraction;
  return density / fraction;
}
