import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type ColumnMapping,
  DEFAULT_INTAKE,
  type FilePreview,
  type MappingProposal,
  type ReadResult,
  silentContext,
} from '../domain/index.ts';
import { checkMapping, proposeMapping } from './index.ts';
import { fileOf, lookAt, reader } from './test-files.fixture.ts';

/** Real exports, dirt included: the folder that MURMURATION_DATA names. */
const ROOT = process.env.MURMURATION_DATA ?? '';

beforeAll(() => {
  if (ROOT === '' || !existsSync(ROOT)) {
    throw new Error('Set MURMURATION_DATA to the folder with the data sets (online-retail, movielens-small, polis, ...).');
  }
});

const open = (path: string) => fileOf(basename(path), new Uint8Array(readFileSync(join(ROOT, path))));
const look = (path: string): Promise<FilePreview> => lookAt(open(path));

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
const TAGS = mapped({ user: 'userId', time: 'timestamp', timeFormat: 'unix-seconds', text: ['tag'], item: 'movieId' });

const NO_USER = /There is no user column/;
const NO_TIME = /There is no time column that can be read/;
const NO_TEXT = /There is no text column/;

/** Rows are counted with Python's csv module. */
const FILES: readonly [path: string, rows: number, mapping: Mapping, notes: readonly RegExp[]][] = [
  ['online-retail/OnlineRetail.csv.gz', 541_909, RETAIL, [/not UTF-8; it is read as Windows-1252/]],
  ['movielens-small/tags.csv', 3_683, TAGS, []],
  ['movielens-small/ratings.csv', 100_836, RATINGS, [NO_TEXT]],
  ['movielens-small/movies.csv', 9_742, mapped({ text: ['title'], item: 'movieId' }), [NO_USER, NO_TIME]],
  ['movielens-small/links.csv', 9_742, NOTHING, [NO_USER, NO_TIME, NO_TEXT]],
  ['polis/vtaiwan.uberx/comments.csv', 197, COMMENTS, []],
  ['polis/football-concussions/comments.csv', 298, COMMENTS, []],
  ['polis/scoop-hivemind.biodiversity/comments.csv', 316, COMMENTS, []],
  ['polis/vtaiwan.uberx/votes.csv.gz', 49_997, VOTES, [NO_TEXT]],
  ['polis/football-concussions/votes.csv.gz', 14_924, VOTES, [NO_TEXT]],
  ['polis/scoop-hivemind.biodiversity/votes.csv.gz', 29_802, VOTES, [NO_TEXT]],
  ['reddit-titles/Android.csv.gz', 1_000, TITLES, [NO_USER]],
  ['reddit-titles/Baking.csv.gz', 1_000, TITLES, [NO_USER]],
  ['reddit-titles/Python.csv.gz', 1_000, TITLES, [NO_USER]],
  ['reddit-titles/chess.csv.gz', 1_000, TITLES, [NO_USER]],
  ['reddit-titles/gardening.csv.gz', 1_000, TITLES, [NO_USER]],
  ['reddit-titles/movies.csv.gz', 999, TITLES, [NO_USER]],
  ['reddit-titles/photography.csv.gz', 1_000, TITLES, [NO_USER]],
  ['reddit-titles/soccer.csv.gz', 1_000, TITLES, [NO_USER]],
  [
    'oulad/studentAssessment.csv',
    36_184,
    mapped({ user: 'id_student', value: 'score' }),
    [/"date_submitted" sounds like one/, NO_TEXT],
  ],
  ['oulad/studentInfo.csv', 12_489, mapped({ user: 'id_student', label: 'final_result' }), [NO_TIME, NO_TEXT]],
  ['oulad/studentRegistration.csv', 12_489, mapped({ user: 'id_student' }), [/"date_registration" sounds like one/, NO_TEXT]],
  ['oulad/assessments.csv', 37, NOTHING, [NO_USER, NO_TIME, NO_TEXT]],
  ['oulad/courses.csv', 12, NOTHING, [NO_USER, NO_TIME, NO_TEXT]],
  ['oulad/vle.csv', 3_219, NOTHING, [NO_USER, NO_TIME, NO_TEXT]],
];

test.each(FILES)('%s: %d rows, and the mapping is proposed right', async (path, rows, mapping, notes) => {
  const preview = await look(path);
  const proposal = proposeMapping([preview]);
  expect(preview.rowCount).toBe(rows);
  expect(proposal.mapping).toEqual(mapping);
  expect(proposal.notes.length).toBe(notes.length);
  notes.forEach((note, i) => {
    expect(proposal.notes[i]).toMatch(note);
  });
});

test('JSON Lines is told by name', async () => {
  await expect(look('wikiticker/edits.jsonl.gz')).rejects.toThrow(/edits\.jsonl\.gz .*JSON/);
});

async function readProposed(path: string): Promise<ReadResult> {
  const preview = await look(path);
  const { mapping } = proposeMapping([preview]);
  checkMapping([preview], mapping as ColumnMapping);
  const result = await reader.read([open(path)], mapping as ColumnMapping, DEFAULT_INTAKE, silentContext);
  const [file] = result.accounting.files;
  expect(file?.sha256).toBe(preview.sha256);
  expect(file?.read).toBe(preview.rowCount);
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
  test('P6 the rows without a customer are set aside and counted; the rest is as its makers describe it', async () => {
    const { events, accounting } = await readProposed('online-retail/OnlineRetail.csv.gz');
    expect(accounting.files[0]).toMatchObject({
      read: 541_909,
      kept: 406_829,
      setAside: [{ reason: 'no user', count: 135_080 }],
    });
    expect(accounting.files[0]?.setAside[0]?.lines.slice(0, 2)).toEqual([624, 1445]);
    expect(events.users.length).toBe(4_372);
    expect(span(events.time)).toEqual(['2010-12-01', '2011-12-09']);
    expect(events.texts.every((t) => t === t.trim() && !t.includes('  '))).toBe(true);
    // 10,624 negative quantities in all; those without a customer are not events.
    expect(events.value.filter((v) => v < 0).length).toBe(8_905);
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
