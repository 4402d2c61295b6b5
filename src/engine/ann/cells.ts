import { createMatrix, createRandom, type JobContext, type Matrix, type Random, shuffle, takeRows } from '../../domain/index.ts';
import { CPU } from '../compute.ts';
import { assignNearest } from '../distances/index.ts';

/** A cut of the rows into small groups of near ones: cell c holds the rows order[offsets[c]] to order[offsets[c + 1] - 1]. */
export interface Cells {
  readonly order: Uint32Array;
  readonly offsets: Uint32Array;
}

/** Cells of one cut; larger inputs are cut in levels. */
const MOST_CELLS = 64;
/** k-means of a cut sees this many rows a cell, for this many rounds: it is a rough cut only. */
const SAMPLE_ROWS = 48;
const ROUNDS = 4;

export interface CellSizes {
  /** Smaller cells are joined with those beside them. */
  readonly least: number;
  /** Larger cells are cut again, into cells of about half of it. */
  readonly most: number;
}

/** Cuts the rows of `x` by k-means on a sample, level by level. */
export async function cutIntoCells(x: Matrix, { least, most }: CellSizes, seed: number, ctx: JobContext): Promise<Cells> {
  const random = createRandom(seed);
  const waiting: Uint32Array[] = [Uint32Array.from({ length: x.rows }, (_, i) => i)];
  const cells: Uint32Array[] = [];
  while (waiting.length > 0) {
    const rows = waiting.pop() as Uint32Array;
    if (rows.length <= most) cells.push(rows);
    else waiting.push(...(await cut(x, rows, most / 2, random, ctx)).reverse());
    await ctx.checkpoint();
  }
  return { order: concatenated(cells, x.rows), offsets: boundaries(cells, least) };
}

function concatenated(cells: readonly Uint32Array[], rows: number): Uint32Array {
  const order = new Uint32Array(rows);
  let at = 0;
  for (const cell of cells) {
    order.set(cell, at);
    at += cell.length;
  }
  return order;
}

/** Ends of the cells; a boundary that would leave fewer than `least` rows on either side is left out. */
function boundaries(cells: readonly Uint32Array[], least: number): Uint32Array {
  const ends = [0];
  const rows = cells.reduce((sum, cell) => sum + cell.length, 0);
  let at = 0;
  for (const cell of cells) {
    at += cell.length;
    if (at - (ends.at(-1) as number) >= least && (rows - at >= least || rows === at)) ends.push(at);
  }
  return Uint32Array.from(ends);
}

async function cut(x: Matrix, rows: Uint32Array, size: number, random: Random, ctx: JobContext) {
  const count = Math.min(MOST_CELLS, Math.ceil(rows.length / size));
  const centroids = await roughCentroids(x, rows, count, random, ctx);
  const labels = await assignInPieces(x, rows, centroids, ctx);
  const parts = grouped(rows, labels, count).filter((part) => part.length > 0);
  // Rows that are (nearly) all equal do not part by distance.
  return parts.length > 1 ? parts : chunks(rows, size);
}

/** Rows that are copied and assigned at a time: a copy of all of them would take long and much room. */
const PIECE_ROWS = 2048;

async function assignInPieces(x: Matrix, rows: Uint32Array, centroids: Matrix, ctx: JobContext): Promise<Int32Array> {
  const labels = new Int32Array(rows.length);
  for (let start = 0; start < rows.length; start += PIECE_ROWS) {
    const piece = takeRows(x, rows.subarray(start, start + PIECE_ROWS));
    labels.set((await assignNearest(piece, centroids, CPU, ctx)).labels, start);
    await ctx.checkpoint();
  }
  return labels;
}

/** Lloyd's rounds on a seeded sample, from its first rows; a centroid that loses its rows stays where it is. */
async function roughCentroids(x: Matrix, rows: Uint32Array, count: number, random: Random, ctx: JobContext): Promise<Matrix> {
  const picked = shuffle(rows.slice(), random);
  const sample = takeRows(x, picked.subarray(0, Math.min(rows.length, count * SAMPLE_ROWS)));
  const centroids = takeRows(
    sample,
    Array.from({ length: count }, (_, i) => i),
  );
  for (let round = 0; round < ROUNDS; round++) {
    const { labels } = await assignNearest(sample, centroids, CPU, ctx);
    moveToMeans(centroids, sample, labels);
  }
  return centroids;
}

function moveToMeans(centroids: Matrix, x: Matrix, labels: Int32Array): void {
  const { rows: count, cols } = centroids;
  const sums = createMatrix(count, cols);
  const sizes = new Uint32Array(count);
  for (const [r, label] of labels.entries()) {
    sizes[label] = (sizes[label] as number) + 1;
    for (let i = 0; i < cols; i++)
      sums.data[label * cols + i] = (sums.data[label * cols + i] as number) + (x.data[r * cols + i] as number);
  }
  for (let c = 0; c < count; c++) {
    const size = sizes[c] as number;
    for (let i = c * cols; size > 0 && i < (c + 1) * cols; i++) centroids.data[i] = (sums.data[i] as number) / size;
  }
}

function grouped(rows: Uint32Array, labels: Int32Array, count: number): Uint32Array[] {
  const sizes = new Uint32Array(count);
  for (const label of labels) sizes[label] = (sizes[label] as number) + 1;
  const parts = Array.from(sizes, (size) => new Uint32Array(size));
  sizes.fill(0);
  for (const [i, label] of labels.entries()) {
    const at = sizes[label] as number;
    (parts[label] as Uint32Array)[at] = rows[i] as number;
    sizes[label] = at + 1;
  }
  return parts;
}

function chunks(rows: Uint32Array, size: number): Uint32Array[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size));
}
