import { createMatrix, createRandom, type Matrix, normaliseRows } from '../domain/index.ts';
import { standardNormal } from './clustered.ts';

const CLUSTERS = 20;
const SIZE_RATIO = 0.93;
const NOISE_SHARE = 0.05;

/**
 * For tests and measurements: unit rows like those of sentence embeddings, 20 clusters of unequal size in sibling pairs that
 * overlap, all on one side of the sphere, with wide spread in all dimensions and 5 % uniform noise. Neighbours are hard to find.
 */
export function mixtureMatrix(rows: number, cols: number, seed: number): Matrix {
  const source = createRandom(seed);
  const normal = (): number => standardNormal(source);
  const random = createRandom(seed + 1);
  const centres = siblingCentres(cols, normal);
  const cumulative = Array.from({ length: CLUSTERS }, (_, c) => (1 - SIZE_RATIO ** (c + 1)) / (1 - SIZE_RATIO ** CLUSTERS));
  const x = createMatrix(rows, cols);
  for (let r = 0; r < rows; r++) {
    const isNoise = random.next() < NOISE_SHARE;
    const at = random.next();
    const cluster = Math.min(
      CLUSTERS - 1,
      cumulative.findIndex((share) => at <= share),
    );
    const spread = (1.1 + 0.4 * (cluster / CLUSTERS)) / Math.sqrt(cols);
    for (let i = 0; i < cols; i++) {
      x.data[r * cols + i] = isNoise ? normal() : (centres.data[cluster * cols + i] as number) + spread * normal();
    }
  }
  return normaliseRows(x);
}

function siblingCentres(cols: number, normal: () => number): Matrix {
  const directions = normaliseRows({ rows: 31, cols, data: Float32Array.from({ length: 31 * cols }, normal) });
  const centres = createMatrix(CLUSTERS, cols);
  const part = (row: number, i: number): number => directions.data[row * cols + i] as number;
  for (let c = 0; c < CLUSTERS; c++) {
    const [common, root, own] = [30, 20 + (c >> 1), c];
    for (let i = 0; i < cols; i++) centres.data[c * cols + i] = 0.4 * part(common, i) + part(root, i) + 0.3 * part(own, i);
  }
  return normaliseRows(centres);
}
