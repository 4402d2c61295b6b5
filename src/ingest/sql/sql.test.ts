import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError, DEFAULT_INTAKE, type DerivedColumn, type Intake, silentContext } from '../../domain/index.ts';
import { FLAW, type TableReader } from '../batch.ts';
import { lazyDuckDb } from '../duckdb.lazy.ts';
import { openDuckDbInNode } from '../duckdb.node.ts';
import { cellsOf, rowsOf, tableOf } from '../tables.fixture.ts';
import { checkSql, sqlChecker, withSql } from './sql.ts';

const db = await openDuckDbInNode();

const intake = (filter: string, derived: readonly DerivedColumn[] = [], more: Partial<Intake> = {}): Intake => ({
  ...DEFAULT_INTAKE,
  filter,
  derived,
  ...more,
});
const sql = (table: TableReader, wanted: Intake): TableReader => withSql('a.csv', table, wanted, db, silentContext);
const HEADER = ['userId', 'rating', 'comment-id'];
const check = (filter: string, derived: readonly DerivedColumn[] = [], header = HEADER) =>
  checkSql(header, { filter, derived }, db);

/** The first cell of each row that the filter let through. */
async function kept(table: TableReader): Promise<(string | null | undefined)[]> {
  const cells: (string | null | undefined)[] = [];
  for await (const batch of table.batches()) {
    for (let r = 0; r < batch.count; r++) if (batch.flaw[r] !== FLAW.filteredOut) cells.push(cellsOf(batch, r)[0]);
  }
  return cells;
}

describe('a filter', () => {
  const table = (size = 3) =>
    tableOf(
      HEADER,
      [
        ['a', '4.5', '1'],
        ['b', '2', '2'],
        ['c', ' 5 ', ''],
        ['d', 'NA', '1'],
        ['e', '', '3'],
      ],
      size,
    );

  test.each([
    ['rating::DOUBLE > 3', ['a', 'c']],
    ['rating IS NULL', ['d', 'e']],
    ['NOT (rating::DOUBLE > 3)', ['b']],
    ['"comment-id" = \'1\' -- and no more', ['a', 'd']],
    ["USERID IN ('a', 'b') /* these */", ['a', 'b']],
    ['"comment-id" IS DISTINCT FROM \'1\'', ['b', 'c', 'e']],
    ['false', []],
    ['NULL::BOOLEAN', []],
    ['true', ['a', 'b', 'c', 'd', 'e']],
    ['len(list_filter([1, 2], x -> x::VARCHAR = rating)) = 1', ['b']],
  ])('%s keeps the rows for which it is true, neither those where it is false nor NULL', async (filter, expected) => {
    for (const size of [1, 2, 5]) expect(await kept(sql(table(size), intake(filter)))).toEqual(expected);
  });

  test('P6 no row is lost: those that do not pass are marked, broken and blank ones stay as they are', async () => {
    const rows = [['a', '1', ''], [''], ['x', '9', ''], ['b'], ['c', '3', '', 'beyond']];
    const result = sql(tableOf(HEADER, rows, 9, [0, 0, FLAW.brokenQuotes, 0, 0]), intake("rating = '1'"));
    expect(result.header).toEqual(HEADER);
    for await (const batch of result.batches()) {
      expect([...batch.flaw]).toEqual([0, 0, FLAW.brokenQuotes, FLAW.filteredOut, FLAW.filteredOut]);
      expect(rows.map((_, r) => cellsOf(batch, r))).toEqual([rows[0], [''], rows[2], ['b', null, null], rows[4]]);
    }
  });

  test('of a table without rows gives no rows', async () => {
    expect(await rowsOf(sql(tableOf(HEADER, []), intake('true')))).toEqual([]);
  });
});

