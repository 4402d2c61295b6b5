import {
  type ColumnProfile,
  type ColumnRole,
  type DecimalMark,
  type FilePreview,
  type MappingProposal,
  type PartialMapping,
  questionsOf,
  type TimeFormat,
  UNASKED,
  writtenBothWays,
} from '../domain/index.ts';
import { type SharedColumn, sharedColumns } from './columns.ts';
import { isIdName, isTextName, isTimeName, type ROLE_WORDS, roleRank, timeScore, wordsOf } from './names.ts';

/**
 * Which columns play which part, by their names and by what is in them. Only columns that every file has are proposed.
 * Where neither a user nor a time nor a text is found, nothing is proposed at all.
 */
export function proposeMapping(previews: readonly FilePreview[]): MappingProposal {
  const columns = sharedColumns(previews);
  const taken = new Set<string>();
  const take = (pick: SharedColumn | null): SharedColumn | null => {
    if (pick) taken.add(pick.name);
    return pick;
  };
  const free = (): SharedColumn[] => columns.filter((c) => !taken.has(c.name) && c.kind !== 'empty' && c.kind !== 'index');
  const picks: Picks = { user: take(pickUser(free())), time: take(pickTime(free())) };
  picks.type = take(pickByName('type', free(), (c) => c.kind !== 'time' && c.kind !== 'number' && c.distinct <= 50));
  picks.text = take(pickText(free()));
  picks.item = take(pickByName('item', free(), (c) => c.kind !== 'time' && isIdName(c.name)));
  picks.value = take(pickByName('value', free(), (c) => c.kind === 'number'));
  picks.label = take(pickByName('label', free(), (c) => c.kind !== 'time' && c.distinct <= 100));
  const found = picks.user || picks.time || picks.text ? picks : {};
  const mapping = mappingOf(found);
  return {
    ...UNASKED,
    mapping,
    reasons: reasonsOf(found),
    notes: notesOf(found, columns, previews),
    decimal: decimalOf(found, columns),
    questions: questionsOf(mapping, previews, false),
  };
}

/** That of the value column; without one, that of most columns of numbers. */
function decimalOf({ value }: Picks, columns: readonly SharedColumn[]): DecimalMark {
  if (value) return value.decimal?.mark ?? '.';
  const marks = columns.flatMap((c) => c.decimal?.mark ?? []);
  return marks.filter((mark) => mark === ',').length > marks.length / 2 ? ',' : '.';
}

type Picks = Partial<Record<ColumnRole, SharedColumn | null>>;

function mappingOf(picks: Picks): PartialMapping {
  const name = (role: ColumnRole): string | null => picks[role]?.name ?? null;
  return {
    user: name('user'),
    time: name('time'),
    text: picks.text ? [picks.text.name] : [],
    type: name('type'),
    item: name('item'),
    value: name('value'),
    label: name('label'),
    timeFormat: picks.time?.timeFormat ?? 'iso',
    timeOrigin: null,
  };
}

function pickUser(columns: readonly SharedColumn[]): SharedColumn | null {
  // An id tells people apart better than a name does, so `user_id` goes before `user_name`; people before their addresses.
  const score = (c: SharedColumn): number | null => {
    const rank = roleRank('user', c.name);
    if (rank === null || c.kind === 'time') return null;
    return rank / 100 + (isIdName(c.name) ? 0 : wordsOf(c.name).includes('name') ? 2 : 1);
  };
  return lowest(columns, score);
}

function pickTime(columns: readonly SharedColumn[]): SharedColumn | null {
  return lowest(columns, (c) => {
    if (c.timeFormat === null) return null;
    // A date that stands there needs no origin to be asked.
    return missingShare(c) * 10 - timeScore(c.name) + (c.timeFormat === 'relative-days' ? 100 : 0);
  });
}

function pickText(columns: readonly SharedColumn[]): SharedColumn | null {
  const readable = columns.filter((c) => c.kind === 'text' || c.kind === 'category' || c.kind === 'id');
  const named = lowest(readable, (c) => {
    const rank = roleRank('text', c.name);
    const coded = c.kind === 'id' && c.sampled - c.missing >= 20;
    return rank === null || coded || missingShare(c) > 0.9 ? null : rank / 100 + missingShare(c);
  });
  return named ?? lowest(readable, (c) => (c.kind === 'text' && isTextName(c.name) ? -c.distinct : null));
}

