/** Largest difference of the values' distribution from the uniform one on 0..1 (Kolmogorov-Smirnov). */
export function distanceFromUniform(values: readonly number[]): number {
  const n = values.length;
  const sorted = [...values].sort((a, b) => a - b);
  return Math.max(...sorted.map((value, i) => Math.max((i + 1) / n - value, value - i / n)));
}

/** What that distance exceeds with probability .01 where the values are uniform, for n above 35 (Smirnov 1948). */
export const criticalDistance = (n: number): number => 1.628 / Math.sqrt(n);
