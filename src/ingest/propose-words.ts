import {
  type ColumnProfile,
  type ColumnRole,
  type Encoding,
  type FilePreview,
  LACKING,
  type MappingProposal,
  type TimeFormat,
  writtenBothWays,
} from '../domain/index.ts';
import type { SharedColumn } from './columns.ts';
import { isTimeName, roleRank } from './names.ts';
import { isPhrase } from './words.ts';

/** The columns that were picked for the parts. */
export type Picks = { readonly [K in Exclude<ColumnRole, 'text' | 'numbers'>]?: SharedColumn | null } & {
  readonly text?: readonly SharedColumn[];
};

const FORMAT_WORDS: Readonly<Record<TimeFormat, string>> = {
  iso: 'dates written year-month-day (ISO 8601)',
  ymd: 'dates written year/month/day',
  mdy: 'dates written month/day/year',
  dmy: 'dates written day/month/year',
  cjk: 'dates written 2024年5月6日',
  'unix-seconds': 'seconds since 1970',
  'unix-milliseconds': 'milliseconds since 1970',
  'unix-microseconds': 'microseconds since 1970',
  'excel-serial': 'dates as numbers of days, as Excel counts them',
  'relative-days': 'days since a day that the file does not tell',
};

const ROLE_REASONS: Readonly<Record<Exclude<ColumnRole, 'time' | 'text' | 'numbers'>, string>> = {
  user: 'names who did it',
  type: 'names what kind of event it was',
  item: 'names the item by an id',
  value: 'is a number that says how much',
  label: 'names a class or segment',
};

/** Few values of one word each; a short file has few titles, too. */
const isClass = (c: ColumnProfile): boolean =>
  c.kind === 'category' && roleRank('text', c.name) === null && !c.examples.some(isPhrase);

/** Why each part has its column. */
export function reasonsOf(picks: Picks): MappingProposal['reasons'] {
  const reasons: Partial<Record<ColumnRole, string>> = {};
  for (const role of ['user', 'type', 'item', 'value', 'label'] as const) {
    const column = picks[role];
    if (column) reasons[role] = `${quote(column)} ${ROLE_REASONS[role]}, such as ${example(column)}.`;
  }
  const { time, text = [] } = picks;
  if (time?.timeFormat) {
    const written = time.timeAmbiguous ? 'dates, day first or month first' : FORMAT_WORDS[time.timeFormat];
    reasons.time = `${quote(time)} holds ${written}, such as ${example(time)}.`;
  }
  const such = `such as "${shorten(text.map(example).join(' '))}"`;
  if (text.length > 0 && text.every(isClass))
    reasons.text = `No column holds words, so ${quoted(text)} ${text.length === 1 ? 'tells' : 'tell'} what it was about, ${such}.`;
  else if (text.length > 0) reasons.text = `${quoted(text)} ${holds(text)} words to find interests in, ${such}.`;
  return reasons;
}

/**
 * What the proposal lacks, and what it is not sure of.
 * @param columns those that could be chosen
 * @param events tables of events, of `tables`
 */
export function notesOf(
  picks: Picks,
  columns: readonly SharedColumn[],
  events: readonly FilePreview[],
  tables: readonly FilePreview[],
): string[] {
  if (columns.length === 0) {
    return [
      'The files have no column in common, so no choice of columns fits them all. Analyse them one at a time, or give them the same header.',
    ];
  }
  const notes: string[] = [];
  if (!picks.user) notes.push(`${LACKING.user}: none of ${names(columns)} names a person (user, customer, member, author, ...).`);
  if (!picks.time) notes.push(noTime(columns));
  if (!picks.text?.length) notes.push(`${LACKING.text}: no column holds enough words to tell what the event was about.`);
  if (picks.time) notes.push(...doubtfulTime(picks.time));
  if (picks.value?.decimal?.ambiguous) notes.push(doubtfulNumber(picks.value));
  for (const c of [picks.user, picks.item]) if (c?.asDecimals === 'some') notes.push(mixedIds(c));
  if (picks.user && picks.user.sampled >= 50 && picks.user.distinct === picks.user.sampled) {
    notes.push(`Every row that was looked at has another value of ${quote(picks.user)}, so each user would have one event only.`);
  }
  return [...notes, ...tables.flatMap(notUtf8), ...leftOut(columns, events)];
}

