import type { JobContext } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import { SIDE } from '../device/index.ts';
import type { Labelling } from './labelling.ts';

/** No column: the last word of a run is filled up with it. */
const NO_COLUMN = 0xff;
/** Placing a column takes about as long as this many multiply-adds. */
const COLUMN_WORK = 64;

/** Which columns of each tile belong to which cluster, as the kernel reads it. */
export interface Runs {
  /** tiles + 1: the runs of tile t are starts[t] .. starts[t + 1]. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** (runs + 1) x 2: cluster, counted over all labellings, and first word of `columns`; the last pair closes the run before. */
  readonly runs: Uint32Array<ArrayBuffer>;
  /** Four columns of a tile (0..63, ascending) in each word, the first in the lowest byte. */
  readonly columns: Uint32Array<ArrayBuffer>;
}

/** The runs of the rows [start, end), tile by tile, labelling by labelling, cluster by ascending cluster. */
export async function runsOf(labellings: readonly Labelling[], start: number, end: number, ctx: JobContext): Promise<Runs> {
  const firsts = firstClusters(labellings);
  const starts: number[] = [];
  const runs: number[] = [];
  const columns: number[] = [];
  const addTile = (tile: number): void => {
    const from = start + tile * SIDE;
    starts.push(runs.length / 2);
    for (const [l, { labels }] of labellings.entries()) {
      addRuns(labels.subarray(from, Math.min(end, from + SIDE)), firsts[l] as number, runs, columns);
    }
  };
  await forBlocks(Math.ceil((end - start) / SIDE), labellings.length * SIDE * COLUMN_WORK, ctx, (first, last) => {
    for (let tile = first; tile < last; tile++) addTile(tile);
  });
  starts.push(runs.length / 2);
  runs.push(firsts.at(-1) as number, columns.length);
  return { starts: Uint32Array.from(starts), runs: Uint32Array.from(runs), columns: Uint32Array.from(columns) };
}

function addRuns(labels: Int32Array, firstCluster: number, runs: number[], columns: number[]): void {
  const members = new Map<number, number[]>();
  for (const [column, label] of labels.entries()) {
    const known = members.get(label);
    if (known) known.push(column);
    else members.set(label, [column]);
  }
  for (const [label, own] of [...members].sort(([a], [b]) => a - b)) {
    runs.push(firstCluster + label, columns.length);
    for (let i = 0; i < own.length; i += 4) columns.push(packed(own, i));
  }
}

const packed = (own: readonly number[], from: number): number => {
  const byte = (i: number): number => own[from + i] ?? NO_COLUMN;
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
};

/** The first cluster of each labelling, where all their clusters are counted on; and the number of all. */
export function firstClusters(labellings: readonly Labelling[]): number[] {
  const firsts = [0];
  for (const { sizes } of labellings) firsts.push((firsts.at(-1) as number) + sizes.length);
  return firsts;
}
