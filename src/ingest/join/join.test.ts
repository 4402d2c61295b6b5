import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_MISSING, joinedColumns, silentContext } from '../../domain/index.ts';
import { FLAW } from '../batch.ts';
import { rowsOf, tableOf } from '../tables.fixture.ts';
import { type Catalogue, JoinCounter, type KeyRule, loadCatalogue, withCatalogue } from './join.ts';

const RULE: KeyRule = { missing: DEFAULT_MISSING, normalise: null };
const MOVIES = [
  ['1', 'Paper Boats', 'Comedy'],
  ['2', 'Slow River', 'Adventure'],
];

const load = (rows: readonly (readonly string[])[], rule = RULE, header = ['movieId', 'title', 'genres']): Promise<Catalogue> => {
  const columns = joinedColumns(['userId', 'movieId'], { name: 'movies.csv', header }, 'movieId');
  return loadCatalogue('movies.csv', tableOf(header, rows, 2), 'movieId', columns, rule, silentContext);
};

async function join(events: readonly (readonly string[])[], catalogue: Catalogue, flaws: readonly number[] = []) {
  const counter = new JoinCounter(catalogue);
  const table = withCatalogue('ratings.csv', tableOf(['userId', 'movieId'], events, 3, flaws), catalogue, 'movieId', counter);
  return { header: table.header, rows: await rowsOf(table), matches: counter.matches() };
}

describe('a join', () => {
  test('puts the cells of the catalogue behind those of the events, empty where no row has the key', async () => {
    const { header, rows, matches } = await join(
      [
        ['a', '2'],
        ['b', '3'],
        ['c', ' 1 '],
        ['d', 'NA'],
      ],
      await load(MOVIES),
    );
    expect(header).toEqual(['userId', 'movieId', 'title', 'genres']);
    expect(rows).toEqual([
      ['a', '2', 'Slow River', 'Adventure'],
      ['b', '3', '', ''],
      ['c', ' 1 ', 'Paper Boats', 'Comedy'],
      ['d', 'NA', '', ''],
    ]);
    expect(matches).toEqual({ matched: 2, unmatched: 1, withoutKey: 1, catalogueRows: 2, catalogueUsed: 2, catalogueRepeats: 0 });
  });

  test('P2 of the rows of a repeated key takes the one whose cells come first, wherever it stands, and counts the others', async () => {
    const movies = [...MOVIES, ['1', 'Another', 'x'], ['1', 'Another', 'b'], ['1', 'One more', 'a'], ['1', 'Another']];
    for (const rows of [movies, movies.toReversed(), [...movies.slice(3), ...movies.slice(0, 3)]]) {
      const { rows: joined, matches } = await join([['a', '1']], await load(rows));
      expect(joined).toEqual([['a', '1', 'Another', '']]);
      expect(matches).toMatchObject({ catalogueRows: 6, catalogueRepeats: 4, catalogueUsed: 1 });
    }
  });

  test('P6 each row of the catalogue is kept or set aside with its reason', async () => {
    const header = ['title', 'movieId'];
    const rows = [['Paper Boats', '1'], ['', ''], [' '], ['short'], ['x', '-'], ['x', '1'], ['broken', '5'], ['Frost', '6']];
    const reasons: string[] = [];
    const columns = [{ column: 'title', name: 'title' }];
    const table = tableOf(header, rows, 3, [0, 0, 0, 0, 0, 0, FLAW.brokenQuotes, 0]);
    const catalogue = await loadCatalogue('m.csv', table, 'movieId', columns, RULE, silentContext, (reason, batch, r) =>
      reasons.push(`${batch.line[r]}: ${reason}`),
    );
    expect(reasons).toEqual([
      '3: no key',
      '4: empty line',
      '5: too few columns',
      '6: no key',
      '7: repeated key',
      '8: broken quotes',
    ]);
    expect(catalogue.read).toBe(catalogue.kept + reasons.length);
  });

  test('two ways of writing an id are one where that is declared, and two otherwise', async () => {
    const events = [
      ['a', '1.0'],
      ['b', '2'],
    ];
    const normalise = (key: string): string => key.replace(/\.0+$/, '');
    const movies = [
      ['1', 'Paper Boats', ''],
      ['2.0', 'Slow River', ''],
    ];
    expect((await join(events, await load(movies))).matches).toMatchObject({ matched: 0, unmatched: 2 });
    const declared = await join(events, await load(movies, { ...RULE, normalise }));
    expect(declared.rows.map((r) => r[2])).toEqual(['Paper Boats', 'Slow River']);
  });

  test('leaves ragged rows ragged: what is too short lacks its cells, what is too long stays too long', async () => {
    const { rows } = await join([['a'], ['b', '1', 'beyond', 'more'], ['c', '2']], await load(MOVIES));
    expect(rows).toEqual([
      ['a', null, '', ''],
      ['b', '1', 'Paper Boats', 'Comedy', 'beyond', 'more'],
      ['c', '2', 'Slow River', 'Adventure'],
    ]);
  });

  test('lets blank lines and broken rows pass as they are, uncounted', async () => {
    const { rows, matches } = await join([[''], ['a', '1'], ['x', '1']], await load(MOVIES), [0, 0, FLAW.brokenQuotes]);
    expect(rows).toEqual([[''], ['a', '1', 'Paper Boats', 'Comedy'], ['x', '1']]);
    expect(matches).toMatchObject({ matched: 1, unmatched: 0, withoutKey: 0 });
  });

  test('with an empty catalogue, and of no events, is a join', async () => {
    expect((await join([['a', '1']], await load([]))).rows).toEqual([['a', '1', '', '']]);
    expect((await join([], await load(MOVIES))).matches).toMatchObject({ matched: 0, catalogueRows: 2, catalogueUsed: 0 });
  });

  test('short rows of the catalogue give empty cells', async () => {
    expect((await join([['a', '1']], await load([['1', 'Paper Boats']]))).rows).toEqual([['a', '1', 'Paper Boats', '']]);
  });

  test('ends with a clear error where the catalogue holds more than the limit', async () => {
    const rows = Array.from({ length: 9 }, (_, i) => [`${i}`, 'x'.repeat(1024 * 1024)]);
    const columns = [{ column: 'title', name: 'title' }];
    const loading = (limit: number) =>
      loadCatalogue('films.csv', tableOf(['id', 'title'], rows), 'id', columns, RULE, silentContext, () => {}, limit);
    await expect(loading(8 * 1024 * 1024)).rejects.toMatchObject({ code: 'catalogue-too-large', message: /films\.csv .* 8 MB/ });
    expect((await loading(16 * 1024 * 1024)).kept).toBe(9);
  });

  test('says which column is not there, and in which table', async () => {
    await expect(load([], RULE, ['id', 'title'])).rejects.toMatchObject({
      code: 'column-not-found',
      message: /movies\.csv .*"movieId"/,
    });
    const catalogue = await load(MOVIES);
    const make = () => withCatalogue('ratings.csv', tableOf(['u'], []), catalogue, 'movieId', new JoinCounter(catalogue));
    expect(make).toThrow(/ratings\.csv has no column "movieId"/);
  });
});

