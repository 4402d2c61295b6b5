import {
  createMatrix,
  createRandom,
  type JobContext,
  type Matrix,
  rowOf,
  shuffle,
  takeRows,
  untold,
} from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import { CPU } from '../compute.ts';
import { assignNearest } from '../distances/index.ts';
import { kmeans } from '../kmeans/index.ts';
import type { Team } from '../team/index.ts';
import {
  addRows,
  type CrossRows,
  crossTask,
  type OpenRows,
  type Pointer,
  type RowsInArena,
  roundingBound,
  shareCross,
  WASM_TILE,
} from '../wasm/index.ts';
import { squaredDistance } from './dbscan.cpu.ts';

/** Rows a cell that its centre is looked for among; more of them move it little. */
const SAMPLED = 30;
/** Of the cells, which change no label. */
const SEED = 1;
/** Cells need not be good ones to leave out pairs: what further iterations gain is less than they take. */
const ITERATIONS = 5;

/** The rows cell after cell of a k-means, each cell's own ascending: near ones stand together, so that most tiles lie far from each other. */
export async function cellOrder(x: Matrix, cells: number, team: Team | null, ctx: JobContext): Promise<Uint32Array> {
  const k = Math.min(cells, x.rows);
  const compute = team ? { ...CPU, team } : CPU;
  const random = createRandom(SEED);
  const drawn = Math.min(x.rows, SAMPLED * k);
  // By chance: every so-many-th row of a table in some order might be of one kind.
  const sample = takeRows(
    x,
    shuffle(
      Uint32Array.from({ length: x.rows }, (_, r) => r),
      random,
    )
      .subarray(0, drawn)
      .sort(),
  );
  const options = { k, seed: SEED, nInit: 1, maxIterations: ITERATIONS, tolerance: 0, spherical: false };
  const { centroids } = await kmeans(sample, options, compute, untold(ctx));
  const { labels } = await assignNearest(x, centroids, compute, untold(ctx));
  const place = chain(centroids);
  const at = (row: number): number => place[labels[row] as number] as number;
  return Uint32Array.from(labels.keys()).sort((a, b) => at(a) - at(b) || a - b);
}

/** The place of each centre on a walk that always goes on to the nearest not yet seen: tiles that two cells share stay narrow. */
function chain(centres: Matrix): Uint32Array {
  const place = new Uint32Array(centres.rows);
  const left = new Set(place.keys());
  for (let here = 0; left.size > 0; here = nearestOf(centres, here, left)) {
    place[here] = centres.rows - left.size;
    left.delete(here);
  }
  return place;
}

function nearestOf(centres: Matrix, from: number, among: ReadonlySet<number>): number {
  let [nearest, least] = [0, Number.POSITIVE_INFINITY];
  for (const other of among) {
    const squared = squaredDistance(centres, from, other);
    if (squared < least) [nearest, least] = [other, squared];
  }
  return nearest;
}

/**
 * Says in the arena, for every pair of tiles of the opened rows (n / 64 squared int32), whether no row of the one lies within eps of a
 * row of the other (1) or not surely (0); 0, no such place, where there is no room. By the triangle inequality |x - y| >= |x - c| -
 * |y - c|, with c the centre of y's tile: the least over the rows x of a tile, less what float32 may have got wrong.
 */
export async function farTiles(rows: OpenRows, part: RowsInArena, x: Matrix, eps: number, ctx: JobContext): Promise<Pointer> {
  const { centres, radius } = await tileBalls(x, ctx);
  const tiles = centres.rows;
  const b = tiles * tiles * 8 > MOST_BYTES ? null : await addRows(rows, centres, ctx);
  if (!b) return 0;
  const { arena } = part;
  const [least, far] = [arena.alloc(tiles * tiles * 4), arena.alloc(tiles * tiles * 4)];
  await shareCross(part, b, nearestToCentres, { least, line: tiles }, ctx);
  const nearest = arena.f32(least, tiles * tiles);
  const error = roundingBound(part.stride) * (longestOf(part) + longestOf(b)) ** 2;
  const gap = (s: number, t: number): number =>
    Math.sqrt(Math.max(0, (nearest[s * tiles + t] as number) - error)) - (radius[t] as number);
  // What float64 rounds is far less.
  const beyond = eps * (1 + 1e-9) + 1e-30;
  const out = arena.i32(far, tiles * tiles);
  await forBlocks(tiles, tiles, ctx, (from, to) => {
    for (let s = from; s < to; s++) {
      for (let t = 0; t < tiles; t++) out[s * tiles + t] = Math.max(gap(s, t), gap(t, s)) > beyond ? 1 : 0;
    }
  });
  return far;
}

/** Of the arena, for pairs of tiles: 460,000 rows. More of them are measured all. */
const MOST_BYTES = 2 ** 29;

/** The mean of the rows of each tile, and how far from it they lie at most. */
async function tileBalls(x: Matrix, ctx: JobContext): Promise<{ centres: Matrix; radius: Float64Array }> {
  const tiles = Math.ceil(x.rows / WASM_TILE);
  const centres = createMatrix(tiles, x.cols);
  const radius = new Float64Array(tiles);
  await forBlocks(tiles, 2 * WASM_TILE * x.cols, ctx, (from, to) => {
    for (let t = from; t < to; t++) {
      const own = x.data.subarray(t * WASM_TILE * x.cols, (t + 1) * WASM_TILE * x.cols);
      const centre = rowOf(centres, t);
      centre.set(meanRow(own, x.cols));
      radius[t] = farthest(own, x.cols, centre);
    }
  });
  return { centres, radius };
}

function meanRow(data: Float32Array, cols: number): Float64Array {
  const sums = new Float64Array(cols);
  for (let at = 0; at < data.length; at++) sums[at % cols] = (sums[at % cols] as number) + (data[at] as number);
  return sums.map((sum) => sum / (data.length / cols));
}

function farthest(data: Float32Array, cols: number, centre: Float32Array): number {
  let most = 0;
  for (let from = 0; from < data.length; from += cols) {
    let sum = 0;
    for (let i = 0; i < cols; i++) sum += ((data[from + i] as number) - (centre[i] as number)) ** 2;
    most = Math.max(most, sum);
  }
  return Math.sqrt(most);
}

const longestOf = ({ arena, norms, rows }: RowsInArena): number =>
  Math.sqrt(arena.f32(norms, rows).reduce((most, norm) => Math.max(most, norm), 0));

interface Bounds extends CrossRows {
  /** For every tile of a and row of b the least squared distance, float32. */
  readonly least: Pointer;
  /** Tiles of a line of it. */
  readonly line: number;
}

/** How near the rows of each tile come to each centre. */
export const nearestToCentres = crossTask<Bounds>(
  'nearest to centres',
  (place, { least, line }, { at, i, iCount, j, jCount }) => {
    const tile = place.f32(at, WASM_TILE * WASM_TILE);
    const out = place.f32(least + ((i / WASM_TILE) * line + j) * 4, jCount);
    out.set(tile.subarray(0, jCount));
    for (let from = WASM_TILE; from < iCount * WASM_TILE; from += WASM_TILE) {
      for (let c = 0; c < jCount; c++) {
        const squared = tile[from + c] as number;
        if (squared < (out[c] as number)) out[c] = squared;
      }
    }
  },
);
