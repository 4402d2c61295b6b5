import { type JobContext, type Matrix, takeRows, untold } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { forBlocks } from '../blocks.ts';
import type { GpuCompute } from '../compute.ts';
import { budgetOf, type DeviceRows, type GpuBudget, openDeviceRows, requireSquaresInRange, slicesOf } from '../device/index.ts';
import type { Neighbours } from './index.ts';
import { type Answer, NO_ID, type Question, search } from './search.gpu.ts';

/** Longer lists are left to the CPU: ordering them takes the square of their length. */
export const LONGEST_LIST = 1024;
/** Bytes of the doubtful rows that are copied at once. */
const COPY_BYTES = 2 ** 25;

/** Neighbours of the rows among themselves, each row first in its own list; 2 <= k <= rows, k <= LONGEST_LIST. */
export async function knnGpu({ gpu, budget }: GpuCompute, x: Matrix, k: number, ctx: JobContext): Promise<Neighbours> {
  const { ids, distances } = await amongThemselves(gpu, budgetOf(gpu, budget), x, k - 1, 'own', ctx);
  return { k, ids, distances };
}

/**
 * Distance of every row to its k-th nearest, itself being the first; k as in {@link knnGpu}. Reads 12 bytes a row back and measures
 * the one distance in float64: who compares them with distances of the CPU finds equal ones equal.
 */
export async function kthDistancesGpu({ gpu, budget }: GpuCompute, x: Matrix, k: number, ctx: JobContext): Promise<Float32Array> {
  const { ids, distances } = await amongThemselves(gpu, budgetOf(gpu, budget), x, k - 1, 'last', ctx);
  await forBlocks(x.rows, x.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) distances[r] = distanceOf(x, r, ids[r] as number);
  });
  return distances;
}

function distanceOf({ data, cols }: Matrix, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < cols; i++) sum += ((data[a * cols + i] as number) - (data[b * cols + i] as number)) ** 2;
  return Math.sqrt(sum);
}

/** The nearest reference rows of every query; 1 <= k <= reference rows, k <= LONGEST_LIST, at least one query. */
export async function knnBetweenGpu(
  { gpu, budget }: GpuCompute,
  queries: Matrix,
  reference: Matrix,
  k: number,
  ctx: JobContext,
): Promise<Neighbours> {
  const limits = budgetOf(gpu, budget);
  const right = await openDeviceRows(gpu, reference, limits, ctx);
  try {
    requireSquaresInRange(reference, right.mean);
    requireSquaresInRange(queries, right.mean);
    const left = await openDeviceRows(gpu, queries, limits, ctx, right.mean);
    try {
      const queryIds = new Uint32Array(queries.rows).fill(NO_ID);
      const { ids, distances } = await answered(gpu, limits, queries, left, queryIds, right, k, 'all', ctx);
      return { k, ids, distances };
    } finally {
      left.close();
    }
  } finally {
    right.close();
  }
}

async function amongThemselves(
  gpu: GpuContext,
  limits: GpuBudget,
  x: Matrix,
  places: number,
  out: Question['out'],
  ctx: JobContext,
): Promise<Answer> {
  const rows = await openDeviceRows(gpu, x, limits, ctx);
  try {
    requireSquaresInRange(x, rows.mean);
    const ids = Uint32Array.from({ length: x.rows }, (_, r) => r);
    return await answered(gpu, limits, x, rows, ids, rows, places, out, ctx);
  } finally {
    rows.close();
  }
}

/** By products; then by differences for the queries that are in doubt. */
async function answered(
  gpu: GpuContext,
  limits: GpuBudget,
  x: Matrix,
  queries: DeviceRows,
  queryIds: Uint32Array,
  reference: DeviceRows,
  places: number,
  out: Question['out'],
  ctx: JobContext,
): Promise<Answer> {
  const question: Question = { queries, queryIds, reference, places, out, direct: false };
  const answer = await search(gpu, limits, question, ctx);
  const atOnce = Math.max(1, Math.floor(COPY_BYTES / (4 * queries.stride)));
  for (const { start, end } of slicesOf(answer.doubtful.length, atOnce)) {
    await settle(gpu, limits, x, answer.doubtful.slice(start, end), question, answer, ctx);
  }
  return answer;
}

/** Answers the doubtful queries anew, by distances that are right to a few roundings of themselves. */
async function settle(
  gpu: GpuContext,
  limits: GpuBudget,
  x: Matrix,
  doubtful: readonly number[],
  question: Question,
  answer: Answer,
  ctx: JobContext,
): Promise<void> {
  const queries = await openDeviceRows(gpu, takeRows(x, doubtful), limits, ctx, question.reference.mean);
  try {
    const queryIds = Uint32Array.from(doubtful, (q) => question.queryIds[q] as number);
    const { width, ids, distances } = await search(gpu, limits, { ...question, queries, queryIds, direct: true }, untold(ctx));
    for (const [i, q] of doubtful.entries()) {
      answer.ids.set(ids.subarray(i * width, (i + 1) * width), q * width);
      answer.distances.set(distances.subarray(i * width, (i + 1) * width), q * width);
    }
  } finally {
    queries.close();
  }
}