describe('derived columns', () => {
  test('stand behind the others, may use those before them, and are empty where they are NULL', async () => {
    const derived = [
      { name: 'Größe "x"', sql: 'TRY_CAST(rating AS DOUBLE) * 2' },
      { name: 'large', sql: '"Größe ""x""" > 5' },
      { name: 'who', sql: "upper(userId) || '字'" },
    ];
    const table = tableOf(
      HEADER,
      [
        ['a', '1.25', ''],
        ['é', '4', '', 'beyond'],
        ['c', 'n/a', ''],
      ],
      2,
    );
    const result = sql(table, intake('"large" IS NOT FALSE', derived));
    expect(result.header).toEqual([...HEADER, 'Größe "x"', 'large', 'who']);
    expect(await rowsOf(result)).toEqual(
      [
        ['a', '1.25', ''],
        ['é', '4', '', '8.0', 'true', 'É字', 'beyond'],
        ['c', 'n/a', '', '', '', 'C字'],
      ].map((row, r) => (r === 0 ? [...row, '2.5', 'false', 'A字'] : row)),
    );
  });

  test('of numbers are written with the decimal mark with which numbers are read', async () => {
    const derived = [
      { name: 'half', sql: "replace(rating, ',', '.')::DOUBLE / 2" },
      { name: 'text', sql: "'1.5'" },
    ];
    const result = sql(tableOf(HEADER, [['a', '2,5', '']]), intake('', derived, { decimal: ',' }));
    expect(await rowsOf(result)).toEqual([['a', '2,5', '', '1,25', '1.5']]);
  });

  test('of texts come out as they went in, whatever is in them', async () => {
    const cell = fc.string({ unit: 'binary', maxLength: 6 }).map((text) => text.toWellFormed());
    const header = ['a', 'b"; DROP TABLE batch_rows; --', 'ü 字'];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { maxLength: 12 }), async (rows) => {
        const derived = header.map((name, i) => ({ name: `copy ${i}`, sql: `"${name.replaceAll('"', '""')}"` }));
        const result = await rowsOf(sql(tableOf(header, rows, 5), intake('', derived, { missing: [] })));
        const isSpace = (c: string): boolean => c <= ' ' || c === '\u00a0' || c === '\u3000';
        const trimmed = (text: string): string => {
          const chars = [...text];
          const first = chars.findIndex((c) => !isSpace(c));
          return first < 0 ? '' : chars.slice(first, chars.findLastIndex((c) => !isSpace(c)) + 1).join('');
        };
        expect(result).toEqual(rows.map((row) => [...row, ...row.map(trimmed)]));
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  test('more rows than a chunk of DuckDB holds stay in their order', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [`u${i}`, String(i), '']);
    const result = await rowsOf(sql(tableOf(HEADER, rows, 5000), intake('', [{ name: 'n', sql: 'rating::INTEGER + 1' }])));
    expect(result.map((row) => row[3])).toEqual(rows.map((_, i) => String(i + 1)));
  });
});

