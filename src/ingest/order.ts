import { compareCodePoints, type EventTable, type JobContext, NO_ID } from '../domain/index.ts';
import type { Cleaned, Draft, Words } from './draft.ts';

/**
 * The rows that are kept, as events in canonical order: (user, time, text, type, value, item, label), none and NaN last, whatever the order
 * they came in. Words are sorted first (texts by length in code points), so rows are compared by numbers alone.
 */
export async function orderEvents(draft: Draft, cleaned: Cleaned, ctx: JobContext): Promise<EventTable> {
  const kept = keptRows(cleaned.keep);
  const ranked = {
    user: rankWords(draft.user, kept, compareCodePoints),
    text: rankWords(cleaned.text, kept, compareTexts),
    type: rankWords(draft.type, kept, compareCodePoints),
    item: rankWords(draft.item, kept, compareCodePoints),
    label: rankWords(draft.label, kept, compareCodePoints),
  };
  await ctx.checkpoint();
  const time = gather(draft.time, kept);
  const value = gather(cleaned.value, kept);
  const { user, text, type, item, label } = ranked;
  const order = Uint32Array.from(kept.keys()).sort(
    (a, b) =>
      (user.id[a] as number) - (user.id[b] as number) ||
      (time[a] as number) - (time[b] as number) ||
      (text.id[a] as number) - (text.id[b] as number) ||
      (type.id[a] as number) - (type.id[b] as number) ||
      compareValues(value[a] as number, value[b] as number) ||
      (item.id[a] as number) - (item.id[b] as number) ||
      (label.id[a] as number) - (label.id[b] as number),
  );
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

function keptRows(keep: Uint8Array): Uint32Array {
  let n = 0;
  for (const k of keep) n += k;
  const rows = new Uint32Array(n);
  let at = 0;
  for (let i = 0; i < keep.length; i++) if (keep[i] === 1) rows[at++] = i;
  return rows;
}

/** The words that the kept rows have, sorted, and their ranks, one a kept row; NO_ID where there is none, which sorts last. */
function rankWords(all: Words, kept: Uint32Array, compare: (a: string, b: string) => number): Words {
  const used = new Uint8Array(all.words.length);
  for (const row of kept) {
    const id = all.id[row] as number;
    if (id !== NO_ID) used[id] = 1;
  }
  const ids = Uint32Array.from(used.keys()).filter((id) => used[id] === 1);
  ids.sort((a, b) => compare(all.words[a] as string, all.words[b] as string));
  const rank = new Uint32Array(all.words.length);
  ids.forEach((id, r) => {
    rank[id] = r;
  });
  const id = kept.map((row) => (all.id[row] === NO_ID ? NO_ID : (rank[all.id[row] as number] as number)));
  return { words: Array.from(ids, (i) => all.words[i] as string), id };
}

function compareTexts(a: string, b: string): number {
  return codePoints(a) - codePoints(b) || compareCodePoints(a, b);
}

function codePoints(text: string): number {
  let n = 0;
  for (const _ of text) n++;
  return n;
}

/** NaN last. */
function compareValues(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return Number.isNaN(b) ? -1 : a - b;
}

function gather<T extends Uint32Array | Float64Array>(values: T, rows: Uint32Array): T {
  const out = new (values.constructor as new (n: number) => T)(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i] as number] as number;
  return out;
}
