import type { ColumnMapping, JobContext, Survey, TextLanguages } from '../domain/index.ts';
import type { Cleaned, Draft } from './draft.ts';
import { exampleUsers } from './examples.ts';
import { keptRows, type Ranks, rankWords } from './order.ts';

/** Tells what distinct texts are written in; they come in the order of `EventTable.texts`. */
export type LookAtTexts = (texts: readonly string[]) => TextLanguages | Promise<TextLanguages>;

/** Texts that are shown, and rows that are looked at for each of them. */
const SHOWN = 8;
const LOOKED_AT = 1000;

/** What a survey says of the texts, and of the users who have them. */
export async function lookAtTexts(
  draft: Draft,
  cleaned: Cleaned,
  { value }: Pick<ColumnMapping, 'value'>,
  look: LookAtTexts,
  ctx: JobContext,
): Promise<Pick<Survey, 'distinctTexts' | 'languages' | 'texts' | 'examples'>> {
  const kept = keptRows(cleaned.keep);
  const text = rankWords(cleaned.text, kept, 'length');
  await ctx.checkpoint();
  const languages = await look(text.words);
  await ctx.checkpoint();
  const numbers = [...(value === null ? [] : [cleaned.value]), ...cleaned.numbers.map(({ values }) => values)];
  const examples = exampleUsers(draft, kept, text, numbers);
  return { distinctTexts: text.words.length, languages, texts: spreadTexts(text), examples };
}

/** Distinct texts, of equal parts of the rows one each. */
function spreadTexts({ words, id }: Ranks): string[] {
  const shown = new Set<number>();
  for (let part = 0; part < SHOWN; part++) {
    const from = Math.floor((part * id.length) / SHOWN);
    const to = Math.min(Math.floor(((part + 1) * id.length) / SHOWN), from + LOOKED_AT);
    const next = id.subarray(from, to).find((text) => !shown.has(text));
    if (next !== undefined) shown.add(next);
  }
  return Array.from(shown, (text) => words[text] as string);
}
