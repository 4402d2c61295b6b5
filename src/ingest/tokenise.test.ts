import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Dialect, Tokeniser } from './tokenise.ts';

interface Found {
  readonly cells: string[];
  readonly line: number;
  readonly broken: boolean;
}

function tokenise(pieces: readonly string[], delimiter = ',', newline: Dialect['newline'] = '\n'): Found[] {
  const found: Found[] = [];
  const tokeniser = new Tokeniser({ delimiter, newline }, 'x.csv', (cells, line, broken) => found.push({ cells, line, broken }));
  for (const piece of pieces) tokeniser.push(piece);
  tokeniser.end();
  return found;
}

/** RFC 4180, with a fill that makes the parser run before the end. */
function write(table: readonly (readonly string[])[], delimiter: string, lineEnd: string): string {
  const cell = (text: string): string =>
    text.includes('"') || text.includes(delimiter) || /[\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return table.map((row) => row.map(cell).join(delimiter) + lineEnd).join('');
}

function cut(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.map((p) => p % (text.length + 1)).sort((a, b) => a - b), text.length];
  return at.slice(1).map((end, i) => text.slice(at[i], end));
}

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', ';', '\t', '|', '\n', '\r', 'é', '字', '😀') }),
  fc.string(),
);
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

describe('any table comes back as it was written, whatever the chunk boundaries', () => {
  test.each([',', '\t', ';', '|'])('delimiter %j, lines end with LF', (delimiter) => {
    fc.assert(
      fc.property(table, fc.array(fc.nat()), (rows, places) => {
        // The reader takes a CR at the very end of a row for part of the line end.
        fc.pre(rows.every((r) => !r.at(-1)?.endsWith('\r')));
        const found = tokenise(cut(write(rows, delimiter, '\n'), places), delimiter);
        expect(found.map((f) => f.cells)).toEqual(rows);
      }),
    );
  });

  test('lines end with CRLF, long enough to be parsed in many steps', () => {
    const long = 'x'.repeat(40_000);
    fc.assert(
      fc.property(table, fc.array(fc.nat()), (rows, places) => {
        fc.pre(rows.every((r) => !r.at(-1)?.endsWith('\r')));
        const padded = rows.map((r) => [long, ...r]);
        const found = tokenise(cut(write(padded, ',', '\r\n'), places));
        expect(found.map((f) => f.cells.slice(1))).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });
});

describe('P6 a record is told by the line on which it begins', () => {
  test('with line breaks inside cells', () => {
    const found = tokenise(['a,b\r\n"1\r\n2","3\n4"\r\n\r\n5,6\r\n']);
    expect(found.map((f) => f.line)).toEqual([1, 2, 5, 6]);
    expect(found.map((f) => f.cells)).toEqual([['a', 'b'], ['1\r\n2', '3\n4'], [''], ['5', '6']]);
  });

  test('with a last line that has no end', () => {
    expect(tokenise(['a\n', 'b'])).toEqual([
      { cells: ['a'], line: 1, broken: false },
      { cells: ['b'], line: 2, broken: false },
    ]);
  });

  test('with old Mac line ends', () => {
    expect(tokenise(['a,b\rc,d\r'], ',', '\r').map((f) => [f.line, ...f.cells])).toEqual([
      [1, 'a', 'b'],
      [2, 'c', 'd'],
    ]);
  });
});

describe('a quotation mark that is never closed costs its own line only', () => {
  test('the rows after it are read', () => {
    const found = tokenise(['a,b\n1,"open\n2,x\n3,y\n4,z\n']);
    expect(found.filter((f) => f.broken).map((f) => f.line)).toEqual([2]);
    expect(found.map((f) => f.line)).toEqual([1, 2, 3, 4, 5]);
    expect(found.at(-1)?.cells).toEqual(['4', 'z']);
  });

  test('also where another quotation mark ends the cell some lines later', () => {
    const found = tokenise(['a,b\n1,"open\n2,x\n3,"y"\n4,z\n']);
    expect(found[1]).toEqual({ cells: ['1', '"open'], line: 2, broken: true });
    expect(found[3]).toEqual({ cells: ['3', 'y'], line: 4, broken: false });
  });

  test('at the very end of the file', () => {
    expect(tokenise(['a,b\n1,"open\n2,x']).map((f) => [f.line, f.broken])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ]);
  });

  test('stray quotation marks within one line are text', () => {
    expect(tokenise(['"say "hi" now",x\n']).map((f) => f.cells)).toEqual([['say "hi" now', 'x']]);
  });

  test('with thousands of them every line is still told, in good time', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `${i},"open`);
    const found = tokenise([`${lines.join('\n')}\n`]);
    expect(found.length).toBe(20_000);
    expect(found.at(-1)?.line).toBe(20_000);
  });

  test('past 8 MiB it ends with the line named', () => {
    const piece = 'x,y\n'.repeat(16_384);
    expect(() => tokenise(['a,b\n1,"open\n', ...new Array<string>(200).fill(piece)])).toThrow(/x\.csv, line 2: /);
  });
});

test('a quotation mark inside a cell that does not begin with one is text', () => {
  expect(tokenise(['5" disk,a "quoted" word\n'])[0]?.cells).toEqual(['5" disk', 'a "quoted" word']);
});
