import type { JobContext, Matrix } from '../../domain/index.ts';
import type { Team } from '../team/index.ts';
import { copyRows, type OpenRows, padded, type RowsInArena, roundingBound, rowTask, shareRows, withRows } from '../wasm/index.ts';
import type { Assignment } from './types.ts';

/** Multiply-adds of one call: a fraction of a millisecond at the 20 to 25 thousand million a second that a core reaches. */
const CALL_WORK = 2 ** 22;
/** Beyond this many centroids the distances among them cost more than the test of half gaps saves. */
const MOST_GAPS = 128;

/** Bytes of the scratch of {@link Kernels.nearestTwo}. */
const SCRATCH = 64 + 128 * 96;
/** Rows and bytes of what each thread has for itself, in whole cache lines. */
const blockRoom = (block: number): number => 16 * Math.ceil(block / 16);
const exactRoom = (k: number): number => 64 * Math.ceil(k / 8);

type Pointers = Record<
  | 'labels'
  | 'upper'
  | 'lower'
  | 'active'
  | 'nearest'
  | 'best'
  | 'second'
  | 'rawCentroids'
  | 'fastCentroids'
  | 'cNorms'
  | 'drift'
  | 'halfGap'
  | 'exact'
  | 'own'
  | 'scratch',
  number
>;

/** What the bounds need to know of a step from one set of centroids to the next. */
interface Moves {
  readonly drift: Float64Array;
  readonly halfGap: Float64Array;
  readonly farthest: number;
  readonly most: number;
  readonly rest: number;
}

/**
 * Nearest centroids of rows in arenas, for one set of centroids after another. float32 finds the two nearest, float64 decides
 * between them where they are closer than its rounding: labels are the oracle's, bit by bit. From the second set on, bounds
 * (Hamerly 2010) leave out the rows that cannot have changed. Buffers: 28 bytes a row beside the rows.
 */
export class WasmAssigner {
  readonly #at: readonly Pointers[];
  readonly #block: number;
  #previous: Matrix | null = null;

  constructor(
    readonly x: OpenRows,
    readonly k: number,
  ) {
    this.#block = Math.max(64, Math.min(x.rows, Math.floor(CALL_WORK / (padded(k) * (x.stride / 4)))));
    this.#at = x.parts.map((part) => this.#allocate(part));
    this.restart();
  }

