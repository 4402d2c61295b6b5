import type { ColumnProfile, FilePreview, JoinProposal } from '../../domain/index.ts';
import { ID_WORDS, isTimeName, roleRank, wordsOf } from '../names.ts';
import { commonHashes } from './sketch.ts';

/** Share of header names in common from which tables are read one after the other; a column that came or went with the years is no other table. */
const STACK_SHARE = 0.75;
/** Share of the catalogue's sampled keys that must be distinct; the rest may be dirt, and one row a key counts. */
const UNIQUE_SHARE = 0.98;
/** Two rows are dirt in a small catalogue, too, of which they are a larger share; more than a tenth of it is none. */
const FEW_REPEATS = 2;
const LEAST_UNIQUE = 0.9;
/** Less than this share of the events' keys in the catalogue, and the name is all that they share. */
const LEAST_MATCH = 0.1;

/**
 * Which of several tables is a catalogue (one row an item, or one a user) that the others, the events, can be joined with; null where
 * nothing suggests it. A key has like names in both tables, is hardly repeated in the catalogue, and its values must overlap.
 * Of several joins: one whose catalogue brings words, whose events have user and time of their own, whose key never repeats, then
 * the one that matches most, with most rows. The order of the tables does not matter.
 */
export function proposeJoin(previews: readonly FilePreview[]): JoinProposal | null {
  const tables = [...previews].sort((a, b) => (a.name < b.name ? -1 : 1)).map(lookAt);
  const candidates = tables.flatMap((events) => tables.flatMap((catalogue) => joinsOf(events, catalogue)));
  const [best] = candidates.sort((a, b) => compareRanks(b.rank, a.rank));
  return best ? toProposal(best, previews) : null;
}

/** Whether tables are stacked: the same header, in any order, but for some columns. */
export function stackable(a: readonly string[], b: readonly string[]): boolean {
  const common = a.filter((name) => b.includes(name)).length;
  return common > 0 && common / (a.length + b.length - common) >= STACK_SHARE;
}

interface Candidate {
  readonly events: FilePreview;
  readonly catalogue: FilePreview;
  readonly on: ColumnProfile;
  readonly key: ColumnProfile;
  /** Estimated share of the events' distinct keys that the catalogue has, 0..1. */
  readonly match: number;
  /** Larger is better, the first difference decides. */
  readonly rank: readonly number[];
}

/** What is asked of a table, once and not for each pair of tables. */
interface Look {
  readonly preview: FilePreview;
  readonly hasUser: boolean;
  readonly hasTime: boolean;
  /** What a row of it is about, from its name: `movie` for movies.csv. */
  readonly about: readonly string[];
  readonly keyable: readonly KeyColumn[];
  readonly unique: readonly KeyColumn[];
}

interface KeyColumn {
  readonly column: ColumnProfile;
  /** Its name in plain words, and without those that only say that it is an id. */
  readonly words: string;
  readonly subject: string;
}

function lookAt(preview: FilePreview): Look {
  const { columns, name } = preview;
  const keyable = columns.filter(couldBeKey).map((column) => {
    const words = wordsOf(column.name);
    return { column, words: words.join(' '), subject: words.filter((w) => !ID_WORDS.includes(w)).join(' ') };
  });
  return {
    preview,
    hasUser: columns.some(isUser),
    hasTime: columns.some(isTime),
    about: wordsOf(fileStem(name)).map(singular),
    keyable,
    unique: keyable.filter(({ column }) => isUnique(column)),
  };
}

function joinsOf(events: Look, catalogue: Look): Candidate[] {
  if (!(events.hasUser || catalogue.hasUser) || !(events.hasTime || catalogue.hasTime)) return [];
  if (events === catalogue || stackable(events.preview.header, catalogue.preview.header) || areLogs(events, catalogue)) return [];
  return events.keyable.flatMap((on) => catalogue.unique.flatMap((key) => joinOn(events, on, catalogue, key)));
}

/** Both tell who and when in columns of the same names: two exports of one log, of which one has gained or lost a column. */
function areLogs({ preview: a }: Look, { preview: b }: Look): boolean {
  const both = (is: (c: ColumnProfile) => boolean): boolean =>
    a.columns.some((c) => is(c) && b.columns.some((other) => other.name === c.name && is(other)));
  return both(isUser) && both((c) => c.kind === 'time');
}

