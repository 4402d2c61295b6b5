import {
  type ColumnProfile,
  DEFAULT_INTAKE,
  type DecimalMark,
  eventTables,
  type FilePreview,
  type Intake,
  type Join,
  type JoinProposal,
  type MappingProposal,
  type PartialMapping,
  questionsOf,
} from '../domain/index.ts';
import { joinedProfiles, type SharedColumn, sharedColumns } from './columns.ts';
import { proposeJoin } from './join/propose-join.ts';
import { isIdName, isTextName, type ROLE_WORDS, roleRank, timeScore, wordsOf } from './names.ts';
import { notesOf, type Picks, reasonsOf } from './propose-words.ts';
import { isPhrase } from './words.ts';

/**
 * Which columns play which part, by their names and by what is in them, and which table is a catalogue to join. Only columns that every
 * table of events has are proposed, and those of the catalogue behind them.
 * Where neither a user nor a time nor a text is found, nothing is proposed at all.
 * @param intake a join that stands here is kept where the tables have its columns; tables left out play no part
 */
export function proposeMapping(
  previews: readonly FilePreview[],
  intake: Pick<Intake, 'join' | 'leftOut'> = DEFAULT_INTAKE,
): MappingProposal {
  const tables = previews.filter(({ name }) => !intake.leftOut.includes(name));
  const join = keptJoin(tables, intake.join) ?? proposeJoin(tables);
  const events = eventTables(tables, { ...DEFAULT_INTAKE, join: join?.join ?? null, leftOut: join?.leftOut ?? [] });
  const columns = [...sharedColumns(events), ...joinedProfiles(tables, events, join?.join ?? null)];
  const picks = pickAll(columns, join?.join ?? null);
  const found = picks.user || picks.time || picks.text?.length ? picks : {};
  const mapping = mappingOf(found);
  return {
    mapping,
    reasons: reasonsOf(found),
    notes: notesOf(found, columns, events, tables),
    join,
    decimal: decimalOf(found, columns),
    questions: questionsOf(mapping, [{ columns }], false),
  };
}

function keptJoin(tables: readonly FilePreview[], join: Join | null): JoinProposal | null {
  const catalogue = tables.find(({ name }) => name === join?.table);
  if (join === null || !catalogue?.header.includes(join.key)) return null;
  const on = eventTables(tables, { ...DEFAULT_INTAKE, join }).every(({ header }) => header.includes(join.on));
  return on ? { join, why: 'As chosen.', leftOut: [] } : null;
}

function pickAll(columns: readonly SharedColumn[], join: Join | null): Picks {
  const taken = new Set<string>();
  const take = <C extends SharedColumn | null>(pick: C): C => {
    if (pick) taken.add(pick.name);
    return pick;
  };
  const free = (): SharedColumn[] => columns.filter((c) => !taken.has(c.name) && c.kind !== 'empty' && c.kind !== 'index');
  const user = take(pickUser(free()));
  const time = take(pickTime(free()));
  const type = take(pickByName('type', free(), (c) => c.kind !== 'time' && c.kind !== 'number' && c.distinct <= 50));
  // Classes of users (gender, region) tell nothing of what they did.
  const ofItems = join !== null && roleRank('user', join.on) === null;
  const text = pickText(free(), ofItems, user !== null && time !== null).map((c) => take(c));
  const item = take(pickByName('item', free(), (c) => c.kind !== 'time' && isIdName(c.name)));
  const value = take(pickByName('value', free(), (c) => c.kind === 'number'));
  const label = take(pickByName('label', free(), (c) => c.kind !== 'time' && c.distinct <= 100));
  return { user, time, type, text, item, value, label };
}

/** That of the value column; without one, that of most columns of numbers. */
function decimalOf({ value }: Picks, columns: readonly SharedColumn[]): DecimalMark {
  if (value) return value.decimal?.mark ?? '.';
  const marks = columns.flatMap((c) => c.decimal?.mark ?? []);
  return marks.filter((mark) => mark === ',').length > marks.length / 2 ? ',' : '.';
}

function mappingOf({ user, time, text = [], type, item, value, label }: Picks): PartialMapping {
  return {
    user: user?.name ?? null,
    time: time?.name ?? null,
    text: text.map(({ name }) => name),
    type: type?.name ?? null,
    item: item?.name ?? null,
    value: value?.name ?? null,
    label: label?.name ?? null,
    timeFormat: time?.timeFormat ?? 'iso',
    timeOrigin: null,
    template: null,
    numbers: [],
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

/** Words of the event itself go before those of its item, and columns that are called so before others; the item's kind goes with its title. */
function pickText(columns: readonly SharedColumn[], classes: boolean, isLog: boolean): SharedColumn[] {
  const own = columns.filter((c) => !c.joined);
  const joined = columns.filter((c) => c.joined);
  const named = namedText(own);
  if (named) return [named];
  const title = namedText(joined);
  if (title) return [title, ...joined.filter((c) => c !== title && isGenre(c))];
  const longest = longestText(own) ?? longestText(joined);
  if (longest) return [longest];
  const kinds = classes ? joined.filter(isWordCategory).slice(0, 3) : [];
  if (kinds.length > 0 || !isLog) return kinds;
  // A short file, or one about few things.
  const phrases = lowest(own, (c) => (isWordCategory(c) && c.examples.some(isPhrase) && isTextName(c.name) ? -c.distinct : null));
  return phrases ? [phrases] : [];
}

const isReadable = (c: SharedColumn): boolean => c.kind === 'text' || c.kind === 'category' || c.kind === 'id';

function namedText(columns: readonly SharedColumn[]): SharedColumn | null {
  return lowest(columns.filter(isReadable), (c) => {
    const rank = roleRank('text', c.name);
    const coded = c.kind === 'id' && c.sampled - c.missing >= 20;
    return rank === null || coded || missingShare(c) > 0.9 ? null : rank / 100 + missingShare(c);
  });
}

const longestText = (columns: readonly SharedColumn[]): SharedColumn | null =>
  lowest(columns, (c) => (c.kind === 'text' && isTextName(c.name) ? -c.distinct : null));

const GENRES = new Set(['genre', 'genres', 'category', 'categories', 'keyword', 'keywords', 'tag', 'tags', 'topic']);
const isGenre = (c: SharedColumn): boolean => isReadable(c) && wordsOf(c.name).some((word) => GENRES.has(word));

/** A class of items that is told in letters: where an item has no other words, its classes tell what it is about. */
const isWordCategory = (c: SharedColumn): boolean =>
  c.kind === 'category' && c.distinct > 1 && c.examples.every((value) => !/\d/.test(value));

function pickByName(
  role: keyof typeof ROLE_WORDS,
  columns: readonly SharedColumn[],
  fits: (column: SharedColumn) => boolean,
): SharedColumn | null {
  return lowest(columns, (c) => (fits(c) && missingShare(c) <= 0.9 ? roleRank(role, c.name) : null));
}

const missingShare = (c: ColumnProfile): number => (c.sampled === 0 ? 1 : c.missing / c.sampled);

/** More than any two scores differ: a column of the events goes before any of the catalogue. */
const JOINED = 1e6;

/** The column with the lowest score, the first of equals; null where none has a score. */
function lowest(columns: readonly SharedColumn[], score: (column: SharedColumn) => number | null): SharedColumn | null {
  let best: SharedColumn | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const column of columns) {
    const own = score(column);
    const s = own === null ? null : own + (column.joined ? JOINED : 0);
    if (s === null || s >= bestScore) continue;
    best = column;
    bestScore = s;
  }
  return best;
}