describe('what is wrong is told where it is', () => {
  test.each([
    ['ratng > 3', 0, /no column "ratng"\. Did you mean "rating"\?/],
    ["'é字😀' = 'x'\n  AND ratng = '1'", 19, /Did you mean "rating"/],
    ['comment-id = 3', 0, /If you mean "comment-id", put it in double quotes/],
    ['userId = "buying"', 9, /Text stands in single quotes: 'buying'/],
    ["substrr(userId, 1) = 'a'", 0, /no function "substrr"\. Did you mean "substr"/],
    ['userId::INTEGR = 1', 8, /no type "INTEGR"/],
    ['rating > 3', 7, /Columns are text: write "column"::DOUBLE/],
    ['rating + 1 > 3', 7, /Columns are text/],
    ['rating >', 8, /ends too early|Syntax error/],
    ["rating = 'a", 9, /never closed/],
    ['"rating = 1', 0, /never closed/],
    ['1 = 1 /* so', 6, /never closed/],
    ["(rating = '1'", 0, /never closed/],
    ["rating = '1') OR (true", 12, /closes nothing/],
    ["rating, 'x'", 6, /One expression/],
    ['true; DROP TABLE probe', 4, /without a semicolon/],
    ['rating', null, /must say true or false.*gives text/],
    ['1 + 1', null, /must say true or false/],
    ['count(*) > 1', 0, /each row is looked at alone/],
    ['row_number() OVER () > 1', 0, /each row is looked at alone/],
    ['rating = (SELECT max(rating) FROM probe)', 10, /subquery/],
    ['EXISTS (FROM duckdb_settings())', 0, /subquery/],
    ["rating IN (SELECT content FROM read_text('/etc/passwd'))", 11, /subquery/],
    ["read_text('/etc/passwd') IS NULL", 0, /makes a table/],
    ['unnest([true, false])', 0, /each row/],
    ['rowid = 1', 0, /no column "rowid"/],
    ["probe.rating = '1'", 0, /probe/],
    ['COLUMNS(*) IS NULL', 0, /name the columns/],
    ['rating = ?', null, /Parameters/],
    ['rating = $1', null, /Parameters/],
    ['random() > 0.5', 0, /another result with each run/],
    ['"random"() > 0.5', 0, /another result with each run/],
    ['main.random() > 0.5', 5, /another result with each run/],
    ['rating::TIMESTAMP < now()', 20, /another result with each run/],
    ['rating < current_date', 9, /another result with each run/],
    ['current_timestamp IS NULL', 0, /another result with each run/],
    ["nextval('x') = 1", 0, /another result with each run/],
    ["json_extract(rating, 'x') = 1", 0, /no function "json_extract"/],
  ])('%s', (filter, offset, message) => {
    expect(check(filter)).toEqual({ field: 'filter', offset, message: expect.stringMatching(message) });
  });

  test.each([
    "ATTACH 'x.db'",
    "COPY probe TO 'x.csv'",
    'LOAD json',
    'PRAGMA version',
    'SET threads = 1',
    'true) ; SET errors_as_json = false; SELECT (true',
  ])('a statement is no expression: %s', (filter) => {
    expect(check(filter)).toMatchObject({ field: 'filter', offset: expect.any(Number) });
  });

  test('in a derived column, under its name', () => {
    const good = { name: 'n', sql: 'rating::DOUBLE' };
    expect(check('n > 3', [good])).toBeNull();
    expect(check('n > 3', [good, { name: 'm', sql: 'n + k' }])).toMatchObject({ field: 'm', offset: 4 });
    expect(check('', [{ name: 'm', sql: 'n + 1' }, good])).toMatchObject({ field: 'm', offset: 0 });
    expect(check('', [{ name: 'm', sql: ' ' }])).toMatchObject({
      field: 'm',
      message: expect.stringMatching(/Write an expression/),
    });
  });

  test('a derived column has a name of its own', () => {
    for (const name of ['rating', 'Rating', '', ' ', 'filter'])
      expect(check('', [{ name, sql: '1' }])).toMatchObject({ field: name });
    expect(
      check('', [
        { name: 'n', sql: '1' },
        { name: 'N', sql: '1' },
      ]),
    ).toMatchObject({ field: 'N' });
  });

  test('columns that differ in capital letters only can be there, but not be named', () => {
    const header = ['name', 'Name', 'é', 'É', 'x'];
    expect(check("x = '1'", [], header)).toBeNull();
    expect(check("é = '1'", [], header)).toBeNull();
    expect(check("NAME = '1'", [], header)).toMatchObject({ offset: 0, message: expect.stringMatching(/can't tell them apart/) });
  });

  test('a column may have the name of a function or a word of SQL', () => {
    const header = ['user', 'now', 'random', 'order', 'select', 'row'];
    expect(
      check('"user" = \'a\' AND now = \'1\' AND random = \'2\' AND "order" = "select" AND "row" = \'1\'', [], header),
    ).toBeNull();
  });

  test('a table without columns can be filtered by nothing but constants', () => {
    expect(check('1 = 1', [], [])).toBeNull();
    expect(check('x = 1', [], [])).toMatchObject({ offset: 0 });
  });

  test('on the row where it fails, by file and line, and as an error that crosses threads whole', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => ['a', i === 37 || i === 40 ? 'n/a!' : '1', '']);
    const run = (wanted: Intake) => rowsOf(sql(tableOf(HEADER, rows, 20), wanted));
    const error = await run(intake("'é' = '' OR rating::DOUBLE > 0")).catch((e: unknown) => e);
    expect(error).toMatchObject({ kind: 'input', code: 'sql', sql: { field: 'filter', offset: 18 } });
    expect((error as AppError).message).toMatch(/a\.csv, line 39: Could not convert string 'n\/a!' to DOUBLE/);
    expect((error as AppError).hint).toMatch(/TRY_CAST/);
    expect(AppError.fromData(structuredClone((error as AppError).toData())).sql).toEqual((error as AppError).sql);
    const derived = [
      { name: 'fine', sql: 'upper(rating)' },
      { name: 'bad', sql: 'rating::INTEGER' },
    ];
    await expect(run(intake("fine = '1'", derived))).rejects.toMatchObject({ sql: { field: 'bad' } });
    // What failed leaves nothing behind.
    expect((await run(intake("rating = 'n/a!'"))).length).toBe(50);
  });
});

test('DuckDB is opened when there is SQL, once, and again after it failed', async () => {
  let opened = 0;
  const open = lazyDuckDb(async () => {
    if (opened++ === 0) throw new Error('no WebAssembly');
    return db;
  });
  const checker = sqlChecker(open);
  expect(await checker(HEADER, intake(' '))).toBeNull();
  expect(opened).toBe(0);
  await expect(checker(HEADER, intake('true'))).rejects.toMatchObject({ kind: 'ability', code: 'store-unavailable' });
  expect(await checker(HEADER, intake('true'))).toBeNull();
  expect(await checker(HEADER, intake('nothing'))).toMatchObject({ field: 'filter' });
  expect(opened).toBe(2);
});

test('P2 an expression sees one row alone: however the rows are cut into batches, the result is the same', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => [`u${i % 7}`, String((i * 37) % 11), '']);
  const wanted = intake('x > 3', [
    { name: 'x', sql: 'rating::INTEGER % 8' },
    { name: 'h', sql: 'md5(userId)' },
  ]);
  const whole = await rowsOf(sql(tableOf(HEADER, rows, 40), wanted));
  for (const size of [1, 7, 39]) expect(await rowsOf(sql(tableOf(HEADER, rows, size), wanted))).toEqual(whole);
});

