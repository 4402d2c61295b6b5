import { type EventTable, type JobContext, NO_ID } from '../domain/index.ts';
import type { Cleaned, Draft, Words } from './draft.ts';
import { sortWords, type WordOrder } from './sort-words.ts';

/**
 * The rows that are kept, as events in canonical order: (user, time, text, type, value, numbers, item, label), none and NaN last, whatever the order
 * they came in. Words are sorted first, so rows are compared by numbers alone: a counting sort by user, then the few rows of each user.
 */
export async function orderEvents(draft: Draft, cleaned: Cleaned, ctx: JobContext): Promise<EventTable> {
  const kept = keptRows(cleaned.keep);
  const ranks: Ranks[] = [];
  const sources = [draft.user, cleaned.text, draft.type, draft.item, draft.label];
  for (const [i, words] of sources.entries()) {
    ranks.push(rankWords(words, kept, i === 1 ? 'length' : 'code-points'));
    await ctx.checkpoint();
  }
  const [user, text, type, item, label] = ranks as [Ranks, Ranks, Ranks, Ranks, Ranks];
  const time = gatherNumbers(draft.time, kept);
  const value = gatherNumbers(cleaned.value, kept);
  const numbers = cleaned.numbers.map(({ values }) => gatherNumbers(values, kept));
  const { order, begin } = groupByUser(user.id, user.words.length);
  await ctx.checkpoint();
  await sortUsers(order, begin, time, [text.id, type.id, value, ...numbers, item.id, label.id], ctx);
  return {
    count: kept.length,
    users: user.words,
    texts: text.words,
    types: type.words,
    items: item.words,
    labels: label.words,
    user: gatherIds(user.id, order),
    time: gatherNumbers(time, order),
    text: gatherIds(text.id, order),
    type: gatherIds(type.id, order),
    item: gatherIds(item.id, order),
    label: gatherIds(label.id, order),
    value: gatherNumbers(value, order),
    numbers: cleaned.numbers.map(({ name }, i) => ({ name, values: gatherNumbers(numbers[i] as Float64Array, order) })),
  };
}

/** The words of the kept rows, sorted, and the rank of each row's word, NO_ID where it has none. */
export interface Ranks {
  readonly words: readonly string[];
  readonly id: Uint32Array;
}

export function keptRows(keep: Uint8Array): Uint32Array {
  const rows = new Uint32Array(keep.length);
  let n = 0;
  for (let row = 0; row < keep.length; row++) if (keep[row] === 1) rows[n++] = row;
  return rows.subarray(0, n);
}

export function rankWords({ words, id }: Words, kept: Uint32Array, by: WordOrder): Ranks {
  // 0 = no kept row has the word; then its rank + 1.
  const rank = new Uint32Array(words.length);
  for (const row of kept) {
    const word = id[row] as number;
    if (word !== NO_ID) rank[word] = 1;
  }
  const used = new Uint32Array(words.length);
  let n = 0;
  for (let word = 0; word < words.length; word++) if (rank[word] === 1) used[n++] = word;
  const sorted = used.subarray(0, n);
  sortWords(words, sorted, by);
  for (let r = 0; r < n; r++) rank[sorted[r] as number] = r;
  const ids = new Uint32Array(kept.length);
  for (let i = 0; i < ids.length; i++) {
    const word = id[kept[i] as number] as number;
    ids[i] = word === NO_ID ? NO_ID : (rank[word] as number);
  }
  return { words: Array.from(sorted, (word) => words[word] as string), id: ids };
}

/** Rows by user, each user's in the order in which they came: user u has `order[begin[u]]` to `order[begin[u + 1]]`. */
export function groupByUser(user: Uint32Array, users: number): { readonly order: Uint32Array; readonly begin: Uint32Array } {
  const begin = new Uint32Array(users + 1);
  for (let row = 0; row < user.length; row++) begin[(user[row] as number) + 1] = (begin[(user[row] as number) + 1] as number) + 1;
  for (let u = 0; u < users; u++) begin[u + 1] = (begin[u + 1] as number) + (begin[u] as number);
  const next = begin.slice();
  const order = new Uint32Array(user.length);
  for (let row = 0; row < user.length; row++) {
    const u = user[row] as number;
    order[next[u] as number] = row;
    next[u] = (next[u] as number) + 1;
  }
  return { order, begin };
}

type Column = Uint32Array | Float64Array;

/** Up to this many rows are sorted by insertion. */
const FEW = 32;
/** Rows between two checkpoints. */
const STEP = 1 << 16;

/** Sorts the rows of each user by time, then by the columns of `rest`. */
async function sortUsers(
  order: Uint32Array,
  begin: Uint32Array,
  time: Float64Array,
  rest: readonly Column[],
  ctx: JobContext,
): Promise<void> {
  // In the order of `order`, so that a user's times lie side by side.
  const times = gatherNumbers(time, order);
  let done = 0;
  for (let u = 0; u + 1 < begin.length; u++) {
    const from = begin[u] as number;
    const to = begin[u + 1] as number;
    if (to - from <= FEW) insertionSort(order, times, from, to, rest);
    else order.subarray(from, to).sort((a, b) => (time[a] as number) - (time[b] as number) || compareRest(a, b, rest));
    if (to - done < STEP) continue;
    done = to;
    await ctx.checkpoint();
  }
}

function insertionSort(order: Uint32Array, times: Float64Array, from: number, to: number, rest: readonly Column[]): void {
  for (let i = from + 1; i < to; i++) {
    const row = order[i] as number;
    const time = times[i] as number;
    let j = i;
    for (; j > from; j--) {
      const before = times[j - 1] as number;
      if (before < time || (before === time && compareRest(order[j - 1] as number, row, rest) <= 0)) break;
      order[j] = order[j - 1] as number;
      times[j] = before;
    }
    order[j] = row;
    times[j] = time;
  }
}

function compareRest(a: number, b: number, rest: readonly Column[]): number {
  for (const column of rest) {
    const difference = compareNumbers(column[a] as number, column[b] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** NaN last. */
function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return a < b || Number.isNaN(b) ? -1 : 1;
}

/** Copies of their own, so that they can be moved to another thread. Two functions, since a loop over arrays of two kinds is several times as slow. */
function gatherIds(values: Uint32Array, rows: Uint32Array): Uint32Array {
  const out = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i] as number] as number;
  return out;
}

function gatherNumbers(values: Float64Array, rows: Uint32Array): Float64Array {
  const out = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i] as number] as number;
  return out;
}