test('a join agrees with a Map from key to row, and so do its counts', async () => {
  const cell = fc.oneof(
    fc.constantFrom('', 'NULL', 'k', 'K', 'k ', '\u00a0k', '\u3000é', 'é', 'e\u0301', '字', '😀'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const rows = fc.array(fc.tuple(cell, cell), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(rows, rows, async (events, movies) => {
      const catalogue = await load(movies.map(([key, title]) => [clean(key), clean(title), 'g']));
      const oracle = new Map<string, string>();
      for (const [key, title] of movies) {
        const known = oracle.get(trim(key));
        if (isKey(key) && (known === undefined || bytesOf(title) < bytesOf(known))) oracle.set(trim(key), clean(title));
      }
      const { rows, matches } = await join(
        events.map(([user, key]) => [clean(user), clean(key)]),
        catalogue,
      );
      expect(rows.map((r) => r[2])).toEqual(events.map(([, key]) => (isKey(key) ? (oracle.get(trim(key)) ?? '') : '')));
      const hits = events.filter(([, key]) => isKey(key) && oracle.has(trim(key)));
      expect(matches.matched).toBe(hits.length);
      expect(matches.matched + matches.unmatched + matches.withoutKey).toBe(events.length);
      expect(matches.catalogueUsed).toBe(new Set(hits.map(([, key]) => trim(key))).size);
      expect(matches.catalogueRepeats).toBe(movies.filter(([key]) => isKey(key)).length - oracle.size);
    }),
    { seed: 11, numRuns: 200 },
  );
});

/** Half a surrogate pair is no text that a file could hold. */
const clean = (text: string): string => text.toWellFormed();
const isSpace = (c: string): boolean => c <= ' ' || c === '\u00a0' || c === '\u3000';
function trim(text: string): string {
  const chars = [...clean(text)];
  const first = chars.findIndex((c) => !isSpace(c));
  return first < 0 ? '' : chars.slice(first, chars.findLastIndex((c) => !isSpace(c)) + 1).join('');
}
/** Compares as the bytes of UTF-8 do. */
const bytesOf = (text: string): string => Buffer.from(clean(text)).toString('latin1');
const isKey = (text: string): boolean => trim(text) !== '' && !DEFAULT_MISSING.includes(trim(text));