function joinOn(
  events: Look,
  { column: on, ...onName }: KeyColumn,
  catalogue: Look,
  { column: key, ...keyName }: KeyColumn,
): Candidate[] {
  const likeness = nameLikeness(onName, keyName, catalogue.about);
  const match = likeness > 0 ? matchOf(on, key, catalogue.preview.rowCount) : 0;
  if (match < LEAST_MATCH) return [];
  const wordy = catalogue.preview.columns.some((c) => c !== key && isWordy(c));
  const complete = events.hasUser && events.hasTime;
  const repeats = on.distinct < present(on);
  const unique = key.distinct === present(key);
  const rank = [+wordy, +complete, +unique, +repeats, likeness, Math.round(match * 10), events.preview.rowCount];
  return [{ events: events.preview, catalogue: catalogue.preview, on, key, match, rank }];
}

const present = (c: ColumnProfile): number => c.sampled - c.missing;
const isUser = (c: ColumnProfile): boolean => c.kind !== 'time' && roleRank('user', c.name) !== null;
const isTime = (c: ColumnProfile): boolean => c.kind === 'time' || isTimeName(c.name);
const isWordy = (c: ColumnProfile): boolean => c.kind === 'text' || (c.kind !== 'empty' && roleRank('text', c.name) !== null);

/** A time is no key, though two exports may well share one; nor is a column that got its name from us. */
const couldBeKey = (c: ColumnProfile): boolean =>
  c.sketch !== undefined && !isTime(c) && c.kind !== 'index' && !/^column \d+$/.test(c.name);

const isUnique = (c: ColumnProfile): boolean =>
  present(c) > 0 && isFew(c.missing, c.sampled) && isFew(present(c) - c.distinct, present(c));

const isFew = (odd: number, all: number): boolean =>
  odd <= all * (1 - UNIQUE_SHARE) || (odd <= FEW_REPEATS && odd <= all * (1 - LEAST_UNIQUE));

/** 2: `movieId` and `movie_id`; 1: `movie` and `movieId`, or `movie_id` and the `id` of movies.csv; 0: not alike. */
function nameLikeness(on: Omit<KeyColumn, 'column'>, key: Omit<KeyColumn, 'column'>, about: readonly string[]): number {
  if (on.words === key.words) return 2;
  if (on.subject === '') return 0;
  return on.subject === key.subject || (key.subject === '' && about.includes(on.subject)) ? 1 : 0;
}

const fileStem = (name: string): string => (name.split('/').at(-1) ?? name).replace(/\..*$/, '');
const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');

/** A sample of the catalogue can hold only its share of the events' keys, so the overlap is divided by that share. */
function matchOf(on: ColumnProfile, key: ColumnProfile, catalogueRows: number): number {
  if (!on.sketch?.length || !key.sketch || catalogueRows === 0) return 0;
  const seen = Math.min(1, key.sampled / catalogueRows);
  return Math.min(1, commonHashes(on.sketch, key.sketch) / (on.sketch.length * seen));
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number);
}

function toProposal({ events, catalogue, on, key, match }: Candidate, previews: readonly FilePreview[]): JoinProposal {
  const used = (p: FilePreview): boolean =>
    p === catalogue || p === events || (p.header.includes(on.name) && stackable(events.header, p.header));
  const leftOut = previews.filter((p) => !used(p)).map((p) => p.name);
  const stacked = previews.filter((p) => p !== catalogue && used(p)).map((p) => p.name);
  const once = key.distinct === present(key) ? 'stands once' : 'hardly ever stands twice';
  const columns = on.name === key.name ? `"${on.name}"` : `"${on.name}" and "${key.name}"`;
  const why = [
    `${stacked.join(', ')} and ${catalogue.name} share ${columns}: each value ${once} in ${catalogue.name}, and about ${percent(match)} of those in ${events.name} are there.`,
    ...(leftOut.length > 0 ? [`Left out, since events are joined with one catalogue: ${leftOut.join(', ')}.`] : []),
  ];
  return { join: { table: catalogue.name, on: on.name, key: key.name }, why: why.join(' '), leftOut };
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
