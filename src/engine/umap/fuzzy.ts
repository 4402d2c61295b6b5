import type { JobContext } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import type { Neighbours } from '../knn/index.ts';

/**
 * UMAP's graph: row i is tied to `tails[e]` with `weights[e]` in (0, 1] for e in [offsets[i], offsets[i + 1]): first to the
 * neighbours in its own list, nearest first, then to the rows that list it, ascending. Every tie stands in both rows.
 */
export interface FuzzyGraph {
  readonly rows: number;
  /** rows + 1. */
  readonly offsets: Uint32Array;
  readonly tails: Uint32Array;
  readonly weights: Float32Array;
}

const BISECTIONS = 64;
const TOLERANCE = 1e-5;
/** No bandwidth below this share of the mean distance: else the rows of a tight group would be tied to nothing. */
const MIN_BANDWIDTH = 1e-3;
/** Work of one list in multiply-adds, for the length of a block: twenty bisection steps of fifteen exponentials, now and then sixty. */
const LIST_WORK = 12000;
/** The same for the handling of one tie: a few reads and writes at random places. */
const TIE_WORK = 20;

/**
 * The fuzzy union of the rows' local neighbourhoods (McInnes, Healy & Melville 2018, algorithms 2 and 3; local connectivity 1),
 * as in umap-learn. The lists hold every row itself first.
 */
export async function fuzzyGraph(neighbours: Neighbours, ctx: JobContext): Promise<FuzzyGraph> {
  const { k, ids, distances } = neighbours;
  const rows = k === 0 ? 0 : ids.length / k;
  const overall = MIN_BANDWIDTH * mean(distances, 0, distances.length);
  const strengths = new Float32Array(ids.length);
  await forBlocks(rows, LIST_WORK, ctx, (start, end) => {
    for (let r = start; r < end; r++) fillStrengths(neighbours, r, overall, strengths);
  });
  return await union(rows, k, ids, strengths, ctx);
}

/** strengths[j] = exp(-(distance - nearest) / bandwidth) for the list of `row`; 0 for the row itself. */
function fillStrengths({ k, ids, distances }: Neighbours, row: number, overall: number, strengths: Float32Array): void {
  const [from, to] = [row * k, (row + 1) * k];
  const nearest = nearestOther(distances, from, to);
  const floor = nearest > 0 ? MIN_BANDWIDTH * mean(distances, from, to) : overall;
  const bandwidth = Math.max(floor, bandwidthOf(distances, from, to, nearest));
  for (let j = from; j < to; j++) {
    const beyond = (distances[j] as number) - nearest;
    if (ids[j] !== row) strengths[j] = beyond <= 0 || bandwidth === 0 ? 1 : Math.exp(-beyond / bandwidth);
  }
}

function nearestOther(distances: Float32Array, from: number, to: number): number {
  for (let j = from; j < to; j++) if ((distances[j] as number) > 0) return distances[j] as number;
  return 0;
}

/** The bandwidth at which the strengths of a list (without its first entry) add up to log2 of its length, by bisection. */
function bandwidthOf(distances: Float32Array, from: number, to: number, nearest: number): number {
  const target = Math.log2(to - from);
  let [low, high, middle] = [0, Number.POSITIVE_INFINITY, 1];
  for (let i = 0; i < BISECTIONS; i++) {
    let sum = 0;
    for (let j = from + 1; j < to; j++) {
      const beyond = (distances[j] as number) - nearest;
      sum += beyond > 0 ? Math.exp(-beyond / middle) : 1;
    }
    if (Math.abs(sum - target) < TOLERANCE) break;
    if (sum > target) high = middle;
    else low = middle;
    middle = high === Number.POSITIVE_INFINITY ? middle * 2 : (low + high) / 2;
  }
  return middle;
}

function mean(values: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] as number;
  return to > from ? sum / (to - from) : 0;
}

/** Ties of both directions as one: p + q - pq. */
async function union(rows: number, k: number, ids: Uint32Array, strengths: Float32Array, ctx: JobContext): Promise<FuzzyGraph> {
  const incoming = await transpose(rows, k, ids, strengths, ctx);
  const offsets = new Uint32Array(rows + 1);
  // Two directed ties at most for each that is listed; cut to length at the end.
  const tails = new Uint32Array(2 * ids.length);
  const weights = new Float32Array(2 * ids.length);
  const placeOf = new Int32Array(rows).fill(-1);
  let count = 0;
  await forBlocks(rows, k * TIE_WORK, ctx, (start, end) => {
    for (let row = start; row < end; row++) {
      const first = count;
      for (let j = row * k; j < (row + 1) * k; j++) {
        if (strengths[j] === 0) continue;
        placeOf[ids[j] as number] = count;
        tails[count] = ids[j] as number;
        weights[count++] = strengths[j] as number;
      }
      const own = count;
      for (let e = incoming.offsets[row] as number; e < (incoming.offsets[row + 1] as number); e++) {
        const [other, q] = [incoming.heads[e] as number, incoming.strengths[e] as number];
        const place = placeOf[other] as number;
        if (place >= first) weights[place] = (weights[place] as number) + q - (weights[place] as number) * q;
        else {
          tails[count] = other;
          weights[count++] = q;
        }
      }
      for (let e = first; e < own; e++) placeOf[tails[e] as number] = -1;
      offsets[row + 1] = count;
    }
  });
  return { rows, offsets, tails: tails.slice(0, count), weights: weights.slice(0, count) };
}

/** The ties by the row that they lead to (a counting sort), those of each row by ascending origin. */
async function transpose(rows: number, k: number, ids: Uint32Array, strengths: Float32Array, ctx: JobContext) {
  const offsets = new Uint32Array(rows + 1);
  await forBlocks(ids.length, TIE_WORK, ctx, (start, end) => {
    for (let j = start; j < end; j++) {
      const after = (ids[j] as number) + 1;
      if (strengths[j] !== 0) offsets[after] = (offsets[after] as number) + 1;
    }
  });
  for (let r = 0; r < rows; r++) offsets[r + 1] = (offsets[r + 1] as number) + (offsets[r] as number);
  const next = offsets.slice();
  const heads = new Uint32Array(offsets[rows] as number);
  const sorted = new Float32Array(heads.length);
  await forBlocks(rows, k * TIE_WORK, ctx, (start, end) => {
    for (let row = start; row < end; row++) {
      for (let j = row * k; j < (row + 1) * k; j++) {
        if (strengths[j] === 0) continue;
        const to = ids[j] as number;
        const at = next[to] as number;
        next[to] = at + 1;
        heads[at] = row;
        sorted[at] = strengths[j] as number;
      }
    }
  });
  return { offsets, heads, strengths: sorted };
}
