import type { JobContext } from '../../domain/index.ts';

/** Rows in a piece between two breaths: some milliseconds of work. */
const BLOCK_ROWS = 1 << 15;

/** Calls `work(from, to)` for all of 0..count, and breathes in between. */
export async function inBlocks(
  count: number,
  ctx: JobContext,
  work: (from: number, to: number) => void,
  block = BLOCK_ROWS,
): Promise<void> {
  for (let from = 0; from < count; from += block) {
    work(from, Math.min(count, from + block));
    await ctx.checkpoint();
  }
}

/** Row numbers 0..count. */
export function allRows(count: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

/** How rows are told apart: equal rows have equal hashes (32 bits, any sign). */
export interface Sameness {
  hash(row: number): number;
  same(a: number, b: number): boolean;
}

export interface Groups {
  readonly count: number;
  /** Group of `rows[k]`, numbered in the order in which they first come. */
  readonly of: Uint32Array;
  /** For each group the first k. count entries. */
  readonly first: Uint32Array;
}

/** Rows that are equal, put together: one hash table with open addressing, at most half full. */
export async function groupRows(rows: Uint32Array, { hash, same }: Sameness, ctx: JobContext): Promise<Groups> {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(rows.length, 1) * 2))).fill(-1);
  const mask = slots.length - 1;
  const of = new Uint32Array(rows.length);
  const first = new Uint32Array(rows.length);
  let count = 0;
  await inBlocks(rows.length, ctx, (from, to) => {
    for (let k = from; k < to; k++) {
      const row = rows[k] as number;
      let slot = mixBits(hash(row)) & mask;
      let group = slots[slot] as number;
      while (group >= 0 && !same(rows[first[group] as number] as number, row)) {
        slot = (slot + 1) & mask;
        group = slots[slot] as number;
      }
      if (group < 0) {
        group = count++;
        slots[slot] = group;
        first[group] = k;
      }
      of[k] = group;
    }
  });
  return { count, of, first: first.slice(0, count) };
}

/** The ks of group g are `member[start[g]]` to `member[start[g + 1]]` (not included), in rising order. */
export function membersOf({ count, of }: Groups): { readonly start: Uint32Array; readonly member: Uint32Array } {
  const start = new Uint32Array(count + 1);
  for (const group of of) start[group + 1] = (start[group + 1] as number) + 1;
  for (let g = 0; g < count; g++) start[g + 1] = (start[g + 1] as number) + (start[g] as number);
  const next = start.slice(0, count);
  const member = new Uint32Array(of.length);
  for (let k = 0; k < of.length; k++) {
    const group = of[k] as number;
    const at = next[group] as number;
    member[at] = k;
    next[group] = at + 1;
  }
  return { start, member };
}

/** MurmurHash3's finaliser. */
export function mixBits(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** One more number in a hash. */
export const mixIn = (hash: number, value: number): number => mixBits(Math.imul(hash, 0x9e3779b1) ^ value);
