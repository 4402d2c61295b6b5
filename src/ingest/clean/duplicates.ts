import type { JobContext } from '../../domain/index.ts';
import type { Draft, Words } from '../draft.ts';
import { groupRows, membersOf, mixIn } from './group.ts';
import type { RowMask } from './marks.ts';

/**
 * Rows of `rows` that are equal in every cell to an earlier one. Told by 64 bits of hash: among n rows that all differ, two are taken
 * for equal with a chance below n^2 / 2^65 (1,000,000 rows: 3e-8).
 */
export async function duplicateRows({ hashA, hashB, count }: Draft, rows: Uint32Array, ctx: JobContext): Promise<RowMask> {
  const some = suspects(hashA, rows);
  await ctx.checkpoint();
  const groups = await groupRows(
    some,
    {
      hash: (row) => hashA[row] as number,
      same: (a, b) => hashA[a] === hashA[b] && hashB[a] === hashB[b],
    },
    ctx,
  );
  const mask = new Uint8Array(count);
  for (let k = 0; k < some.length; k++) if (groups.first[groups.of[k] as number] !== k) mask[some[k] as number] = 1;
  return mask;
}

/**
 * The rows that share some bits of their hash with another, in order: all that are equal, and few others. Two passes over a bit set, since
 * in most files hardly a row repeats, and a table of all of them costs more than the rest of cleaning.
 */
function suspects(hash: Uint32Array, rows: Uint32Array): Uint32Array {
  // At least 32 bits a row: one row in 32 is a suspect by chance.
  const bits = Math.min(30, Math.max(10, Math.ceil(Math.log2(rows.length + 1)) + 5));
  const mask = 2 ** bits - 1;
  const once = new Uint32Array(2 ** (bits - 5));
  const again = new Uint32Array(2 ** (bits - 5));
  for (let k = 0; k < rows.length; k++) {
    const at = (hash[rows[k] as number] as number) & mask;
    const bit = 1 << (at & 31);
    const word = once[at >>> 5] as number;
    if (word & bit) again[at >>> 5] = (again[at >>> 5] as number) | bit;
    else once[at >>> 5] = word | bit;
  }
  return rows.filter((row) => {
    const at = (hash[row] as number) & mask;
    return ((again[at >>> 5] as number) & (1 << (at & 31))) !== 0;
  });
}

/**
 * Rows of `rows` that come at most `seconds` after one of the same user, text, type and item that is kept. Judged by time, not by place
 * in the file; of several at one moment the hash of all cells decides which is kept, so that row order does not matter (P2).
 */
export async function repeatedRows(
  draft: Draft,
  text: Words,
  rows: Uint32Array,
  seconds: number,
  ctx: JobContext,
): Promise<RowMask> {
  const [user, type, item] = [draft.user.id, draft.type.id, draft.item.id];
  const words = text.id;
  const groups = await groupRows(
    rows,
    {
      hash: (row) => mixIn(mixIn(mixIn(user[row] as number, words[row] as number), type[row] as number), item[row] as number),
      same: (a, b) => user[a] === user[b] && words[a] === words[b] && type[a] === type[b] && item[a] === item[b],
    },
    ctx,
  );
  const { start, member } = membersOf(groups);
  const mask = new Uint8Array(draft.count);
  for (let g = 0; g < groups.count; g++) {
    const [from, to] = [start[g] as number, start[g + 1] as number];
    if (to - from < 2) continue;
    markRepeats(draft, inTime(draft, member.subarray(from, to), rows), seconds * 1000, mask);
    if (g % 4096 === 0) await ctx.checkpoint();
  }
  return mask;
}

function inTime({ time, hashA, hashB }: Draft, members: Uint32Array, rows: Uint32Array): Uint32Array {
  const compare = (a: number, b: number): number =>
    (time[a] as number) - (time[b] as number) ||
    (hashA[a] as number) - (hashA[b] as number) ||
    (hashB[a] as number) - (hashB[b] as number);
  return members.map((k) => rows[k] as number).sort(compare);
}

function markRepeats({ time }: Draft, inOrder: Uint32Array, withinMs: number, mask: RowMask): void {
  let kept = Number.NEGATIVE_INFINITY;
  for (const row of inOrder) {
    const now = time[row] as number;
    if (now - kept <= withinMs) mask[row] = 1;
    else kept = now;
  }
}
