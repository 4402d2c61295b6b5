import { createRandom, type Matrix, silentContext, takeRows } from '../../domain/index.ts';
import { CPU, knnBetween } from '../../engine/index.ts';
import type { Output } from './types.ts';

/** Neighbours a row, itself included, in every case. */
export const NEIGHBOURS = 15;
const SAMPLE_SEED = 11;
const RECALL_ROWS = 1000;
const TRUST_ROWS = 500;

/** Makes one number of an output, the same way for everyone's. Not timed. */
export type Score = (x: Matrix, output: Output) => Promise<number>;

/** Sum of squared distances to the mean of the own cluster. */
export async function inertia(x: Matrix, { labels }: Output): Promise<number> {
  const of = required(labels, 'labels');
  const k = of.reduce((most, label) => Math.max(most, label), 0) + 1;
  const [means, counts] = [new Float64Array(k * x.cols), new Float64Array(k)];
  for (const label of of) counts[label] = (counts[label] as number) + 1;
  forValues(x, of, (value, at, label) => {
    means[at] = (means[at] as number) + value / (counts[label] as number);
  });
  let total = 0;
  forValues(x, of, (value, at) => {
    total += (value - (means[at] as number)) ** 2;
  });
  return total;
}

/** Every value with where it goes in the row of its cluster, and the cluster. */
function forValues(x: Matrix, labels: Int32Array, visit: (value: number, at: number, label: number) => void): void {
  for (let r = 0; r < x.rows; r++) {
    const label = labels[r] as number;
    for (let i = 0; i < x.cols; i++) visit(x.data[r * x.cols + i] as number, label * x.cols + i, label);
  }
}

/** Mean distance of the neighbours named, in float64 from the rows themselves; NaN where one is named twice. */
export async function neighbourDistance(x: Matrix, { ids }: Output): Promise<number> {
  const lists = required(ids, 'neighbours');
  let sum = 0;
  for (let r = 0; r < x.rows; r++) {
    const list = lists.subarray(r * NEIGHBOURS, (r + 1) * NEIGHBOURS);
    if (new Set(list).size !== NEIGHBOURS) return Number.NaN;
    for (const id of list) sum += Math.sqrt(squaredDistance(x, r, id));
  }
  return sum / lists.length;
}

/** Share of the 14 nearest others that are among the first 14 named, over 1,000 rows drawn with a fixed seed. */
export async function recall(x: Matrix, { ids }: Output): Promise<number> {
  const lists = required(ids, 'neighbours');
  const rows = sample(x.rows, RECALL_ROWS);
  const exact = await nearestOf(x, rows);
  let found = 0;
  for (const [s, row] of rows.entries()) {
    const wanted = new Set(others(exact.subarray(s * NEIGHBOURS, (s + 1) * NEIGHBOURS), row));
    for (const id of others(lists.subarray(row * NEIGHBOURS, (row + 1) * NEIGHBOURS), row)) if (wanted.has(id)) found++;
  }
  return found / (rows.length * (NEIGHBOURS - 1));
}

const others = (list: ArrayLike<number>, row: number): number[] =>
  Array.from(list)
    .filter((id) => id !== row)
    .slice(0, NEIGHBOURS - 1);

let exactOf: { readonly x: Matrix; readonly ids: Uint32Array } | null = null;

/** The exact neighbours of the sample; the last matrix's are kept, since everyone's lists are scored against them. */
async function nearestOf(x: Matrix, rows: readonly number[]): Promise<Uint32Array> {
  if (exactOf?.x !== x) exactOf = { x, ids: (await knnBetween(takeRows(x, rows), x, NEIGHBOURS, CPU, silentContext)).ids };
  return exactOf.ids;
}

/**
 * Trustworthiness at 15 neighbours (Venna & Kaski 2001), over 500 rows drawn with a fixed seed and ranked among all rows: the
 * same formula as of all rows.
 */
export async function sampledTrust(x: Matrix, { layout }: Output): Promise<number> {
  const flat: Matrix = { rows: x.rows, cols: 2, data: required(layout, 'layout') };
  const rows = sample(x.rows, TRUST_ROWS);
  const distances = distancesFrom(x, rows);
  const k = NEIGHBOURS;
  let penalty = 0;
  for (const [s, row] of rows.entries()) {
    for (const id of nearestIn(flat, row, k)) penalty += Math.max(0, rankOf(id, row, distances[s] as Float32Array) - k);
  }
  return 1 - (penalty * 2) / (rows.length * k * (2 * x.rows - 3 * k - 1));
}

/** 1 for the nearest other row. */
function rankOf(id: number, row: number, distances: Float32Array): number {
  const own = distances[id] as number;
  let nearer = 0;
  for (let r = 0; r < distances.length; r++) if (r !== row && (distances[r] as number) < own) nearer++;
  return nearer + 1;
}

let measuredOf: { readonly x: Matrix; readonly distances: Float32Array[] } | null = null;

/** Squared distances of each row of the sample to all rows; the last matrix's are kept. */
function distancesFrom(x: Matrix, rows: readonly number[]): Float32Array[] {
  if (measuredOf?.x !== x) {
    const from = (row: number): Float32Array => Float32Array.from({ length: x.rows }, (_, r) => squaredDistance(x, row, r));
    measuredOf = { x, distances: rows.map(from) };
  }
  return measuredOf.distances;
}

/** The k nearest other rows, in no order. */
function nearestIn(x: Matrix, row: number, k: number): number[] {
  const nearest: { id: number; distance: number }[] = [];
  let worst = Number.POSITIVE_INFINITY;
  for (let r = 0; r < x.rows; r++) {
    const distance = squaredDistance(x, row, r);
    if (r === row || distance >= worst) continue;
    nearest.push({ id: r, distance });
    nearest.sort((a, b) => a.distance - b.distance);
    if (nearest.length > k) nearest.pop();
    if (nearest.length === k) worst = nearest[k - 1]?.distance as number;
  }
  return nearest.map(({ id }) => id);
}

/** Rows in clusters, with a thousandth for each cluster: both counts show. */
export async function clustered(_x: Matrix, { labels }: Output): Promise<number> {
  const of = required(labels, 'labels');
  return of.filter((label) => label >= 0).length + new Set(of.filter((label) => label >= 0)).size / 1000;
}

export async function value(_x: Matrix, output: Output): Promise<number> {
  return required(output.value, 'value');
}

/** `count` different rows, or all, from a fixed seed. */
function sample(rows: number, count: number): number[] {
  const random = createRandom(SAMPLE_SEED);
  const order = Array.from({ length: rows }, (_, r) => r);
  for (let i = 0; i < Math.min(count, rows); i++) {
    const j = i + random.int(rows - i);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order.slice(0, count);
}

function squaredDistance(x: Matrix, a: number, b: number): number {
  let sum = 0;
  for (let i = 0, p = a * x.cols, q = b * x.cols; i < x.cols; i++)
    sum += ((x.data[p + i] as number) - (x.data[q + i] as number)) ** 2;
  return sum;
}

function required<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`A run of the benchmark gave no ${name}.`);
  return part;
}
