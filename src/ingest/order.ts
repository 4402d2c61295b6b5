import { type EventTable, type JobContext, NO_ID } from '../domain/index.ts';
import type { Cleaned, Draft, Words } from './draft.ts';
import { sortWords, type WordOrder } from './sort-words.ts';

/**
 * The rows that are kept, as events in canonical order: (user, time, text, type, value, item, label), none and NaN last, whatever the order
 * they came in. Words are sorted first, so rows are compared by numbers alone: by radix sort over (user, time), then the few rows
 * that are equal there by the rest.
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
  const time = gather(draft.time, kept);
  const value = gather(cleaned.value, kept);
  const order = await sortByNumbers([...digitsOfTimes(time), ...digitsOfIds(user.id)], kept.length, ctx);
  const rest = [text.id, type.id, value, item.id, label.id];
  sortTies(order, user.id, time, rest);
  await ctx.checkpoint();
  return {
    count: kept.length,
    users: user.words,
    texts: text.words,
    types: type.words,
    items: item.words,
    labels: label.words,
    user: gather(user.id, order),
    time: gather(time, order),
    text: gather(text.id, order),
    type: gather(type.id, order),
    item: gather(item.id, order),
    label: gather(label.id, order),
    value: gather(value, order),
  };
}

/** The words of the kept rows, sorted, and the rank of each row's word, NO_ID where it has none. */
interface Ranks {
  readonly words: readonly string[];
  readonly id: Uint32Array;
}

function keptRows(keep: Uint8Array): Uint32Array {
  const rows = new Uint32Array(keep.length);
  let n = 0;
  for (let row = 0; row < keep.length; row++) if (keep[row] === 1) rows[n++] = row;
  return rows.subarray(0, n);
}

function rankWords({ words, id }: Words, kept: Uint32Array, by: WordOrder): Ranks {
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

/** Four digits of 16 bits each, lowest first: the bits of a double, made to count up from the lowest number to the highest. */
function digitsOfTimes(times: Float64Array): Uint16Array[] {
  // Minus zero is zero.
  const bits = new Uint16Array(times.map((time) => time + 0).buffer);
  return [0, 1, 2, 3].map((place) => {
    const digits = new Uint16Array(times.length);
    for (let i = 0; i < times.length; i++) {
      const negative = (bits[4 * i + 3] as number) >= 0x8000;
      digits[i] = (bits[4 * i + place] as number) ^ (negative ? 0xffff : place === 3 ? 0x8000 : 0);
    }
    return digits;
  });
}

const digitsOfIds = (ids: Uint32Array): Uint16Array[] => [ids, ids.map((id) => id >>> 16)].map((part) => Uint16Array.from(part));

/** Places of the rows in the order of their digits, the last of which counts most: LSD radix sort, which keeps the order of equal rows. */
async function sortByNumbers(digits: readonly Uint16Array[], count: number, ctx: JobContext): Promise<Uint32Array> {
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let other = new Uint32Array(count);
  for (const digit of digits) {
    const begin = beginnings(digit);
    if (begin === null) continue;
    for (let i = 0; i < count; i++) {
      const row = order[i] as number;
      const d = digit[row] as number;
      other[begin[d] as number] = row;
      begin[d] = (begin[d] as number) + 1;
    }
    [order, other] = [other, order];
    await ctx.checkpoint();
  }
  return order;
}

/** Where the rows with each digit begin; null where all have the same. */
function beginnings(digit: Uint16Array): Uint32Array | null {
  const begin = new Uint32Array(65_536);
  for (let i = 0; i < digit.length; i++) begin[digit[i] as number] = (begin[digit[i] as number] as number) + 1;
  let sum = 0;
  for (let d = 0; d < begin.length; d++) {
    const n = begin[d] as number;
    if (n === digit.length) return null;
    begin[d] = sum;
    sum += n;
  }
  return begin;
}

function sortTies(
  order: Uint32Array,
  user: Uint32Array,
  time: Float64Array,
  rest: readonly (Uint32Array | Float64Array)[],
): void {
  const compare = (a: number, b: number): number => {
    for (const column of rest) {
      const difference = compareNumbers(column[a] as number, column[b] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  for (let from = 0; from < order.length; ) {
    const first = order[from] as number;
    let to = from + 1;
    while (to < order.length && user[order[to] as number] === user[first] && time[order[to] as number] === time[first]) to++;
    if (to - from > 1) order.subarray(from, to).sort(compare);
    from = to;
  }
}

/** NaN last. */
function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return a < b || Number.isNaN(b) ? -1 : 1;
}

/** A copy of its own, so that it can be moved to another thread. */
function gather<T extends Uint32Array | Float64Array>(values: T, rows: Uint32Array): T {
  const out = new (values.constructor as new (n: number) => T)(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i] as number] as number;
  return out;
}
