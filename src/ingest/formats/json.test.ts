import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { silentContext } from '../../domain/index.ts';
import { FLAW, type TableSource } from '../batch.ts';
import { expand } from '../containers.ts';
import { fileInPieces, fileOf } from '../test-files.fixture.ts';
import { detectFormat, openFormat } from './index.ts';
import { JsonRows } from './json-object.ts';
import { readAll } from './rows.fixture.ts';

async function read(name: string, content: string | Uint8Array<ArrayBuffer>, sheet?: string) {
  return readFile(fileOf(name, content), sheet);
}

async function readFile(file: ReturnType<typeof fileOf>, sheet?: string) {
  const { tables } = await expand(file, silentContext);
  const table = tables[0];
  if (!table) throw new Error('no table');
  const { form } = await detectFormat(table, sheet === undefined ? {} : { sheet }, silentContext);
  const reader = await openFormat(table, form, silentContext);
  return { form, header: reader.header, ...(await readAll(reader)) };
}

describe('records', () => {
  test('columns are the keys of all records, in the order in which they first occur', async () => {
    const { header, rows } = await read('a.jsonl', '{"b":1,"a":"x"}\n{"c":null,"a":"y"}\n');
    expect(header).toEqual(['b', 'a', 'c']);
    expect(rows).toEqual([
      ['1', 'x', ''],
      ['', 'y', ''],
    ]);
  });

  test('nested objects give dotted names, and a key that only holds objects no column of its own', async () => {
    const { header, rows } = await read('a.jsonl', '{"user":{"id":7,"geo":{"city":"Ulm"}}}\n{"user":null,"x":{}}\n');
    expect(header).toEqual(['user.id', 'user.geo.city', 'x']);
    expect(rows).toEqual([
      ['7', 'Ulm', ''],
      ['', '', ''],
    ]);
  });

  test('a dotted key and a nested one stay two columns', async () => {
    const { header, rows } = await read('a.jsonl', '{"a.b":1,"a":{"b":2}}\n{"a.b":3}');
    expect(header).toEqual(['a.b', 'a.b (2)']);
    expect(rows).toEqual([
      ['1', '2'],
      ['3', ''],
    ]);
  });

  test('numbers stay as written: no digit of a long id is lost', async () => {
    const { rows } = await read(
      'a.jsonl',
      '{"id":9007199254740993,"p":1.50,"big":123456789012345678901234567890}\n{"id":-0,"p":1e400}',
    );
    expect(rows).toEqual([
      ['9007199254740993', '1.50', '123456789012345678901234567890'],
      ['-0', '1e400', ''],
    ]);
  });

  test('an array of scalars is one cell joined by |, any other array is JSON text', async () => {
    const { rows } = await read('a.jsonl', '{"t":["a",1,true,null]}\n{"t":[]}\n{"t":[{"k":1}, [2]]}\n{"t":["a|b","c"]}');
    expect(rows).toEqual([['a|1|true|'], [''], ['[{"k":1}, [2]]'], ['["a|b","c"]']]);
  });

  test('a line that is no object is set aside with its line; blank lines are rows of one empty cell', async () => {
    const { rows, lines, flaws } = await read('a.jsonl', '{"a":1,"b":2}\r\n\r\n{"a":2,\r\n[1]\r\n"x"\r\n{"b":3}\r\n');
    expect(rows).toEqual([['1', '2'], [''], ['{"a":2,'], ['[1]'], ['"x"'], ['', '3']]);
    expect(lines).toEqual([1, 2, 3, 4, 5, 6]);
    expect(flaws).toEqual([0, 0, FLAW.notAnObject, FLAW.notAnObject, FLAW.notAnObject, 0]);
  });

  test('a broken record adds no column', async () => {
    expect((await read('a.jsonl', '{"a":1}\n{"ghost":1,"a":{"b":\n{"a":2}')).header).toEqual(['a']);
  });

  test('UTF-16 with a byte order mark, and UTF-8 with one, are read', async () => {
    const text = '{"u":"é日😀"}\n{"u":"b"}\n';
    const wide = new Uint8Array(2 + 2 * text.length);
    wide.set([0xff, 0xfe]);
    for (let i = 0; i < text.length; i++) new DataView(wide.buffer).setUint16(2 + 2 * i, text.charCodeAt(i), true);
    expect((await read('a.jsonl', wide)).rows).toEqual([['é日😀'], ['b']]);
    expect((await read('a.jsonl', `\uFEFF${text}`)).rows).toEqual([['é日😀'], ['b']]);
  });

  test('what is no valid Unicode anywhere is read as Windows-1252 and said to be doubtful; it can be set', async () => {
    const lines = Array.from({ length: 9000 }, (_, i) => `{"u":${i},"t":"caf\u00e9"}`);
    const bytes = Uint8Array.from(lines.join('\n'), (c) => c.charCodeAt(0));
    const { tables } = await expand(fileOf('a.jsonl', bytes), silentContext);
    const table = tables[0] as TableSource;
    const { form, sureness } = await detectFormat(table, {}, silentContext);
    expect(form.encoding).toBe('windows-1252');
    expect(sureness.encoding?.share).toBeLessThan(0.6);
    const { rows } = await readAll(await openFormat(table, form, silentContext));
    expect(rows[8999]).toEqual(['8999', 'café']);
    expect((await detectFormat(table, { encoding: 'shift_jis' }, silentContext)).form.encoding).toBe('shift_jis');
    expect(
      (
        await detectFormat(
          (
            await expand(fileOf('a.jsonl', '{"a":"é"}\n{"a":1}'), silentContext)
          ).tables[0] as TableSource,
          {},
          silentContext,
        )
      ).form.encoding,
    ).toBe('utf-8');
  });

  test('more than 2,000 keys are refused with what to do', async () => {
    const wide = Array.from({ length: 2001 }, (_, i) => `{"user${i}":1}`).join('\n');
    await expect(read('a.jsonl', wide)).rejects.toMatchObject({ kind: 'input', code: 'json-too-many-columns' });
  });

  test('a line of more than 8 MiB is refused with its number', async () => {
    const text = `{"a":1}\n{"a":2}\n{"a":"${'x'.repeat(9 * 1024 * 1024)}"}`;
    await expect(read('a.jsonl', text)).rejects.toThrow('a.jsonl, line 3');
  });

  test('what JSON.parse accepts of an object is accepted, nothing else, and its values are the same', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '\\', '{', '}', ',', ':', '0', 'e', '\u0001', ' '))
      .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1));
    fc.assert(
      fc.property(fc.oneof(fc.json({ maxDepth: 4 }), broken), (text) => {
        const rows = new JsonRows('t');
        expect(rows.learn(text)).toBe(isObject(text));
        if (!isObject(text)) return;
        rows.close();
        const plain = Object.entries(JSON.parse(text) as object).filter(([, v]) => typeof v === 'string');
        for (const [key, value] of plain.filter(([k]) => !/[.\s]|^$/.test(k))) {
          expect(rows.cells(text)?.[rows.header.indexOf(key)]).toBe(value);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

describe('arrays', () => {
  test('an array of objects is read whatever its layout', async () => {
    for (const text of [
      '[{"a":1},{"a":2}]',
      ' [\n  {"a": 1},\n  {"a": 2}\n]\n',
      '{"a":1}{"a":2}',
      '{\n"a":1\n}\n{\n"a":2\n}\n',
    ]) {
      const { form, rows, lines } = await read('a.json', text);
      expect(form.format).toBe('json');
      expect(rows).toEqual([['1'], ['2']]);
      expect(lines).toEqual([1, 2]);
    }
  });

  test('of an object that holds arrays of objects one is read, and all are told', async () => {
    const text = '{"meta":{"n":[{"no":1}]},"users":[{"u":"a"}],"tags":["x"],"events":[{"e":1},{"e":2}]}';
    const first = await read('a.json', text);
    expect(first.form).toMatchObject({ sheet: 'users', sheets: ['users', 'events'] });
    expect(first.rows).toEqual([['a']]);
    expect((await read('a.json', text, 'events')).rows).toEqual([['1'], ['2']]);
  });

  test('elements that are no objects are set aside, and a cut off array keeps what is whole', async () => {
    const { rows, flaws, lines } = await read('a.json', '[{"a":1},foo,[2],{"a":"]}\\""},{"a":');
    expect(rows).toEqual([['1'], ['foo'], ['[2]'], [']}"'], ['{"a":']]);
    expect(flaws).toEqual([0, 2, 2, 0, 2]);
    expect(lines).toEqual([1, 2, 3, 4, 5]);
    const between = await read('a.json', '[{"a":1},');
    expect(between.flaws).toEqual([0, FLAW.notAnObject]);
  });

  test('JSON without a list of objects is refused', async () => {
    await expect(read('a.json', '[1,2,3]')).rejects.toMatchObject({ code: 'json-no-objects' });
    await expect(read('a.json', '[]')).rejects.toMatchObject({ code: 'json-no-objects' });
  });

  test('any records come back from any layout, in pieces of any size', async () => {
    const record = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null)),
    );
    const layout = fc.constantFrom(
      (r: string[]) => r.join('\n'),
      (r: string[]) => `[${r.join(',')}]`,
      (r: string[]) => `[\n${r.join(',\n')}\n]\n`,
      (r: string[]) => `{"n":1,"rows":[${r.join(', ')}],"ok":true}`,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 2, maxLength: 20 }),
        layout,
        fc.integer({ min: 1, max: 40 }),
        async (records, write, size) => {
          const bytes = new TextEncoder().encode(write(records.map((r) => JSON.stringify(r))));
          const { header, rows } = await readFile(fileInPieces('a.json', bytes, size));
          const expected = records.map((r) =>
            header.map((key) => (r[key] === null || r[key] === undefined ? '' : String(r[key]))),
          );
          expect(rows).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
