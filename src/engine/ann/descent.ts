import { createRandom, type JobContext, type Random } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import type { Join, Lists } from './join.ts';

/** Fresh and old candidates of a row at most, each; half as many need more rounds, twice as many four times the pairs. */
const CANDIDATES = 16;
const MOST_ROUNDS = 12;
/** Ends when a round changes less than this share of all entries. */
const FEW_CHANGES = 0.002;
/** Rows joined between two checkpoints. */
const PIECE_ROWS = 128;
/** Work of one list entry in multiply-adds, for the length of a block: two draws at random places. */
const ENTRY_WORK = 50;

/** Rows that have row r in their list or stand in its list: ids[r * CANDIDATES] and on, `counts[r]` of them (more were seen). */
interface Sample {
  readonly ids: Uint32Array;
  readonly counts: Uint32Array;
}

/**
 * NN-descent (Dong, Moses & Li 2011): rows that share a neighbour are compared, until the lists hardly change. A pair of which
 * neither side is fresh was compared before and is left out.
 */
export async function descend(join: Join, rows: number, seed: number, ctx: JobContext): Promise<void> {
  const random = createRandom(seed);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const fresh = newSample(rows);
    const old = newSample(rows);
    await sampleCandidates(join.lists, rows, fresh, old, random, ctx);
    let changes = 0;
    for (let start = 0; start < rows; start += PIECE_ROWS) {
      const end = Math.min(rows, start + PIECE_ROWS);
      for (let row = start; row < end; row++) changes += joinAround(join, row, fresh, old);
      await ctx.checkpoint();
    }
    ctx.progress(round + 1, MOST_ROUNDS);
    if (changes <= FEW_CHANGES * join.lists.ids.length) return;
  }
}

const newSample = (rows: number): Sample => ({ ids: new Uint32Array(rows * CANDIDATES), counts: new Uint32Array(rows) });

/** Draws the candidates of every row, and marks the entries that were drawn for their own row as no longer fresh. */
async function sampleCandidates(lists: Lists, rows: number, fresh: Sample, old: Sample, random: Random, ctx: JobContext) {
  const { k, ids, fresh: isFresh } = lists;
  await forBlocks(rows, k * ENTRY_WORK, ctx, (start, end) => {
    for (let row = start; row < end; row++) {
      for (let j = row * k; j < (row + 1) * k; j++) {
        const id = ids[j] as number;
        const sample = isFresh[j] === 1 ? fresh : old;
        draw(sample, row, id, random);
        draw(sample, id, row, random);
      }
    }
  });
  await forBlocks(rows, k * ENTRY_WORK, ctx, (start, end) => {
    for (let row = start; row < end; row++) {
      for (let j = row * k; j < (row + 1) * k; j++) if (isFresh[j] === 1 && holds(fresh, row, ids[j] as number)) isFresh[j] = 0;
    }
  });
}

/** Reservoir sampling (Vitter 1985): each of those seen is kept with the same chance. */
function draw({ ids, counts }: Sample, row: number, id: number, random: Random): void {
  const seen = counts[row] as number;
  counts[row] = seen + 1;
  const place = seen < CANDIDATES ? seen : random.int(seen + 1);
  if (place < CANDIDATES) ids[row * CANDIDATES + place] = id;
}

function holds({ ids, counts }: Sample, row: number, id: number): boolean {
  const end = row * CANDIDATES + Math.min(CANDIDATES, counts[row] as number);
  for (let j = row * CANDIDATES; j < end; j++) if (ids[j] === id) return true;
  return false;
}

function joinAround(join: Join, row: number, fresh: Sample, old: Sample): number {
  const first = append(join.candidates, 0, fresh, row);
  return first === 0 ? 0 : join.joinCandidates(first, append(join.candidates, first, old, row));
}

/** Appends the candidates of `row` that are not there yet; the new length. */
function append(out: Uint32Array, length: number, { ids, counts }: Sample, row: number): number {
  let to = length;
  const end = row * CANDIDATES + Math.min(CANDIDATES, counts[row] as number);
  for (let j = row * CANDIDATES; j < end; j++) {
    const id = ids[j] as number;
    let at = 0;
    while (at < to && out[at] !== id) at++;
    if (at === to) out[to++] = id;
  }
  return to;
}