  /** Forgets the bounds: the next centroids have nothing to do with the last. */
  restart(): void {
    this.#previous = null;
    for (const [p, { arena, rows }] of this.x.parts.entries()) arena.i32(this.#pointers(p).labels, rows).fill(-1);
  }

  /** Where part p has its labels, and the room for the distances of {@link ownSquared}. */
  labelsOf = (p: number): number => this.#pointers(p).labels;

  async assign(centroids: Matrix, ctx: JobContext): Promise<void> {
    const moves = movesBetween(this.#previous, centroids);
    const shifted = shiftedBy(this.x.mean, centroids);
    const longest = longestOf(shifted);
    for (const [p, part] of this.x.parts.entries()) {
      const at = this.#pointers(p);
      this.#load(part, at, centroids, shifted, moves);
      const { arena, rows, stride, fast, norms, raw } = part;
      const { farthest, most, rest } = moves;
      const bounds = { farthest, most, rest, longest, error: roundingBound(stride), k: this.k, block: this.#block };
      await shareRows(arena, assignRows, { ...at, ...bounds, rows, stride, fast, norms, raw }, ctx, this.#block);
    }
    this.#previous = { ...centroids, data: centroids.data.slice() };
  }

  /** Labels of all rows. */
  labels(): Int32Array {
    const out = new Int32Array(this.x.rows);
    for (const [p, { arena, start, rows }] of this.x.parts.entries()) {
      out.set(arena.i32(this.#pointers(p).labels, rows), start);
    }
    return out;
  }

  /** Squared distance of each row to the centroid of its label, float64, over ascending dimensions. */
  async ownSquared(centroids: Matrix, ctx: JobContext): Promise<Float64Array> {
    const out = new Float64Array(this.x.rows);
    for (const [p, part] of this.x.parts.entries()) {
      const { labels, rawCentroids, own } = this.#pointers(p);
      const { arena, rows, stride } = part;
      copyRows(arena, centroids, 0, this.k, rawCentroids);
      const step = 4 * Math.max(1, Math.floor(CALL_WORK / 32 / stride));
      await shareRows(arena, measureOwn, { rows, stride, raw: part.raw, labels, rawCentroids, own }, ctx, step);
      out.set(arena.f64(own, rows), part.start);
    }
    return out;
  }

  #pointers = (p: number): Pointers => this.#at[p] as Pointers;

  #allocate({ arena, rows, stride }: RowsInArena): Pointers {
    const [k, blocks] = [padded(this.k), arena.threads * 4 * blockRoom(this.#block)];
    return {
      labels: arena.alloc(rows * 4),
      upper: arena.alloc(rows * 8),
      lower: arena.alloc(rows * 8),
      own: arena.alloc(rows * 8),
      active: arena.alloc(blocks),
      nearest: arena.alloc(blocks),
      best: arena.alloc(blocks),
      second: arena.alloc(blocks),
      rawCentroids: arena.alloc(k * stride),
      fastCentroids: arena.alloc(k * stride),
      cNorms: arena.alloc(k * 4),
      drift: arena.alloc(k * 8),
      halfGap: arena.alloc(k * 8),
      exact: arena.alloc(arena.threads * exactRoom(this.k)),
      scratch: arena.alloc(arena.threads * SCRATCH),
    };
  }

  #load({ arena }: RowsInArena, at: Pointers, centroids: Matrix, shifted: Matrix, moves: Moves): void {
    const [k, full] = [this.k, padded(this.k)];
    copyRows(arena, centroids, 0, k, at.rawCentroids);
    copyRows(arena, shifted, 0, k, at.fastCentroids);
    arena.f32(at.cNorms, full).fill(Number.POSITIVE_INFINITY).set(squaredNorms(shifted));
    arena.f64(at.drift, k).set(moves.drift);
    arena.f64(at.halfGap, k).set(moves.halfGap);
  }
}

interface AssignParams extends Pointers {
  readonly rows: number;
  readonly stride: number;
  readonly step: number;
  readonly fast: number;
  readonly norms: number;
  readonly raw: number;
  readonly farthest: number;
  readonly most: number;
  readonly rest: number;
  readonly longest: number;
  readonly error: number;
  readonly k: number;
  readonly block: number;
}

/** Labels and bounds of the rows of a block. */
export const assignRows = rowTask<AssignParams>('assign rows', ({ kernels }, params, from, to, thread) => {
  const { labels, upper, lower, fastCentroids, cNorms, halfGap, drift, fast, norms, stride, longest, error } = params;
  const { farthest, most, rest, k } = params;
  const skip = thread * 4 * blockRoom(params.block);
  const [active, nearest] = [params.active + skip, params.nearest + skip];
  const [best, second] = [params.best + skip, params.second + skip];
  const [exact, scratch] = [params.exact + thread * exactRoom(k), params.scratch + thread * SCRATCH];
  let count = kernels.findActive(from, to, labels, upper, lower, drift, halfGap, farthest, most, rest, active);
  count = kernels.tighten(
    ...([active, count, fast, norms, stride, fastCentroids, cNorms] as const),
    ...([longest, error, labels, upper, lower, halfGap] as const),
  );
  kernels.nearestTwo(fast, active, count, stride, fastCentroids, cNorms, padded(k), nearest, best, second, scratch);
  kernels.settle(
    ...([active, count, nearest, best, second, norms, longest, error] as const),
    ...([params.raw, params.rawCentroids, stride, k, padded(k), labels, upper, lower, exact] as const),
  );
});

interface OwnParams {
  readonly rows: number;
  readonly stride: number;
  readonly step: number;
  readonly raw: number;
  readonly labels: number;
  readonly rawCentroids: number;
  readonly own: number;
}

/** Squared distances of the rows of a block to the centroids of their labels. */
export const measureOwn = rowTask<OwnParams>('own distances', ({ kernels }, params, from, to) =>
  kernels.ownSquared(params.raw, from, to, params.labels, params.rawCentroids, params.stride, params.own),
);

/** {@link Assignment} by WASM; null where it is not to be had. */
export async function assignNearestWasm(
  x: Matrix,
  centroids: Matrix,
  ctx: JobContext,
  team: Team | null = null,
): Promise<Assignment | null> {
  return await withRows(x, ctx, team, async (rows) => {
    const assigner = new WasmAssigner(rows, centroids.rows);
    await assigner.assign(centroids, ctx);
    return { labels: assigner.labels(), distances: Float32Array.from(await assigner.ownSquared(centroids, ctx)) };
  });
}

/** How far each centroid went since the last set, and half the way to the next of its own set. */
function movesBetween(before: Matrix | null, now: Matrix): Moves {
  const drift = new Float64Array(now.rows);
  if (before) for (let c = 0; c < now.rows; c++) drift[c] = distance(before, c, now, c);
  let farthest = 0;
  for (let c = 1; c < now.rows; c++) if ((drift[c] as number) > (drift[farthest] as number)) farthest = c;
  let rest = 0;
  for (let c = 0; c < now.rows; c++) if (c !== farthest) rest = Math.max(rest, drift[c] as number);
  return { drift, halfGap: halfGaps(now), farthest, most: drift[farthest] ?? 0, rest };
}

function halfGaps(centroids: Matrix): Float64Array {
  const gaps = new Float64Array(centroids.rows);
  if (centroids.rows > MOST_GAPS) return gaps;
  gaps.fill(Number.POSITIVE_INFINITY);
  for (let a = 0; a < centroids.rows; a++) {
    for (let b = a + 1; b < centroids.rows; b++) {
      const half = distance(centroids, a, centroids, b) / 2;
      gaps[a] = Math.min(gaps[a] as number, half);
      gaps[b] = Math.min(gaps[b] as number, half);
    }
  }
  return gaps;
}

function distance(x: Matrix, a: number, y: Matrix, b: number): number {
  let sum = 0;
  for (let i = 0; i < x.cols; i++) sum += ((x.data[a * x.cols + i] as number) - (y.data[b * x.cols + i] as number)) ** 2;
  return Math.sqrt(sum);
}

function shiftedBy(mean: Float64Array | null, x: Matrix): Matrix {
  return mean ? { ...x, data: x.data.map((value, i) => value - (mean[i % x.cols] as number)) } : x;
}

function squaredNorms(x: Matrix): Float64Array {
  const norms = new Float64Array(x.rows);
  for (let r = 0; r < x.rows; r++) {
    for (let i = r * x.cols; i < (r + 1) * x.cols; i++) norms[r] = (norms[r] as number) + (x.data[i] as number) ** 2;
  }
  return norms;
}

const longestOf = (x: Matrix): number => Math.sqrt(squaredNorms(x).reduce((most, norm) => Math.max(most, norm), 0)) * (1 + 1e-12);
