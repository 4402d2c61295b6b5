import { createRandom, type Matrix, normaliseRows, type Random } from '../domain/index.ts';

const CLUSTERS = 20;
const NOISE = 0.05;

/**
 * rows x cols unit vectors as embeddings of texts lie: 20 clusters of unequal size (the square of a uniform number picks one),
 * normal in each dimension around normal centres, as wide as the centres are apart; 5 % noise without a cluster.
 */
export function clusteredMatrix(rows: number, cols: number, seed: number): Matrix {
  const random = createRandom(seed);
  const centres = Float64Array.from({ length: CLUSTERS * cols }, () => standardNormal(random));
  const data = new Float32Array(rows * cols);
  for (let r = 0; r < rows; r++) {
    const isNoise = random.next() < NOISE;
    const from = Math.floor(CLUSTERS * random.next() ** 2) * cols;
    for (let i = 0; i < cols; i++) data[r * cols + i] = standardNormal(random) + (isNoise ? 0 : (centres[from + i] as number));
  }
  return normaliseRows({ rows, cols, data });
}

/** Standard normal, by Box and Muller. */
export const standardNormal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
