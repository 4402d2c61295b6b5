import { createMatrix, inputError, type JobContext, type Matrix } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import { requireFinite } from '../check.ts';
import type { Compute, GpuCompute } from '../compute.ts';
import { onDevice } from '../device/index.ts';
import { type Team, withTeam } from '../team/index.ts';
import { type EigenPairs, largestEigenpairs } from './eigen.ts';
import { addGram } from './gram.ts';
import { columnMeansWasm, projectWasm, scatterWasm } from './pca.wasm.ts';
import { projectGpu } from './project.gpu.ts';
import { scatterGpu } from './scatter.gpu.ts';
import { scatterPlain } from './scatter.ts';

/** A centred PCA. */
export interface PcaModel {
  /** Column means of the rows it was fitted on. */
  readonly mean: Float64Array;
  /** kept x d, orthonormal rows, by falling variance. */
  readonly components: Matrix;
  /** Variance along each component (divisor n - 1). */
  readonly explainedVariance: Float64Array;
  /** Its share of the variance of all d columns; 0 where there is no variance. */
  readonly explainedVarianceRatio: Float64Array;
}

/** Variances below this share of the largest one are rounding of float32 input (6e-8 squared), not directions. */
const NO_VARIANCE = 1e-12;

/**
 * Principal components of the rows of `x` (n x d, n >= 1), centred, exact and without a random start: the eigenvectors of
 * the d x d covariance, or where n < d of the n x n Gram matrix, in float64. On WebGPU the products of the covariance are in
 * float32; the Gram matrix of few rows, where rounding is averaged over little, and the eigenproblem are always the CPU's, and
 * so is the covariance where a direction that is asked for has next to no variance.
 * Keeps min(dims, n - 1, d) components, fewer where the rest has no variance, at least one.
 * Sign rule: the largest |loading| of a component is positive (the first of those within 1e-6 of the largest).
 */
export async function pca(x: Matrix, dims: number, compute: Compute, ctx: JobContext): Promise<PcaModel> {
  if (x.rows === 0 || x.cols === 0) {
    throw inputError('no-rows', 'There are no profiles to reduce.', 'Use a longer window or a lower minimum of events.');
  }
  await requireFinite(x, 'profiles', ctx);
  const mean = await meansOf(x, ctx);
  const count = Math.max(1, Math.min(dims, x.rows - 1, x.cols));
  const found = x.rows < x.cols ? await fromGram(x, mean, count, ctx) : await fromCovariance(x, mean, count, compute, ctx);
  return modelOf(found, mean, x.rows);
}

/** What a PCA is made of, for rows that come in parts: kept from part to part, it spares the passes over the parts before. */
export interface PcaSums {
  readonly rows: number;
  /** Column means. */
  readonly mean: Float64Array;
  /** d x d, upper triangle: X'X of the centred rows. */
  readonly scatter: Float64Array;
}

/**
 * The sums of `before` and of the rows of `x` (n x d, n >= 1) together, by the pairwise update of Chan, Golub & LeVeque 1983: both parts are
 * centred on their own means, so that nothing cancels. In float64 on the CPU: n d^2 / 2 multiply-adds. The order of the parts decides the last bits.
 */
export async function addToSums(before: PcaSums | null, x: Matrix, compute: Compute, ctx: JobContext): Promise<PcaSums> {
  await requireFinite(x, 'profiles', ctx);
  const mean = await meansOf(x, ctx);
  const onWasm = (team: Team | null) => scatterWasm(x, mean, ctx, team);
  const scatter = (await withTeam(compute.team, onWasm)) ?? (await scatterPlain(x, mean, ctx));
  if (!before) return { rows: x.rows, mean, scatter };
  const rows = before.rows + x.rows;
  const apart = mean.map((value, i) => value - (before.mean[i] as number));
  const weight = (before.rows * x.rows) / rows;
  await forBlocks(x.cols, x.cols, ctx, (start, end) => {
    for (let i = start; i < end; i++) {
      for (let j = i; j < x.cols; j++) {
        const [at, between] = [i * x.cols + j, weight * (apart[i] as number) * (apart[j] as number)];
        scatter[at] = (scatter[at] as number) + (before.scatter[at] as number) + between;
      }
    }
  });
  return { rows, mean: before.mean.map((value, i) => value + ((apart[i] as number) * x.rows) / rows), scatter };
}

/** {@link pca} of all rows that went into the sums; from the covariance, also where the rows are fewer than the columns. */
export async function pcaOfSums({ rows, mean, scatter }: PcaSums, dims: number, ctx: JobContext): Promise<PcaModel> {
  const count = Math.max(1, Math.min(dims, rows - 1, mean.length));
  const total = trace(scatter, mean.length);
  return modelOf({ total, pairs: await largestEigenpairs(scatter.slice(), mean.length, count, ctx) }, mean, rows);
}

/** `total`: the sum of all eigenvalues. */
function modelOf({ pairs, total }: { pairs: EigenPairs; total: number }, mean: Float64Array, rows: number): PcaModel {
  const kept = Math.max(1, pairs.values.filter((value) => value > NO_VARIANCE * (pairs.values[0] as number)).length);
  const divisor = Math.max(1, rows - 1);
  const explained = pairs.values.slice(0, kept).map((value) => Math.max(0, value) / divisor);
  return {
    mean,
    components: orient(pairs.vectors, kept, mean.length),
    explainedVariance: explained,
    explainedVarianceRatio: explained.map((value) => (total > 0 ? (value * divisor) / total : 0)),
  };
}