function pickByName(
  role: keyof typeof ROLE_WORDS,
  columns: readonly SharedColumn[],
  fits: (column: SharedColumn) => boolean,
): SharedColumn | null {
  return lowest(columns, (c) => (fits(c) && missingShare(c) <= 0.9 ? roleRank(role, c.name) : null));
}

const missingShare = (c: ColumnProfile): number => (c.sampled === 0 ? 1 : c.missing / c.sampled);

/** The column with the lowest score, the first of equals; null where none has a score. */
function lowest(columns: readonly SharedColumn[], score: (column: SharedColumn) => number | null): SharedColumn | null {
  let best: SharedColumn | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const column of columns) {
    const s = score(column);
    if (s === null || s >= bestScore) continue;
    best = column;
    bestScore = s;
  }
  return best;
}

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

const ROLE_REASONS: Readonly<Record<Exclude<ColumnRole, 'time' | 'text'>, string>> = {
  user: 'names who did it',
  type: 'names what kind of event it was',
  item: 'names the item by an id',
  value: 'is a number that says how much',
  label: 'names a class or segment',
};

function reasonsOf(picks: Picks): MappingProposal['reasons'] {
  const reasons: Partial<Record<ColumnRole, string>> = {};
  for (const role of ['user', 'type', 'item', 'value', 'label'] as const) {
    const column = picks[role];
    if (column) reasons[role] = `${quote(column)} ${ROLE_REASONS[role]}, such as ${example(column)}.`;
  }
  const { time, text } = picks;
  if (time?.timeFormat) {
    const written = time.timeAmbiguous ? 'dates, day first or month first' : FORMAT_WORDS[time.timeFormat];
    reasons.time = `${quote(time)} holds ${written}, such as ${example(time)}.`;
  }
  if (text) reasons.text = `${quote(text)} holds words to find interests in, such as "${shorten(example(text))}".`;
  return reasons;
}

function notesOf(picks: Picks, columns: readonly SharedColumn[], previews: readonly FilePreview[]): string[] {
  if (columns.length === 0) {
    return [
      'The files have no column in common, so no choice of columns fits them all. Analyse them one at a time, or give them the same header.',
    ];
  }
  const notes: string[] = [];
  if (!picks.user)
    notes.push(`There is no user column: none of ${names(columns)} names a person (user, customer, member, author, ...).`);
  if (!picks.time) notes.push(noTime(columns));
  if (!picks.text) notes.push('There is no text column: no column holds words that tell what the event was about.');
  if (picks.time) notes.push(...doubtfulTime(picks.time));
  if (picks.value?.decimal?.ambiguous) notes.push(doubtfulNumber(picks.value));
  for (const c of [picks.user, picks.item]) if (c?.asDecimals === 'some') notes.push(mixedIds(c));
  if (picks.user && picks.user.sampled >= 50 && picks.user.distinct === picks.user.sampled) {
    notes.push(`Every row that was looked at has another value of ${quote(picks.user)}, so each user would have one event only.`);
  }
  for (const p of previews) if (p.form.encoding === 'windows-1252') notes.push(notUtf8(p));
  return [...notes, ...leftOut(columns, previews)];
}

function noTime(columns: readonly SharedColumn[]): string {
  const near = columns.find((c) => isTimeName(c.name) && c.kind !== 'empty');
  const why = near ? ` ${quote(near)} sounds like one, but its values (such as ${near.examples.join(', ')}) are no dates.` : '';
  return `There is no time column that can be read.${why}`;
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

const notUtf8 = (p: FilePreview): string =>
  `${p.name} is not UTF-8; it is read as Windows-1252 (Western European). If letters look wrong in the preview, save it as UTF-8.`;

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
const example = (c: ColumnProfile): string => c.examples[0] ?? '';
const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function names(columns: readonly ColumnProfile[]): string {
  const shown = columns.slice(0, 8).map((c) => c.name);
  const more = columns.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
