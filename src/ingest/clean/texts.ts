import { compareCodePoints, NO_ID, type TextCleaning } from '../../domain/index.ts';
import { collapse } from '../cells.ts';
import type { Draft, Words } from '../draft.ts';
import { membersOf } from './group.ts';
import { stripHtml } from './html.ts';
import { maskWhere, type RowMask } from './marks.ts';

/** One text, normalised: HTML first (entities may be of any case), then Unicode, case and whitespace, which the others may leave behind. */
export function normaliseText(text: string, how: TextCleaning): string {
  let out = how.stripHtml ? stripHtml(text) : text;
  if (how.nfkc) out = toNfkc(out);
  if (how.lowerCase) out = out.toLowerCase();
  // Lower case can take a text out of NFKC.
  if (how.nfkc && how.lowerCase) out = toNfkc(out);
  return how.collapse ? collapse(out) : out.trim();
}

const ASCII = /^[\0-\x7f]*$/;

export const toNfkc = (text: string): string => (ASCII.test(text) ? text : text.normalize('NFKC'));

/** Each distinct text is normalised, not each row's; texts that become equal become one, one that becomes empty is none. */
export function normaliseTexts(texts: Words, how: TextCleaning): Words {
  const { words, id } = texts;
  if (words.every((word) => word !== '' && normaliseText(word, how) === word)) return texts;
  const index = new Map<string, number>();
  const ids = Uint32Array.from(words, (word) => {
    const text = normaliseText(word, how);
    if (text === '') return NO_ID;
    const known = index.get(text);
    if (known !== undefined) return known;
    index.set(text, index.size);
    return index.size - 1;
  });
  return { words: [...index.keys()], id: id.map((old) => (old === NO_ID ? NO_ID : (ids[old] as number))) };
}

/** Rows whose text is another than it would be if whitespace alone were made plain. */
export function changedRows(before: Words, after: Words, how: TextCleaning): RowMask {
  if (!how.stripHtml && !how.nfkc && !how.lowerCase) return new Uint8Array(before.id.length);
  const plain = before.words.map((word) => normaliseText(word, { ...how, stripHtml: false, nfkc: false, lowerCase: false }));
  return maskWhere(before.id.length, (row) => {
    const [old, now] = [before.id[row] as number, after.id[row] as number];
    return old !== NO_ID && now !== NO_ID && after.words[now] !== plain[old];
  });
}

export interface FilledTexts {
  readonly text: Words;
  readonly mask: RowMask;
}

/**
 * Rows of `rows` without text take the one that their item has most often in `rows`; of several the first in the order of texts (length
 * in code points, then code points).
 */
export function fillFromItem(draft: Draft, text: Words, rows: Uint32Array): FilledTexts {
  const lacking = rows.filter((row) => text.id[row] === NO_ID && draft.item.id[row] !== NO_ID);
  const usual = usualTexts(draft, text, rows, new Set(lacking.map((row) => draft.item.id[row] as number)));
  const mask = new Uint8Array(draft.count);
  const id = text.id.slice();
  for (const row of lacking) {
    const found = usual.get(draft.item.id[row] as number);
    if (found === undefined) continue;
    id[row] = found;
    mask[row] = 1;
  }
  return { text: { words: text.words, id }, mask };
}

/** The most frequent text of each of `items` that has one. */
function usualTexts(draft: Draft, text: Words, rows: Uint32Array, items: ReadonlySet<number>): Map<number, number> {
  const withText = rows.filter((row) => items.has(draft.item.id[row] as number) && text.id[row] !== NO_ID);
  const { start, member } = membersOf({
    count: draft.item.words.length,
    of: withText.map((row) => draft.item.id[row] as number),
    first: new Uint32Array(0),
  });
  const usual = new Map<number, number>();
  for (const item of items) {
    const texts = member.subarray(start[item], start[item + 1]).map((k) => text.id[withText[k] as number] as number);
    if (texts.length > 0) usual.set(item, mostFrequent(texts.sort(), text.words));
  }
  return usual;
}

function mostFrequent(sortedIds: Uint32Array, words: readonly string[]): number {
  let best = -1;
  let most = 0;
  for (let from = 0; from < sortedIds.length; ) {
    const id = sortedIds[from] as number;
    let to = from + 1;
    while (to < sortedIds.length && sortedIds[to] === id) to++;
    const wins = to - from > most || (to - from === most && compareTexts(words[id] as string, words[best] as string) < 0);
    if (wins) [best, most] = [id, to - from];
    from = to;
  }
  return best;
}

const compareTexts = (a: string, b: string): number => [...a].length - [...b].length || compareCodePoints(a, b);
