import { createMatrix, createRandom, type Matrix, normaliseRows } from '../domain/index.ts';
import { standardNormal } from './clustered.ts';

const CLUSTERS = 20;
const SIZE_RATIO = 0.93;
const NOISE_SHARE = 0.05;
/** Length of a row's way from its centre, over all dimensions, and in the few directions in which its cluster is wider. */
const ISOTROPIC = 1.3;
const STRONG = 0.3;
const STRONG_DIRECTIONS = 8;

/**
 * For tests and measurements: unit rows like those of sentence embeddings, 20 clusters of unequal size in sibling pairs that
 * overlap, all on one side of the sphere, with wide spread in all dimensions, a little wider in eight directions of each
 * cluster's own, and 5 % uniform noise. Neighbours are hard to find.
 */
export function mixtureMatrix(rows: number, cols: number, seed: number): Matrix {
  const source = createRandom(seed);
  const normal = (): number => standardNormal(source);
  const random = createRandom(seed + 1);
  const centres = siblingCentres(cols, normal);
  const directions = unitRows(CLUSTERS * STRONG_DIRECTIONS, cols, normal);
  const cumulative = Array.from({ length: CLUSTERS }, (_, c) => (1 - SIZE_RATIO ** (c + 1)) / (1 - SIZE_RATIO ** CLUSTERS));
  const x = createMatrix(rows, cols);
  for (let r = 0; r < rows; r++) {
    const isNoise = random.next() < NOISE_SHARE;
    const at = random.next();
    const found = cumulative.findIndex((share) => at <= share);
    const cluster = found < 0 ? CLUSTERS - 1 : found;
    const width = 0.85 + 0.3 * (cluster / CLUSTERS);
    const spread = (ISOTROPIC * width) / Math.sqrt(cols);
    const row = x.data.subarray(r * cols, (r + 1) * cols);
    for (let i = 0; i < cols; i++) {
      row[i] = isNoise ? normal() : (centres.data[cluster * cols + i] as number) + spread * normal();
    }
    if (!isNoise) stretch(row, directions, cluster * STRONG_DIRECTIONS, width, normal);
  }
  return normaliseRows(x);
}

function stretch(row: Float32Array, directions: Matrix, first: number, width: number, normal: () => number): void {
  for (let d = first; d < first + STRONG_DIRECTIONS; d++) {
    const by = ((STRONG * width) / Math.sqrt(STRONG_DIRECTIONS)) * normal();
    for (let i = 0, at = d * directions.cols; i < row.length; i++) {
      row[i] = (row[i] as number) + by * (directions.data[at + i] as number);
    }
  }
}

const unitRows = (rows: number, cols: number, normal: () => number): Matrix =>
  normaliseRows({ rows, cols, data: Float32Array.from({ length: rows * cols }, normal) });

function siblingCentres(cols: number, normal: () => number): Matrix {
  const directions = unitRows(31, cols, normal);
  const centres = createMatrix(CLUSTERS, cols);
  const part = (row: number, i: number): number => directions.data[row * cols + i] as number;
  for (let c = 0; c < CLUSTERS; c++) {
    const [common, root, own] = [30, 20 + (c >> 1), c];
    for (let i = 0; i < cols; i++) centres.data[c * cols + i] = 0.4 * part(common, i) + part(root, i) + 0.3 * part(own, i);
  }
  return normaliseRows(centres);
}
