import {
  createMatrix,
  createRandom,
  deriveSeed,
  dot,
  type JobContext,
  type Matrix,
  type Random,
  rowOf,
  shuffle,
} from '../../domain/index.ts';
import { forBlocks } from '../../engine/index.ts';

/** Half of them cosines, half sines: the kernel of one pair has a standard error of at most sqrt(.5 / 256) = .044. */
export const MMD_FEATURES = 512;

/** Rows that the median heuristic looks at: 124,750 pairs. */
const SAMPLE_ROWS = 500;

/** Random directions for the kernel exp(-|x - y|^2 / (2 bandwidth^2)). Windows are comparable only under the same map. */
export interface FeatureMap {
  readonly dims: number;
  /** Even: a cosine and a sine for each frequency. */
  readonly features: number;
  /** features / 2 x dims: normal with standard deviation 1 / bandwidth. */
  readonly frequencies: Float32Array;
}

/** @param features even, at least 2. @param bandwidth above 0; see {@link medianBandwidth}. */
export function featureMap(dims: number, bandwidth: number, seed: number, features = MMD_FEATURES): FeatureMap {
  const random = createRandom(deriveSeed(seed, 'random Fourier features'));
  const frequencies = Float32Array.from({ length: (features / 2) * dims }, () => standardNormal(random) / bandwidth);
  return { dims, features, frequencies };
}

/**
 * Random Fourier features of the RBF kernel (Rahimi & Recht 2007), a cosine and a sine a frequency, which has the smaller variance
 * for this kernel (Sutherland & Schneider 2015): the dot product of two rows' features estimates their kernel without bias, and
 * that of a row with itself is 1.
 * @param x rows x dims. @returns rows x features, all cosines before all sines.
 */
export async function fourierFeatures(x: Matrix, map: FeatureMap, ctx: JobContext): Promise<Matrix> {
  const out = createMatrix(x.rows, map.features);
  const half = map.features / 2;
  const scale = Math.sqrt(1 / half);
  const frequencies: Matrix = { rows: half, cols: map.dims, data: map.frequencies };
  // Views made once: one for each row and frequency was work for the garbage collector.
  const directions = Array.from({ length: half }, (_, f) => rowOf(frequencies, f));
  await forBlocks(x.rows, half * (map.dims + 20), ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      const row = rowOf(x, r);
      for (const [f, direction] of directions.entries()) {
        const angle = dot(row, direction);
        out.data[r * map.features + f] = scale * Math.cos(angle);
        out.data[r * map.features + half + f] = scale * Math.sin(angle);
      }
    }
  });
  return out;
}

/**
 * The median heuristic (Gretton et al. 2012): the median Euclidean distance of two rows, over all pairs of at most 500 seeded rows.
 * Where most rows are equal, the median of the distances above 0; 1 where there is none. Without look-ahead the rows are those of
 * windows up to the one that is told of, and the value is kept from there on.
 */
export async function medianBandwidth(x: Matrix, seed: number, ctx: JobContext): Promise<number> {
  const rows = shuffle(
    Uint32Array.from({ length: x.rows }, (_, r) => r),
    createRandom(deriveSeed(seed, 'bandwidth')),
  ).subarray(0, SAMPLE_ROWS);
  const distances = new Float64Array((rows.length * (rows.length - 1)) / 2);
  let at = 0;
  await forBlocks(rows.length, rows.length * x.cols, ctx, (start, end) => {
    for (let i = start; i < end; i++) {
      const row = rowOf(x, rows[i] as number);
      for (let j = 0; j < i; j++) distances[at++] = distanceOf(row, rowOf(x, rows[j] as number));
    }
  });
  distances.sort();
  return medianOf(distances) || medianOf(distances.filter((d) => d > 0)) || 1;
}

/** Of ascending values; 0 for none. */
function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function distanceOf(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return Math.sqrt(sum);
}

/** By Box and Muller; 1 - next() is never 0. */
const standardNormal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
