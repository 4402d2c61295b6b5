import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type ColumnMapping,
  DEFAULT_INTAKE,
  type FilePreview,
  type Intake,
  type Join,
  type MappingProposal,
  type Question,
  type ReadResult,
  silentContext,
} from '../domain/index.ts';
import { checkMapping, inspectFile, proposeMapping } from './index.ts';
import { fileOf, reader } from './test-files.fixture.ts';

/** Real exports, dirt included: the folder that MURMURATION_DATA names. */
const ROOT = process.env.MURMURATION_DATA ?? '';

beforeAll(() => {
  if (ROOT === '' || !existsSync(ROOT)) {
    throw new Error('Set MURMURATION_DATA to the folder with the data sets (online-retail, movielens-small, polis, ...).');
  }
});

const open = (path: string) => fileOf(basename(path), new Uint8Array(readFileSync(join(ROOT, path))));
async function look(paths: readonly string[]): Promise<FilePreview[]> {
  const previews: FilePreview[] = [];
  for (const path of paths) previews.push(...(await inspectFile(open(path), {}, silentContext)));
  return previews;
}

type Mapping = MappingProposal['mapping'];
const mapped = (parts: Partial<Mapping>): Mapping => ({
  user: null,
  time: null,
  text: [],
  type: null,
  item: null,
  value: null,
  label: null,
  timeFormat: 'iso',
  timeOrigin: null,
  template: null,
  numbers: [],
  ...parts,
});

const NOTHING = mapped({});
const COMMENTS = mapped({
  user: 'author-id',
  time: 'timestamp',
  timeFormat: 'unix-milliseconds',
  text: ['comment-body'],
  item: 'comment-id',
});
const VOTES = mapped({ user: 'voter-id', time: 'timestamp', timeFormat: 'unix-milliseconds', item: 'comment-id', value: 'vote' });
const TITLES = mapped({ time: 'created_utc', timeFormat: 'unix-seconds', text: ['title'], value: 'score' });
const RETAIL = mapped({
  user: 'CustomerID',
  time: 'InvoiceDate',
  timeFormat: 'mdy',
  text: ['Description'],
  item: 'StockCode',
  value: 'Quantity',
});
const RATINGS = mapped({ user: 'userId', time: 'timestamp', timeFormat: 'unix-seconds', item: 'movieId', value: 'rating' });
const RATED_MOVIES = { ...RATINGS, text: ['title', 'genres'] };
const TAGS = mapped({ user: 'userId', time: 'timestamp', timeFormat: 'unix-seconds', text: ['tag'], item: 'movieId' });
const SUBMITTED = mapped({
  user: 'id_student',
  time: 'date_submitted',
  timeFormat: 'relative-days',
  item: 'id_assessment',
  value: 'score',
});
const ASSESSED = { ...SUBMITTED, text: ['code_module', 'assessment_type'] };

const NO_USER = /There is no user column/;
const NO_TIME = /There is no time column that can be read/;
const NO_TEXT = /There is no text column/;
const originOf = (column: string, ...examples: string[]): Question => ({ kind: 'time-origin', column, examples });
const SUBMITTED_SINCE = originOf('date_submitted', '18', '22', '19');

interface Expected {
  /** Of the data folder; read together. */
  readonly files: readonly string[];
  /** Data rows of each, counted with Python's csv and json modules; the first line is taken as the header. */
  readonly rows: readonly number[];
  readonly mapping: Mapping;
  readonly join?: Join;
  readonly leftOut?: readonly string[];
  readonly question?: Question;
  /** What is told, in this order and nothing else; a part that is missing keeps the files from being analysed. */
  readonly notes?: readonly RegExp[];
}

const alone = (file: string, rows: number, mapping: Mapping, notes: readonly RegExp[] = [], question?: Question): Expected => ({
  files: [file],
  rows: [rows],
  mapping,
  notes,
  ...(question ? { question } : {}),
});

const REDDIT = ['Android', 'Baking', 'Python', 'chess', 'gardening', 'photography', 'soccer', 'movies'].map(
  (name) => `reddit-titles/${name}.csv.gz`,
);
const MOVIES: Join = { table: 'movies.csv', on: 'movieId', key: 'movieId' };
const ASSESSMENTS: Join = { table: 'assessments.csv', on: 'id_assessment', key: 'id_assessment' };

const polis = (name: string, votes: number, comments: number, summary: number): Expected[] => {
  const [v, c, s] = ['votes.csv.gz', 'comments.csv', 'summary.csv'].map((file) => `polis/${name}/${file}`) as [
    string,
    string,
    string,
  ];
  const together = {
    files: [v, c],
    rows: [votes, comments],
    mapping: { ...VOTES, text: ['comment-body'] },
    join: { table: 'comments.csv', on: 'comment-id', key: 'comment-id' },
  };
  return [
    alone(v, votes, VOTES, [NO_TEXT]),
    alone(c, comments, COMMENTS),
    alone(s, summary, mapped({ text: ['topic'] }), [NO_USER, NO_TIME]),
    together,
  ];
};

