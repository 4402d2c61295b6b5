import { describe, expect, test } from 'vitest';
import { type ColumnMapping, DEFAULT_INTAKE, type Intake, silentContext } from '../domain/index.ts';
import { setAsideCsv } from './set-aside-csv.ts';
import { eventLines, fileOf, reader } from './test-files.fixture.ts';

const RATINGS =
  'userId,movieId,rating,timestamp\na,1,4.5,2024-01-01\nb,2,1,2024-01-02\nb,9,5,2024-01-03\nc,1\n\nd,,3,2024-01-04\n';
const MOVIES = ',movieId,title,genres\n0,1,Paper Boats,Comedy\n1,2,Slow River,Adventure|Children\n2,2,Another,Drama\n';
const MAPPING: ColumnMapping = {
  user: 'userId',
  time: 'timestamp',
  text: ['title'],
  type: null,
  item: 'movieId',
  value: 'rating',
  label: null,
  timeFormat: 'iso',
  timeOrigin: null,
  template: null,
  numbers: [],
};
const JOIN = { table: 'movies.csv', on: 'movieId', key: 'movieId' };
const files = [fileOf('movies.csv', MOVIES), fileOf('ratings.csv', RATINGS)];

const read = (some: readonly ReturnType<typeof fileOf>[], intake: Partial<Intake>, mapping: Partial<ColumnMapping> = {}) =>
  reader.read(some, { ...MAPPING, ...mapping }, { ...DEFAULT_INTAKE, ...intake }, silentContext);
const reasons = (result: Awaited<ReturnType<typeof read>>): Record<string, number>[] =>
  result.accounting.files.map((f) => Object.fromEntries(f.setAside.map((s) => [s.reason, s.count])));

const none = () => Promise.reject(new Error('no SQL, so no database'));

describe('several files', () => {
  test('P6 rows that differ in a column that only one of the files has are not the same row', async () => {
    const plain = fileOf('a.csv', 'userId,timestamp,title\nu,2024-01-01,Tea\nu,2024-01-01,Tea\n');
    const more = fileOf('b.csv', 'userId,timestamp,title,order\nv,2024-01-01,Tea,1\nv,2024-01-01,Tea,2\nv,2024-01-01,Tea,2\n');
    const mapping = { item: null, value: null };
    const result = await read([plain, more], {}, mapping);
    expect(reasons(result)).toEqual([{ 'exact duplicate': 1 }, { 'exact duplicate': 1 }]);
    expect(result.events.count).toBe(3);
  });

  test('P6 events take the words of a catalogue; those without a row there, and broken ones, are set aside with their reason', async () => {
    const result = await read(files, { join: JOIN });
    expect(eventLines(result)).toEqual([
      'a | 2024-01-01T00:00:00.000Z | Paper Boats | - | 4.5 | 1 | -',
      'b | 2024-01-02T00:00:00.000Z | Slow River | - | 1 | 2 | -',
    ]);
    expect(reasons(result)).toEqual([{ 'no text': 2, 'too few columns': 1, 'empty line': 1 }]);
    for (const f of result.accounting.files) expect(f.read).toBe(f.kept + f.setAside.reduce((n, s) => n + s.count, 0));
  });

  test('P6 the rows of the catalogue have an account of their own, and all dropped files are named as sources', async () => {
    const catalogue = `${MOVIES}3,,No key,Drama\n`;
    const { accounting } = await read([fileOf('movies.csv', catalogue), fileOf('ratings.csv', RATINGS)], { join: JOIN });
    expect(accounting.files.map((f) => f.name)).toEqual(['ratings.csv']);
    expect(accounting.catalogue).toMatchObject({
      name: 'movies.csv',
      read: 4,
      kept: 2,
      setAside: [
        { reason: 'no key', count: 1, lines: [5], rows: [['3', '', 'No key', 'Drama']] },
        { reason: 'repeated key', count: 1, lines: [4], rows: [['2', '2', 'Another', 'Drama']] },
      ],
    });
    expect(accounting.sources?.map((f) => f.name)).toEqual(['movies.csv', 'ratings.csv']);
    expect((await read([fileOf('a.csv', RATINGS)], {}, { text: ['movieId'], item: null })).accounting).not.toHaveProperty(
      'sources',
    );
  });

  test('the rows of a catalogue that are set aside can be saved', async () => {
    const saved = await setAsideCsv(
      files,
      MAPPING,
      { ...DEFAULT_INTAKE, join: JOIN },
      'movies.csv',
      'repeated key',
      silentContext,
      none,
    );
    expect(saved.join('')).toBe(
      'file,line,reason,column 1,movieId,title,genres\r\nmovies.csv,4,repeated key,2,2,Another,Drama\r\n',
    );
  });

  test('of one shape are read one after the other, and the name of the file is a column', async () => {
    const swapped = 'timestamp,rating,userId,movieId\n2024-02-01,2,e,2\n';
    const several = [fileOf('2023.csv', RATINGS), fileOf('2024.csv', swapped)];
    const result = await read(several, {}, { text: ['movieId'], item: null, type: 'file' });
    expect(eventLines(result).map((line) => line.split(' | ').slice(0, 4).join())).toEqual([
      'a,2024-01-01T00:00:00.000Z,1,2023.csv',
      'b,2024-01-02T00:00:00.000Z,2,2023.csv',
      'b,2024-01-03T00:00:00.000Z,9,2023.csv',
      'e,2024-02-01T00:00:00.000Z,2,2024.csv',
    ]);
  });

  test('P2 a row that two files share is one event, and one a file where the name of the file is a column that is used', async () => {
    const first = fileOf('a.csv', 'userId,timestamp,movieId,rating\ne,2024-02-01,2,1\n');
    const second = fileOf('b.csv', 'userId,timestamp,movieId,rating\nf,2024-02-01,2,1\ne,2024-02-01,2,1\n');
    const lines = async (type: string | null, some: (typeof first)[]): Promise<string[]> =>
      eventLines(await read(some, {}, { text: ['movieId'], item: null, type }));
    expect((await lines(null, [first, second])).length).toBe(2);
    expect((await lines('file', [first, second])).length).toBe(3);
    for (const type of [null, 'file']) expect(await lines(type, [second, first])).toEqual(await lines(type, [first, second]));
  });

  test('SQL sees the joined columns: what the filter refuses is set aside as filtered out, and derived columns can play a part', async () => {
    const derived = [
      { name: 'first genre', sql: "split_part(genres, '|', 1)" },
      { name: 'liked', sql: "CASE WHEN rating::DOUBLE >= 3 THEN 'liked' ELSE 'disliked' END" },
    ];
    const result = await read(
      files,
      { join: JOIN, derived, filter: '"first genre" IS NOT NULL' },
      { text: ['title', 'first genre'], type: 'liked' },
    );
    expect(eventLines(result)).toEqual([
      'a | 2024-01-01T00:00:00.000Z | Paper Boats Comedy | liked | 4.5 | 1 | -',
      'b | 2024-01-02T00:00:00.000Z | Slow River Adventure | disliked | 1 | 2 | -',
    ]);
    expect(reasons(result)).toEqual([{ 'filtered out': 2, 'too few columns': 1, 'empty line': 1 }]);
  });

  test('SQL that is wrong stops the read and says where', async () => {
    await expect(read(files, { join: JOIN, filter: "genre = 'Comedy'" })).rejects.toMatchObject({
      kind: 'input',
      code: 'sql',
      sql: { field: 'filter', offset: 0, message: expect.stringContaining('Did you mean "genres"?') },
    });
  });
});
