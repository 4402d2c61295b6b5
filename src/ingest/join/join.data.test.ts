import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { beforeAll, expect, test } from 'vitest';
import { type ByteSource, DEFAULT_INTAKE, type Intake, type JoinMatches, silentContext } from '../../domain/index.ts';
import { FLAW } from '../batch.ts';
import { lazyDuckDb } from '../duckdb.lazy.ts';
import { openDuckDbInNode } from '../duckdb.node.ts';
import { openAll, rowSources } from '../load.ts';
import { ReadingProgress } from '../progress.ts';
import { fileOf, lookAt } from '../test-files.fixture.ts';
import { proposeJoin } from './propose-join.ts';

/** Real exports, dirt included: the folder that MURMURATION_DATA names. */
const ROOT = process.env.MURMURATION_DATA ?? '';
const openDuckDb = lazyDuckDb(openDuckDbInNode);

beforeAll(() => {
  if (ROOT === '' || !existsSync(ROOT)) throw new Error('Set MURMURATION_DATA to the folder with the data sets.');
});

const filesOf = (folder: string): ByteSource[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => /\.csv(\.gz)?$/.test(name))
    .map((name) => fileOf(name, new Uint8Array(readFileSync(join(ROOT, folder, name)))));

const cellsOf = (folder: string, name: string): Record<string, string>[] => {
  const bytes = readFileSync(join(ROOT, folder, name));
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
};

/** What reading makes of the events' rows, as counts. */
async function count(files: readonly ByteSource[], intake: Intake): Promise<{ kept: number; join: JoinMatches | undefined }> {
  const opened = await openAll(files, intake, silentContext, new ReadingProgress(files, silentContext));
  const { sources, counter } = await rowSources(opened, intake, silentContext, openDuckDb);
  let kept = 0;
  for (const { reader } of sources) {
    for await (const { count: rows, flaw } of reader.batches()) for (let r = 0; r < rows; r++) if (flaw[r] === FLAW.none) kept++;
  }
  return { kept, join: counter?.matches() };
}

test.each([
  ['movielens-small', 'ratings.csv', 'movies.csv', 'movieId'],
  ['oulad', 'studentAssessment.csv', 'assessments.csv', 'id_assessment'],
  ['polis/vtaiwan.uberx', 'votes.csv.gz', 'comments.csv', 'comment-id'],
  ['polis/football-concussions', 'votes.csv.gz', 'comments.csv', 'comment-id'],
  ['polis/scoop-hivemind.biodiversity', 'votes.csv.gz', 'comments.csv', 'comment-id'],
])(
  'all tables of %s: %s is joined with %s on %s, and as many rows match as a Map finds',
  async (folder, events, catalogue, key) => {
    const files = filesOf(folder);
    const proposal = proposeJoin(await Promise.all(files.map((file) => lookAt(file))));
    expect(proposal?.join).toEqual({ table: catalogue, on: key, key });
    expect([...(proposal?.leftOut ?? []), events, catalogue].sort()).toEqual(files.map((f) => f.name).sort());
    const keys = new Set(cellsOf(folder, catalogue).map((row) => row[key]));
    const rows = cellsOf(folder, events);
    const hits = rows.filter((row) => keys.has(row[key]));
    const found = await count(files, { ...DEFAULT_INTAKE, leftOut: proposal?.leftOut ?? [], join: proposal?.join ?? null });
    expect(found.join).toMatchObject({
      matched: hits.length,
      unmatched: rows.length - hits.length,
      catalogueUsed: new Set(hits.map((row) => row[key])).size,
    });
  },
  120_000,
);

test('SQL over joined columns lets as many rows through as plain code does', async () => {
  const genres = new Map(cellsOf('movielens-small', 'movies.csv').map((row) => [row.movieId, row.genres ?? '']));
  const ratings = cellsOf('movielens-small', 'ratings.csv');
  const expected = ratings.filter((row) => Number(row.rating) > 4 && /Comedy/.test(genres.get(row.movieId) ?? '')).length;
  const intake: Intake = {
    ...DEFAULT_INTAKE,
    leftOut: ['links.csv', 'tags.csv'],
    join: { table: 'movies.csv', on: 'movieId', key: 'movieId' },
    derived: [{ name: 'stars', sql: 'rating::DOUBLE' }],
    filter: "stars > 4 AND genres LIKE '%Comedy%'",
  };
  expect((await count(filesOf('movielens-small'), intake)).kept).toBe(expected);
  expect(expected).toBeGreaterThan(1000);
}, 120_000);