function noTime(columns: readonly SharedColumn[]): string {
  const near = columns.find((c) => isTimeName(c.name) && c.kind !== 'empty');
  const why = near ? ` ${quote(near)} sounds like one, but its values (such as ${near.examples.join(', ')}) are no dates.` : '';
  return `${LACKING.time} that can be read.${why}`;
}

/** Dates of both orders, or a few that go against the order of the others. */
function doubtfulTime(time: SharedColumn): string[] {
  const { dateOrder } = time;
  if (!dateOrder || (time.timeAmbiguous && !writtenBothWays(time))) return [];
  const { dayFirst, monthFirst } = dateOrder;
  const told = `${counted(dayFirst)} of ${quote(time)} can only be day first and ${counted(monthFirst)} only month first`;
  if (time.timeAmbiguous) {
    return [`${told}: it is no clean column of dates. Whichever is chosen, the others are set aside as not readable.`];
  }
  if (dayFirst === 0 || monthFirst === 0) return [];
  const order = time.timeFormat === 'dmy' ? 'day first' : 'month first';
  return [`${told}; all are read ${order}, and those that are then no date are set aside.`];
}

const counted = (n: number): string => `${n.toLocaleString('en-US')} ${n === 1 ? 'date' : 'dates'}`;

function doubtfulNumber(value: SharedColumn): string {
  const taken = value.decimal?.mark === ',' ? 'comma' : 'point';
  return `The numbers of ${quote(value)} (such as ${example(value)}) do not tell what their decimal mark is; a ${taken} was taken.`;
}

const mixedIds = (c: SharedColumn): string =>
  `${quote(c)} holds whole numbers and the same written as decimals (17850 and 17850.0). They count as different ids, unless you declare them the same.`;

const ENCODING_WORDS: Readonly<Partial<Record<Encoding, string>>> = {
  'windows-1252': 'Windows-1252 (Western European)',
  gb18030: 'GB 18030 (Chinese)',
  big5: 'Big5 (Chinese, traditional)',
  shift_jis: 'Shift JIS (Japanese)',
};

/** Not of an encoding that the user has set. */
function notUtf8({ name, form, sureness }: FilePreview): string[] {
  const words = form.encoding === null ? undefined : ENCODING_WORDS[form.encoding];
  if (words === undefined || sureness.encoding?.share === 1) return [];
  return [`${name} is not UTF-8; it is read as ${words}. If letters look wrong in the preview, choose another encoding.`];
}

/** Files of several shapes: say which columns could not be used. */
function leftOut(columns: readonly SharedColumn[], previews: readonly FilePreview[]): string[] {
  const common = new Set(columns.map((c) => c.name));
  const odd = previews.filter((p) => p.header.some((h) => !common.has(h)));
  if (previews.length < 2 || odd.length === 0) return [];
  return [
    `All files have ${names(columns)} in common. Other columns (in ${odd.map((p) => p.name).join(', ')}) can't be used while these files are read together.`,
  ];
}

const quote = (c: ColumnProfile): string => `"${c.name}"`;
const quoted = (columns: readonly ColumnProfile[]): string => columns.map(quote).join(' and ');
const holds = (columns: readonly ColumnProfile[]): string => (columns.length === 1 ? 'holds' : 'hold');
const example = (c: ColumnProfile): string => c.examples[0] ?? '';
const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function names(columns: readonly ColumnProfile[]): string {
  const shown = columns.slice(0, 8).map((c) => c.name);
  const more = columns.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
