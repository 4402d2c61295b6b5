import type {
  Cleaning,
  CleaningCounts,
  ColumnMapping,
  Intake,
  JobContext,
  OutlierRule,
  TextCleaning,
} from '../../domain/index.ts';
import { NO_ID, USUAL_LIMITS } from '../../domain/index.ts';
import { collapse } from '../cells.ts';
import type { Draft } from '../draft.ts';
import { bots, fewEvents, type UsersOut } from './activity.ts';
import { duplicateRows, repeatedRows } from './duplicates.ts';
import { allRows } from './group.ts';
import { stripHtml } from './html.ts';
import { maskCount } from './marks.ts';
import { findOutliers } from './outliers.ts';
import { checkRules, ruleRows } from './rules.ts';
import { fillFromItem, toNfkc } from './texts.ts';

/**
 * What each choice would touch if it were the only one, over all rows of the draft: what is set now changes no other count.
 * @throws AppError input as {@link clean}
 */
export async function countCleaning(
  draft: Draft,
  intake: Intake,
  mapping: ColumnMapping,
  ctx: JobContext,
): Promise<CleaningCounts> {
  const rows = allRows(draft.count);
  const at = limitsOf(intake.cleaning);
  checkRules(intake.cleaning.rules);
  const rules = intake.cleaning.rules.map((rule) => maskCount(ruleRows(draft, rule, intake.decimal)));
  await ctx.checkpoint();
  return {
    duplicates: maskCount(await duplicateRows(draft, rows, ctx)),
    repeats: maskCount(await repeatedRows(draft, draft.text, rows, at.repeatSeconds, ctx)),
    missingText: draft.text.id.reduce((sum, id) => sum + (id === NO_ID ? 1 : 0), 0),
    textFromItem: maskCount(fillFromItem(draft, draft.text, rows).mask),
    outliers: await outlierCount(draft, mapping, at.outliers, rows, ctx),
    missingNumbers: mapping.value === null ? 0 : draft.value.reduce((sum, x) => sum + (Number.isNaN(x) ? 1 : 0), 0),
    fewEvents: counted(fewEvents(draft, rows, at.minUserEvents)),
    bots: counted(await bots(draft, rows, at.maxDayEvents, intake.zone, ctx)),
    texts: await textCounts(draft.text.words, ctx),
    rules,
    at,
  };
}

const limitsOf = (cleaning: Cleaning): CleaningCounts['at'] => ({
  repeatSeconds: cleaning.repeatSeconds ?? USUAL_LIMITS.repeatSeconds,
  minUserEvents: cleaning.minUserEvents ?? USUAL_LIMITS.minUserEvents,
  maxDayEvents: cleaning.maxDayEvents ?? USUAL_LIMITS.maxDayEvents,
  outliers: cleaning.outliers ?? USUAL_LIMITS.outliers,
});

const counted = ({ mask, users }: UsersOut) => ({ rows: maskCount(mask), users });

/** A row with outliers in several columns is one row. */
async function outlierCount(draft: Draft, mapping: ColumnMapping, rule: OutlierRule, rows: Uint32Array, ctx: JobContext) {
  const found = await findOutliers(draft, mapping, rule, rows, ctx);
  return rows.reduce((sum, row) => sum + (found.some(({ mask }) => mask[row] === 1) ? 1 : 0), 0);
}

const TESTS: Readonly<Record<keyof TextCleaning, (text: string) => boolean>> = {
  collapse: (text) => collapse(text) !== text,
  lowerCase: (text) => text.toLowerCase() !== text,
  nfkc: (text) => toNfkc(text) !== text,
  stripHtml: (text) => stripHtml(text) !== text,
};

async function textCounts(words: readonly string[], ctx: JobContext): Promise<CleaningCounts['texts']> {
  const counts = { collapse: 0, lowerCase: 0, nfkc: 0, stripHtml: 0 };
  for (const [name, changes] of Object.entries(TESTS) as [keyof TextCleaning, (text: string) => boolean][]) {
    for (const word of words) if (changes(word)) counts[name]++;
    await ctx.checkpoint();
  }
  return counts;
}
