import type { Cleaning, ColumnMapping, Intake, JobContext, NumberColumn, OutlierRule } from '../../domain/index.ts';
import { NO_ID } from '../../domain/index.ts';
import type { Cleaned, Draft, Words } from '../draft.ts';
import { bots, fewEvents } from './activity.ts';
import { duplicateRows, repeatedRows } from './duplicates.ts';
import { maskWhere, Verdicts } from './marks.ts';
import { findOutliers, type Outliers } from './outliers.ts';
import { checkRules, ruleReason, ruleRows } from './rules.ts';
import { mean, mode, quantile, sortedNumbers } from './spread.ts';
import { changedRows, fillFromItem, normaliseTexts } from './texts.ts';

/**
 * Judges the rows of a draft, in the order that the README of this folder states: each rule sees the rows that those before it have
 * left. The outcome does not depend on the order of rows (P2); of rows that are equal in every cell the first is kept.
 * @throws AppError input where a rule names a column that the rows do not have
 */
export async function clean(draft: Draft, intake: Intake, mapping: ColumnMapping, ctx: JobContext): Promise<Cleaned> {
  const { cleaning } = intake;
  const verdicts = new Verdicts(draft);
  checkRules(cleaning.rules);
  for (const rule of cleaning.rules) {
    verdicts.setAside(ruleReason(rule), ruleRows(draft, rule, intake.decimal));
    await ctx.checkpoint();
  }
  if (cleaning.duplicates) verdicts.setAside('exact duplicate', await duplicateRows(draft, verdicts.rows(), ctx));
  const text = cleanTexts(draft, cleaning, verdicts);
  await ctx.checkpoint();
  await limitActivity(draft, text, intake, verdicts, ctx);
  const { value, numbers } = await cleanNumbers(draft, cleaning, mapping, verdicts, ctx);
  if (cleaning.minUserEvents !== null) {
    const { mask } = fewEvents(draft, verdicts.rows(), cleaning.minUserEvents);
    verdicts.setAside(`user with fewer than ${cleaning.minUserEvents} events`, mask);
  }
  return { keep: verdicts.keep, why: verdicts.why, reasons: verdicts.reasons, touched: verdicts.touched(), text, value, numbers };
}

function cleanTexts(draft: Draft, cleaning: Cleaning, verdicts: Verdicts): Words {
  const normal = normaliseTexts(draft.text, cleaning.text);
  verdicts.touch('text normalised', changedRows(draft.text, normal, cleaning.text));
  const text = cleaning.missingText === 'from-item' ? filled(draft, normal, verdicts) : normal;
  verdicts.setAside(
    'no text',
    maskWhere(draft.count, (row) => text.id[row] === NO_ID),
  );
  return text;
}

function filled(draft: Draft, text: Words, verdicts: Verdicts): Words {
  const found = fillFromItem(draft, text, verdicts.rows());
  verdicts.touch('text filled from item', found.mask);
  return found.text;
}

/** Bots come before repeated events: what a machine repeats is what tells it. */
async function limitActivity(draft: Draft, text: Words, intake: Intake, verdicts: Verdicts, ctx: JobContext): Promise<void> {
  const { maxDayEvents, repeatSeconds } = intake.cleaning;
  if (maxDayEvents !== null) {
    const { mask } = await bots(draft, verdicts.rows(), maxDayEvents, intake.zone, ctx);
    verdicts.setAside(`user with more than ${maxDayEvents} events on a day`, mask);
  }
  if (repeatSeconds !== null) {
    verdicts.setAside(`repeated within ${repeatSeconds} s`, await repeatedRows(draft, text, verdicts.rows(), repeatSeconds, ctx));
  }
}

async function cleanNumbers(
  draft: Draft,
  { outliers: rule, fill }: Cleaning,
  mapping: ColumnMapping,
  verdicts: Verdicts,
  ctx: JobContext,
): Promise<Pick<Cleaned, 'value' | 'numbers'>> {
  let value = draft.value;
  let numbers = mapping.numbers.map((name): NumberColumn => ({ name, values: draft.numbers.get(name) as Float64Array }));
  for (const found of rule ? await findOutliers(draft, mapping, rule, verdicts.rows(), ctx) : []) {
    const isCapped = treatOutliers(found, rule as OutlierRule, mapping, verdicts);
    if (isCapped && found.columns[0] === mapping.value) value = capped(value, found);
    if (isCapped) numbers = numbers.map((n) => (n.name === found.columns[0] ? { ...n, values: capped(n.values, found) } : n));
  }
  if (mapping.value !== null && fill !== 'left') value = fillNumbers(value, fill, mapping.value, verdicts);
  return { value, numbers };
}

const METHODS = { 'z-score': 'z-score', iqr: 'IQR', 'isolation-forest': 'isolation forest' } as const;

/** Whether they are to be capped: a column that does not come into events has only marks to be told of. */
function treatOutliers(
  { columns, mask, limits }: Outliers,
  { action, method }: OutlierRule,
  mapping: ColumnMapping,
  verdicts: Verdicts,
): boolean {
  const where = `${columns.join(', ')} (${METHODS[method]})`;
  if (action === 'set-aside') verdicts.setAside(`outlier in ${where}`, mask);
  const caps = action === 'cap' && limits !== null && [mapping.value, ...mapping.numbers].includes(columns[0] ?? null);
  if (action !== 'set-aside') verdicts.touch(`outlier ${caps ? 'capped' : 'marked'} in ${where}`, mask);
  return caps;
}

const capped = (values: Float64Array, { mask, limits }: Outliers): Float64Array =>
  limits === null ? values : values.map((x, row) => (mask[row] === 0 ? x : Math.min(Math.max(x, limits.low), limits.high)));

const FILLS = { mean, median: (sorted: Float64Array) => quantile(sorted, 0.5), mode } as const;

/** Of the rows that are left, after capping; nothing where none of them has a number. */
function fillNumbers(value: Float64Array, fill: keyof typeof FILLS, column: string, verdicts: Verdicts): Float64Array {
  const rows = verdicts.rows();
  const filler = FILLS[fill](sortedNumbers(value, rows));
  if (Number.isNaN(filler)) return value;
  const mask = new Uint8Array(value.length);
  for (const row of rows) if (Number.isNaN(value[row] as number)) mask[row] = 1;
  verdicts.touch(`${column} filled with the ${fill}`, mask);
  return value.map((x, row) => (mask[row] === 1 ? filler : x));
}