const EXPECTED: readonly Expected[] = [
  alone('online-retail/OnlineRetail.csv.gz', 541_909, RETAIL, [/not UTF-8; it is read as Windows-1252/]),
  alone('movielens-small/tags.csv', 3_683, TAGS),
  alone('movielens-small/ratings.csv', 100_836, RATINGS, [NO_TEXT]),
  alone('movielens-small/movies.csv', 9_742, mapped({ text: ['title'], item: 'movieId' }), [NO_USER, NO_TIME]),
  alone('movielens-small/links.csv', 9_742, NOTHING, [NO_USER, NO_TIME, NO_TEXT]),
  {
    files: ['movielens-small/ratings.csv', 'movielens-small/movies.csv'],
    rows: [100_836, 9_742],
    mapping: RATED_MOVIES,
    join: MOVIES,
  },
  { files: ['movielens-small/movies.csv', 'movielens-small/tags.csv'], rows: [9_742, 3_683], mapping: TAGS, join: MOVIES },
  {
    files: ['links', 'movies', 'ratings', 'tags'].map((name) => `movielens-small/${name}.csv`),
    rows: [9_742, 9_742, 100_836, 3_683],
    mapping: RATED_MOVIES,
    join: MOVIES,
    leftOut: ['links.csv', 'tags.csv'],
  },
  ...polis('vtaiwan.uberx', 49_997, 197, 8),
  ...polis('football-concussions', 14_924, 298, 8),
  ...polis('scoop-hivemind.biodiversity', 29_802, 316, 8),
  ...REDDIT.map((file) => alone(file, file.includes('movies') ? 999 : 1_000, TITLES, [NO_USER])),
  { files: REDDIT, rows: [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 999], mapping: TITLES, notes: [NO_USER] },
  alone('oulad/studentAssessment.csv', 36_184, SUBMITTED, [NO_TEXT], SUBMITTED_SINCE),
  alone('oulad/studentInfo.csv', 12_489, mapped({ user: 'id_student', label: 'final_result' }), [NO_TIME, NO_TEXT]),
  alone(
    'oulad/studentRegistration.csv',
    12_489,
    mapped({ user: 'id_student', time: 'date_registration', timeFormat: 'relative-days' }),
    [NO_TEXT],
    originOf('date_registration', '-159', '-110', '-179'),
  ),
  alone(
    'oulad/assessments.csv',
    37,
    mapped({ time: 'date', timeFormat: 'relative-days', item: 'id_assessment', value: 'weight' }),
    [NO_USER, NO_TEXT],
    originOf('date', '19', '54', '117'),
  ),
  alone('oulad/courses.csv', 12, NOTHING, [NO_USER, NO_TIME, NO_TEXT]),
  alone('oulad/vle.csv', 3_219, NOTHING, [NO_USER, NO_TIME, NO_TEXT]),
  {
    files: ['oulad/studentAssessment.csv', 'oulad/assessments.csv'],
    rows: [36_184, 37],
    mapping: ASSESSED,
    join: ASSESSMENTS,
    question: SUBMITTED_SINCE,
  },
  {
    files: ['assessments', 'courses', 'studentAssessment', 'studentInfo', 'studentRegistration', 'vle'].map(
      (name) => `oulad/${name}.csv`,
    ),
    rows: [37, 12, 36_184, 12_489, 12_489, 3_219],
    mapping: ASSESSED,
    join: ASSESSMENTS,
    leftOut: ['courses.csv', 'studentInfo.csv', 'studentRegistration.csv', 'vle.csv'],
    question: SUBMITTED_SINCE,
  },
  {
    files: ['oulad/studentAssessment.csv', 'oulad/studentInfo.csv'],
    rows: [36_184, 12_489],
    mapping: { ...SUBMITTED, label: 'final_result' },
    join: { table: 'studentInfo.csv', on: 'id_student', key: 'id_student' },
    question: SUBMITTED_SINCE,
    notes: [NO_TEXT],
  },
  alone('wikiticker/edits.jsonl.gz', 39_244, mapped({ user: 'user', time: 'time', text: ['page'] })),
];

test('every file of the data stands in the table', () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(csv|jsonl)(\.gz)?$/.test(path));
  expect(new Set(EXPECTED.flatMap((e) => e.files))).toEqual(new Set(files));
});

const NAMED = EXPECTED.map((expected) => [expected.files.join(' + '), expected] as const);

