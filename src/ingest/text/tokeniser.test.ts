import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../domain/index.ts';
import { cellsOf, FLAW, type RowBatch } from '../batch.ts';
import { BLOCK, Tokeniser } from './tokeniser.ts';

interface Found {
  readonly cells: string[];
  readonly line: number;
  readonly broken: boolean;
}

const PLAIN: Dialect = { delimiter: ',', newline: '\n', quote: '"', escape: 'doubled', comment: null, skip: 0, header: true };

/** @param pieces are UTF-8 of text, or bytes cut anywhere */
function tokenise(pieces: readonly (string | Uint8Array)[], dialect: Partial<Dialect> = {}): Found[] {
  const found: Found[] = [];
  const tokeniser = new Tokeniser({ ...PLAIN, ...dialect }, 'x.csv');
  const take = (batch: RowBatch | null): void => {
    for (let r = 0; batch && r < batch.count; r++) {
      found.push({ cells: cellsOf(batch, r), line: batch.line[r] ?? 0, broken: batch.flaw[r] === FLAW.brokenQuotes });
    }
  };
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
    for (let at = 0; at < bytes.length; at += BLOCK) take(tokeniser.push(bytes.subarray(at, at + BLOCK)));
  }
  take(tokeniser.end());
  return found;
}

const cellsIn = (pieces: readonly string[], dialect: Partial<Dialect> = {}): string[][] =>
  tokenise(pieces, dialect).map(({ cells }) => cells);

/** Every cell in quotes where it needs them. */
function write(
  table: readonly (readonly string[])[],
  { delimiter, quote, escape: way, newline }: Dialect,
  lineEnd: string = newline,
): string {
  const mark = quote ?? '';
  // Before a delimiter of several characters the first of them would be taken for its beginning.
  const special = [mark, delimiter[0] ?? '', '\n', '\r', '\\'].filter((s) => s !== '');
  const escaped = (text: string): string =>
    way === 'doubled' ? text.replaceAll(mark, mark + mark) : text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`);
  const cell = (text: string): string =>
    special.some((s) => text.includes(s)) || text.startsWith(' ') ? mark + escaped(text) + mark : text;
  return table.map((row) => row.map(cell).join(delimiter) + lineEnd).join('');
}

function cut(text: string, places: readonly number[]): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const at = [0, ...places.map((p) => p % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', ' ', '"', "'", '\\', ',', ';', ':', '\t', '|', '\n', '\r', 'é', '字', '😀') }),
  fc.string(),
);
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

describe('any table comes back as it was written, whatever the chunk boundaries', () => {
  const dialects = [',', '\t', ';', '|', '::', '§', ' '].flatMap((delimiter) =>
    (['"', "'"] as const).flatMap((quote) =>
      (['doubled', 'backslash'] as const).map((way) => ({ delimiter, quote, escape: way })),
    ),
  );
  test.each(dialects)('$delimiter, in $quote, $escape', (given) => {
    const dialect = { ...PLAIN, ...given };
    fc.assert(
      fc.property(table, fc.array(fc.nat()), fc.constantFrom('\n', '\r\n', '\r'), (rows, places, lineEnd) => {
        const written = { ...dialect, newline: lineEnd === '\r' ? '\r' : '\n' } as const;
        expect(tokenise(cut(write(rows, written, lineEnd), places), written).map((f) => f.cells)).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  test('long enough to be cut in many steps', () => {
    const long = 'x'.repeat(BLOCK / 3);
    fc.assert(
      fc.property(table, fc.array(fc.nat()), (rows, places) => {
        const padded = rows.map((r) => [long, ...r]);
        const found = tokenise(cut(write(padded, PLAIN, '\r\n'), places));
        expect(found.map((f) => f.cells.slice(1))).toEqual(rows);
      }),
      { numRuns: 40 },
    );
  });

  test('as papaparse reads it, where the marks are in order', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const text = write(rows, PLAIN);
        const theirs = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' }).data.slice(0, rows.length);
        expect(cellsIn([text])).toEqual(theirs);
      }),
    );
  });
});

describe('P6 a row is told by the line on which it begins', () => {
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
    expect(tokenise(['a,b\rc,d\r'], { newline: '\r' }).map((f) => [f.line, ...f.cells])).toEqual([
      [1, 'a', 'b'],
      [2, 'c', 'd'],
    ]);
  });

  test('comments and lines above the table are no rows, and count as lines', () => {
    const text = '# of 2024\n\n#,x\na,b\n# half\n1,"#2"\n\n3,#4\n#end';
    expect(tokenise([text], { comment: '#', skip: 2 }).map((f) => [f.line, ...f.cells])).toEqual([
      [4, 'a', 'b'],
      [6, '1', '#2'],
      [7, ''],
      [8, '3', '#4'],
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
    expect(cellsIn(['"say "hi" now",x\n'])).toEqual([['say "hi" now', 'x']]);
  });

  test('blanks between the mark and the delimiter are no text', () => {
    expect(cellsIn(['"a" ,"b"  \n"c"\t,"d"\n'])).toEqual([['a', 'b'], ['c"\t,"d']]);
  });

  test.each(['i,"open', 'i,"', 'i,"""', 'i,"" "'])(
    'with thousands of lines like %j every line is still told, in good time',
    (line) => {
      const found = tokenise([`${new Array<string>(20_001).fill(line).join('\n')}\n`]);
      const breaks = found.reduce((sum, f) => sum + f.cells.join('').split('\n').length, 0);
      expect(breaks).toBe(20_001);
      expect(found.at(-1)?.line).toBe(20_001);
    },
  );

  test.each(['"open', '"open ""quoted""'])('also with more than 8 MiB behind it: %j', (cell) => {
    const lines = 136 * 16_384;
    const found = tokenise([`a,b\n1,${cell}\n`, ...new Array<string>(136).fill('x,y\n'.repeat(16_384)), '3,"z"']);
    expect(found.filter((f) => f.broken).map((f) => f.line)).toEqual([2]);
    expect(found.at(-1)).toEqual({ cells: ['3', 'z'], line: lines + 3, broken: false });
    expect(found).toHaveLength(lines + 3);
  });

  test('and a line that goes on for more than 8 MiB ends with its number', () => {
    const piece = 'x'.repeat(BLOCK);
    expect(() => tokenise(['a,b\n1,"open', ...new Array<string>(40).fill(piece)])).toThrow(/x\.csv, line 2: /);
    expect(() => tokenise(['a,b\n1,2\n3,', ...new Array<string>(40).fill(piece)])).toThrow(/x\.csv, line 3: /);
  });
});

test('a quotation mark inside a cell that does not begin with one is text', () => {
  expect(cellsIn(['5" disk,a "quoted" word\n'])).toEqual([['5" disk', 'a "quoted" word']]);
});

test('without a quotation mark in the dialect all are text', () => {
  expect(cellsIn(['"a,b"\n"\n'], { quote: null })).toEqual([['"a', 'b"'], ['"']]);
});