test('bytes that are no UTF-8 do not reach DuckDB, and the row stays', async () => {
  const table = tableOf(
    ['a', 'b'],
    [
      ['x', 'yy'],
      ['z', 'q'],
    ],
  );
  const broken: TableReader = {
    header: table.header,
    async *batches() {
      for await (const batch of table.batches()) {
        batch.bytes[batch.start[1] as number] = 0xff;
        yield batch;
      }
    },
  };
  const result = sql(broken, intake('', [{ name: 'c', sql: "b || '!'" }]));
  for await (const batch of result.batches()) {
    expect(cellsOf({ ...batch, row: Uint32Array.of(2, 3) }, 0)).toEqual(['\ufffdy!']);
    expect(cellsOf(batch, 1)).toEqual(['z', 'q', 'q!']);
  }
});

test('P1 the database has neither files nor extensions, and no way back to them', () => {
  const connection = db.connect();
  for (const statement of [
    "COPY (SELECT 1) TO '/tmp/x.csv'",
    "SELECT * FROM read_text('/etc/hosts')",
    'LOAD json',
    'SET enable_external_access = true',
    "ATTACH '/tmp/x.db'",
  ]) {
    expect(() => connection.query(statement), statement).toThrow(/disabled|Cannot/);
  }
  connection.close();
});