test.each(NAMED)('%s: rows, proposal, join, question and notes are as expected', async (_, expected) => {
  const { files, rows, mapping, join: joined = null, leftOut = [], question, notes = [] } = expected;
  const previews = await look(files);
  expect(previews.map((p) => p.rowCount)).toEqual(rows);
  const proposal = proposeMapping(previews, DEFAULT_INTAKE);
  expect(proposal.mapping).toEqual(mapping);
  expect(proposal.join?.join ?? null).toEqual(joined);
  expect(proposal.join?.leftOut ?? []).toEqual(leftOut);
  expect(proposal.questions).toEqual(question ? [question] : []);
  expect(proposal.notes).toEqual(notes.map((note) => expect.stringMatching(note)));
});

/** As proposed, join included; `answer` to what is asked. */
async function readProposed(paths: string | readonly string[], answer: Partial<ColumnMapping> = {}): Promise<ReadResult> {
  const files = [paths].flat();
  const previews = await look(files);
  const { mapping: proposed, join: joined } = proposeMapping(previews, DEFAULT_INTAKE);
  const mapping = { ...proposed, ...answer } as ColumnMapping;
  const intake: Intake = { ...DEFAULT_INTAKE, join: joined?.join ?? null, leftOut: joined?.leftOut ?? [] };
  checkMapping(previews, mapping, intake);
  const result = await reader.read(files.map(open), mapping, intake, silentContext);
  const [file] = result.accounting.files;
  const preview = previews.find(({ name }) => name === file?.name);
  expect(file?.sha256).toBe(preview?.sha256);
  expect(file?.read).toBe(preview?.rowCount);
  expect(file?.setAside.reduce((sum, s) => sum + s.count, file.kept)).toBe(file?.read);
  expect(result.events.count).toBe(file?.kept);
  return result;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const span = (times: Float64Array): string[] => [
  day(times.reduce((a, b) => Math.min(a, b))),
  day(times.reduce((a, b) => Math.max(a, b))),
];

describe('online-retail', () => {
  test('P6 rows without a customer and exact duplicates are set aside and counted; the rest is as its makers describe it', async () => {
    const { events, accounting } = await readProposed('online-retail/OnlineRetail.csv.gz');
    const [file] = accounting.files;
    expect(file).toMatchObject({ read: 541_909, kept: 401_604 });
    // Of 5,268 exact duplicates in all, counted with Python's csv module; those without a customer are set aside for that.
    expect(file?.setAside.map(({ reason, count }) => [reason, count])).toEqual([
      ['no user', 135_080],
      ['exact duplicate', 5_225],
    ]);
    expect(file?.setAside[0]?.lines.slice(0, 2)).toEqual([624, 1445]);
    expect(events.users.length).toBe(4_372);
    expect(span(events.time)).toEqual(['2010-12-01', '2011-12-09']);
    expect(events.texts.every((t) => t === t.trim() && !t.includes('  '))).toBe(true);
    // 10,624 negative quantities in all; those without a customer and duplicates are not events.
    expect(events.value.filter((v) => v < 0).length).toBe(8_872);
  });
});

test('movielens tags: all of them are events', async () => {
  const { events } = await readProposed('movielens-small/tags.csv');
  expect([events.count, events.users.length, events.texts.length, events.items.length]).toEqual([3_683, 58, 1_589, 1_572]);
  expect(span(events.time)).toEqual(['2006-01-13', '2018-09-16']);
});

test('polis vtaiwan: Chinese comments with line breaks in them', async () => {
  const { events } = await readProposed('polis/vtaiwan.uberx/comments.csv');
  expect([events.count, events.users.length, events.texts.length]).toEqual([197, 105, 197]);
  expect(events.texts.filter((t) => /[\u4e00-\u9fff]/.test(t)).length).toBeGreaterThan(190);
});

test('movielens ratings: each has the title and the genres of its movie', async () => {
  const { events } = await readProposed(['movielens-small/ratings.csv', 'movielens-small/movies.csv']);
  expect([events.count, events.users.length, events.items.length]).toEqual([100_836, 610, 9_724]);
  expect(span(events.time)).toEqual(['1996-03-29', '2018-09-24']);
  const first = events.item.indexOf(events.items.indexOf('1'));
  expect(events.texts[events.text[first] as number]).toBe('Toy Story (1995) Adventure|Animation|Children|Comedy|Fantasy');
});

test('oulad: submissions lie in the days of the course that began on the given date', async () => {
  const files = ['oulad/studentAssessment.csv', 'oulad/assessments.csv'];
  await expect(readProposed(files)).rejects.toMatchObject({ code: 'time-origin' });
  const { events, accounting } = await readProposed(files, { timeOrigin: '2014-02-01' });
  expect(accounting.files[0]?.read).toBe(36_184);
  // Days -10 to 270.
  expect(span(events.time)).toEqual(['2014-01-22', '2014-10-29']);
});

test('wikiticker: JSON Lines of many languages, the stray times included', async () => {
  const { events } = await readProposed('wikiticker/edits.jsonl.gz');
  expect(events.texts.length).toBeGreaterThan(35_000);
  expect(events.count).toBeGreaterThan(39_000);
});