/** (x - mean) times the components' transpose: n x kept. On WebGPU in float32. */
export async function projectPca(model: PcaModel, x: Matrix, compute: Compute, ctx: JobContext): Promise<Matrix> {
  const onWasm = (team: Team | null) => projectWasm(model, x, ctx, team);
  const onCpu = async () => (await withTeam(compute.team, onWasm)) ?? (await projectPlain(model, x, ctx));
  return await onDevice(
    compute,
    (gpuCompute) => projectGpu(model, x, gpuCompute, ctx),
    onCpu,
    x.rows * x.cols * model.components.rows,
  );
}

async function projectPlain({ components, mean }: PcaModel, x: Matrix, ctx: JobContext): Promise<Matrix> {
  const out = createMatrix(x.rows, components.rows);
  const centred = new Float64Array(x.cols);
  await forBlocks(x.rows, components.rows * x.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      for (let i = 0; i < x.cols; i++) centred[i] = (x.data[r * x.cols + i] as number) - (mean[i] as number);
      for (let c = 0; c < components.rows; c++) out.data[r * out.cols + c] = dotAt(components.data, c * x.cols, centred);
    }
  });
  return out;
}

function dotAt(data: Float32Array, from: number, row: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += (data[from + i] as number) * (row[i] as number);
  return sum;
}

const meansOf = async (x: Matrix, ctx: JobContext): Promise<Float64Array> =>
  (await columnMeansWasm(x, ctx)) ?? (await columnMeans(x, ctx));

async function columnMeans(x: Matrix, ctx: JobContext): Promise<Float64Array> {
  const sums = new Float64Array(x.cols);
  await forBlocks(x.rows, x.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      for (let i = 0; i < x.cols; i++) sums[i] = (sums[i] as number) + (x.data[r * x.cols + i] as number);
    }
  });
  return sums.map((sum) => sum / x.rows);
}

/** The scatter matrix X'X of the centred rows has the covariance's eigenvectors. */
async function fromCovariance(x: Matrix, mean: Float64Array, count: number, compute: Compute, ctx: JobContext) {
  const solve = async (scatter: Float64Array) => {
    const total = trace(scatter, x.cols);
    return { total, pairs: await largestEigenpairs(scatter, x.cols, count, ctx) };
  };
  const onWasm = (team: Team | null) => scatterWasm(x, mean, ctx, team);
  const onCpu = async () => solve((await withTeam(compute.team, onWasm)) ?? (await scatterPlain(x, mean, ctx)));
  const onGpu = async (gpuCompute: GpuCompute) => {
    const found = await solve(await scatterGpu(x, mean, gpuCompute, ctx));
    return isSureInFloat32(found.pairs.values) ? found : await onCpu();
  };
  return await onDevice(compute, onGpu, onCpu, (x.rows * x.cols * x.cols) / 2);
}

/**
 * Products in float32 put every eigenvalue off by some 1e-8 of the largest. Where one that is asked for is below this share of
 * it, that would show in its fifth digit, and a direction without variance would seem to have some: then float64 decides.
 */
const SURE_SHARE = 2e-3;

const isSureInFloat32 = (values: Float64Array): boolean => values.every((value) => value >= SURE_SHARE * (values[0] as number));

/** X'u / |X'u| is an eigenvector of X'X where u is one of XX', for the same eigenvalue. */
async function fromGram(x: Matrix, mean: Float64Array, count: number, ctx: JobContext) {
  const [n, d] = [x.rows, x.cols];
  const centred = new Float64Array(n * d);
  await forBlocks(n, d, ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      for (let i = 0; i < d; i++) centred[r * d + i] = (x.data[r * d + i] as number) - (mean[i] as number);
    }
  });
  const gram = new Float64Array(n * n);
  await addGram(centred, n, d, gram, ctx);
  const total = trace(gram, n);
  const { values, vectors } = await largestEigenpairs(gram, n, count, ctx);
  const loadings = new Float64Array(values.length * d);
  await forBlocks(values.length, n * d, ctx, (start, end) => {
    for (let c = start; c < end; c++)
      combineRows(centred, vectors.subarray(c * n, (c + 1) * n), loadings.subarray(c * d, (c + 1) * d));
  });
  return { total, pairs: { values, vectors: loadings } satisfies EigenPairs };
}

/** out = the weighted sum of the rows, scaled to unit length; the first axis where the sum is 0. */
function combineRows(rows: Float64Array, weights: Float64Array, out: Float64Array): void {
  const d = out.length;
  for (const [r, weight] of weights.entries()) {
    for (let i = 0; i < d; i++) out[i] = (out[i] as number) + weight * (rows[r * d + i] as number);
  }
  const length = Math.sqrt(out.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) out[0] = 1;
  else for (let i = 0; i < d; i++) out[i] = (out[i] as number) / length;
}

function trace(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i * n + i] as number;
  return sum;
}

/** Applies the sign rule. Near-equal loadings must not let rounding choose, hence "first within 1e-6". */
function orient(vectors: Float64Array, count: number, d: number): Matrix {
  const components = createMatrix(count, d);
  for (let c = 0; c < count; c++) {
    const vector = vectors.subarray(c * d, (c + 1) * d);
    const largest = vector.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const deciding = vector.find((value) => Math.abs(value) >= largest * (1 - 1e-6)) as number;
    const sign = deciding < 0 ? -1 : 1;
    for (let i = 0; i < d; i++) components.data[c * d + i] = sign * (vector[i] as number);
  }
  return components;
}
