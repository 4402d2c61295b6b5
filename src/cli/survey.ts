import type { ColumnQuality, FileAccounting, JoinMatches, Survey, TextLanguages } from '../domain/index.ts';

/** A survey as lines to read: the accounting of each table, what cleaning would touch, what the columns hold. */
export function surveyWords({ accounting, cleaning, quality, join, overTime, distinctTexts, languages }: Survey): string {
  const { at } = cleaning;
  const counts: readonly (readonly [string, number | string])[] = [
    ['exact duplicates', cleaning.duplicates],
    [`the same event again within ${at.repeatSeconds} s`, cleaning.repeats],
    ['rows without text', `${cleaning.missingText} (${cleaning.textFromItem} can be filled from their item)`],
    [`outliers by ${at.outliers.method} at ${at.outliers.limit}`, cleaning.outliers],
    ['missing numbers', cleaning.missingNumbers],
    [
      `rows of users with fewer than ${at.minUserEvents} events`,
      `${cleaning.fewEvents.rows} (${cleaning.fewEvents.users} users)`,
    ],
    [`rows of users with more than ${at.maxDayEvents} events on a day`, `${cleaning.bots.rows} (${cleaning.bots.users} users)`],
    ...cleaning.rules.map((count, i) => [`rule ${i + 1}`, count] as const),
  ];
  const kept = overTime.counts.reduce((sum, count) => sum + count, 0);
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  return [
    ...accounting.files.map(fileWords),
    ...(accounting.catalogue ? [fileWords(accounting.catalogue)] : []),
    ...(join === null ? [] : [joinWords(join)]),
    ...(kept === 0 ? [] : [`Events from ${day(overTime.first)} to ${day(overTime.last)}`]),
    `Distinct texts: ${distinctTexts}${languageWords(languages)}`,
    'What cleaning would touch, each rule alone:',
    ...counts.map(([what, count]) => `  ${what}: ${count}`),
    ...quality.flatMap(({ table, columns }) => [`Columns of ${table}:`, ...columns.map((column) => `  ${columnWords(column)}`)]),
  ].join('\n');
}

function fileWords({ name, read, kept, setAside }: FileAccounting): string {
  const reasons = setAside.map(
    ({ reason, count, lines }) => `\n  ${reason}: ${count} (line ${lines.slice(0, 5).join(', ')}${count > 5 ? ', ...' : ''})`,
  );
  return `${name}: ${read} rows read = ${kept} kept + ${read - kept} set aside${reasons.join('')}`;
}

const languageWords = ({ shares }: TextLanguages): string =>
  shares.length === 0
    ? ''
    : `; ${shares
        .slice(0, 5)
        .map(({ language, script, share }) => `${language} (${script}) ${Math.round(100 * share)} %`)
        .join(', ')}`;

const joinWords = (m: JoinMatches): string =>
  `Join: ${m.matched} events match, ${m.unmatched} do not, ${m.withoutKey} have no key; ${m.catalogueUsed} of ${m.catalogueRows} catalogue rows are used`;

function columnWords({ name, type, rows, missing, distinct, distinctExact, top }: ColumnQuality): string {
  const often = top.slice(0, 3).map(({ value, count }) => `${value.slice(0, 40)} (${count})`);
  return `${name}: ${type}, ${missing} of ${rows} missing, ${distinctExact ? '' : 'about '}${distinct} distinct; ${often.join(', ')}`;
}
