import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { createRandom, shuffle, silentContext } from '../../domain/index.ts';
import { inspectFile } from '../inspect.ts';
import { fileOf } from '../test-files.fixture.ts';
import { decodeText } from './decode.ts';
import { detect } from './form.fixture.ts';

const encode = (text: string, encoding: string): Uint8Array<ArrayBuffer> => new Uint8Array(iconv.encode(text, encoding));
const isForeign = (text: string): boolean => [...text].some((c) => c >= '\x80');

/** Names of currencies and scripts in a language: text that nobody wrote for these tests. */
function namesIn(locale: string): string[] {
  const currencies = new Intl.DisplayNames([locale], { type: 'currency', fallback: 'none' });
  const scripts = new Intl.DisplayNames([locale], { type: 'script', fallback: 'none' });
  const codes = ['Arab', 'Armn', 'Beng', 'Cyrl', 'Deva', 'Ethi', 'Geor', 'Grek', 'Hebr', 'Khmr', 'Laoo', 'Mong', 'Telu', 'Thai'];
  return [
    ...Intl.supportedValuesOf('currency').flatMap((code) => currencies.of(code) ?? []),
    ...codes.flatMap((code) => scripts.of(code) ?? []),
  ];
}

/** Those of them that an encoding can write and that are not all ASCII, in an order by chance. */
function foreignNames(locale: string, encoding: string, seed: number): string[] {
  const writable = (name: string): boolean => iconv.decode(iconv.encode(name, encoding), encoding) === name;
  const names = namesIn(locale).filter((name) => isForeign(name) && writable(name));
  shuffle(names, createRandom(seed));
  return names;
}

const tableWith = (names: readonly string[]): string => `id,name,n\n${names.map((name, i) => `${i},${name},5`).join('\n')}\n`;

const LANGUAGES: [string, string][] = [
  ['de', 'windows-1252'],
  ['fr', 'windows-1252'],
  ['es', 'windows-1252'],
  ['pt', 'windows-1252'],
  ['sv', 'windows-1252'],
  ['is', 'windows-1252'],
  ['zh-Hans', 'gb18030'],
  ['zh-Hant', 'big5'],
  ['ja', 'shift_jis'],
];

describe.each(LANGUAGES)('names in %s, written in %s, are told', (locale, encoding) => {
  test.each([
    [1, 0.97],
    [3, 0.99],
    [20, 1],
  ])('%i of them: in %f of 100 tables', async (n, least) => {
    let right = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { form } = await detect(encode(tableWith(foreignNames(locale, encoding, seed).slice(0, n)), encoding));
      if (form.encoding === encoding) right++;
    }
    expect(right / 100).toBeGreaterThanOrEqual(least);
  });

  test('surely, with a hundred', async () => {
    const { sureness } = await detect(encode(tableWith(foreignNames(locale, encoding, 1).slice(0, 100)), encoding));
    expect(sureness.encoding?.share).toBeGreaterThan(0.85);
  });
});

test.each([
  ['ko', 'euc-kr'],
  ['ru', 'windows-1251'],
  ['el', 'windows-1253'],
  ['ja', 'euc-jp'],
  ['ar', 'windows-1256'],
])('an encoding that is not looked for is never found surely: %s in %s', async (locale, encoding) => {
  const { sureness } = await detect(encode(tableWith(foreignNames(locale, encoding, 1).slice(0, 100)), encoding));
  expect(sureness.encoding?.share).toBeLessThan(0.6);
  expect(sureness.encoding?.why).toMatch(/may be another/);
});

describe('the encoding is that of the whole file', () => {
  const plain = '1,plain words,2024-01-01 10:00:00\n'.repeat(40_000);

  test.each([
    ['windows-1252', 'Malmö'],
    ['gb18030', '上海的天气'],
    ['big5', '臺灣的天氣'],
    ['shift_jis', '東京タワー'],
    ['utf-8', 'Malmö'],
  ])('%s whose first other character comes after 1.4 MB', async (encoding, name) => {
    const { form } = await detect(encode(`id,name,time\n${plain}2,${name},2024-01-01 10:00:00\n${plain}`, encoding));
    expect(form.encoding).toBe(encoding);
  });

  test('one character in a hundred is enough', async () => {
    const rows = foreignNames('fr', 'windows-1252', 3).map((name, i) => `${i},${'plain words and more '.repeat(12)},${name}`);
    const { form, sureness } = await detect(encode(`id,text,name\n${rows.join('\n')}\n`, 'windows-1252'));
    expect(form.encoding).toBe('windows-1252');
    expect(sureness.encoding?.share).toBeGreaterThan(0.9);
  });

  test.each(['utf-8', 'gb18030', 'big5', 'shift_jis'])('%s that breaks off inside of a character', async (encoding) => {
    const text: Record<string, string> = { big5: '香港的天氣很好', shift_jis: '東京の天気はいいです' };
    const bytes = encode(`id,name\n1,${text[encoding] ?? '上海的天气很好'}`, encoding);
    expect((await detect(bytes.slice(0, -1))).form.encoding).toBe(encoding);
  });

  test('ASCII is UTF-8, surely', async () => {
    const { form, sureness } = await detect('id,name\n1,x\n');
    expect(form.encoding).toBe('utf-8');
    expect(sureness.encoding?.share).toBe(1);
  });

  test('a single character in Western European at the very end is no broken UTF-8', async () => {
    expect((await detect(encode('id,name\n1,caf\u00e9', 'windows-1252'))).form.encoding).toBe('windows-1252');
  });

  test('UTF-8 with one damaged byte stays UTF-8, less surely', async () => {
    const bytes = encode(tableWith(foreignNames('fr', 'utf-8', 5).slice(0, 80)), 'utf-8');
    bytes[bytes.findIndex((b) => b >= 0xc0)] = 0xff;
    const { form, sureness } = await detect(bytes);
    expect(form.encoding).toBe('utf-8');
    expect(sureness.encoding?.share).toBeLessThan(0.99);
    expect(sureness.encoding?.why).toMatch(/damaged/);
  });
});

describe('signs and rare writings', () => {
  test.each([
    ['windows-1252', 'id,price\n1,£5\n2,£17\n3,£8.50\n'],
    ['windows-1252', 'id,price\n1,5 €\n2,17 €\n'],
    ['windows-1252', 'id,text\n1,it’s “fine” – or not…\n2,don’t\n'],
    ['shift_jis', 'id,name\n1,ｽｽﾞｷ ｲﾁﾛｳ\n2,ﾀﾅｶ ｹﾝｼﾞ\n3,ﾔﾏﾀﾞ ﾊﾅｺ\n'],
    ['gb18030', 'id,name\n1,王伟\n2,李娜\n3,张敏\n'],
    ['big5', 'id,name\n1,陳怡君\n2,林志明\n3,黃淑芬\n'],
    ['shift_jis', 'id,name\n1,佐藤 翔太\n2,鈴木 さくら\n'],
  ])('%s: %j', async (encoding, text) => {
    expect((await detect(encode(text, encoding))).form.encoding).toBe(encoding);
  });
});

describe('UTF-16', () => {
  const texts = [
    'id,name\n1,Zoë 字\n2,plain\n',
    `id,name\n${foreignNames('zh-Hans', 'utf-8', 1)
      .map((n, i) => `${i},${n}\n`)
      .join('')}`,
  ];
  test.each(['utf-16le', 'utf-16be'])('%s is told without its mark, in English and in Chinese', async (encoding) => {
    for (const text of texts) expect((await detect(encode(text, encoding))).form.encoding).toBe(encoding);
  });

  test.each(['utf-16le', 'utf-16be'])('%s by its mark, surely', async (encoding) => {
    const { form, sureness } = await detect(encode(`\ufeff${texts[0]}`, encoding));
    expect(form).toMatchObject({ encoding, dialect: { delimiter: ',', header: true } });
    expect(sureness.encoding?.share).toBe(1);
  });
});

test.each<[string, string]>([
  ['utf-16le', 'zh-Hans'],
  ['utf-16be', 'ja'],
  ['utf-8', 'fr'],
  ...LANGUAGES.map(([locale, encoding]): [string, string] => [encoding, locale]),
])('a file in %s is read, from the look at its first bytes on: names in %s', async (encoding, locale) => {
  const names = foreignNames(locale, encoding, 2).slice(0, 15);
  const preview = await inspectFile(fileOf('a.csv', encode(tableWith(names), encoding)), {}, silentContext);
  expect(preview[0]?.form.encoding).toBe(encoding);
  expect(preview[0]?.rows.map((cells) => cells[1])).toEqual(names);
});

test('an encoding that is set is taken, and the dialect is found with it', async () => {
  const bytes = encode('id;ort\n1;Zürich\n2;Genève\n', 'windows-1252');
  const { form, sureness } = await detect(bytes, { encoding: 'utf-16le' });
  expect(form.encoding).toBe('utf-16le');
  expect(sureness.encoding?.share).toBe(1);
  expect((await detect(bytes, { encoding: 'gb18030' })).form).toMatchObject({ encoding: 'gb18030', dialect: { delimiter: ';' } });
});

test('how a file comes in pieces changes nothing', async () => {
  const content = fc.oneof(
    fc.uint8Array({ min: 1, maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 200 }).map((s) => encode(s, 'gb18030')),
  );
  const outcome = (bytes: Uint8Array, pieces?: number) =>
    detect(new Uint8Array(bytes), {}, pieces).catch((e: Error) => e.message);
  await fc.assert(
    fc.asyncProperty(content, fc.integer({ min: 1, max: 7 }), async (bytes, pieces) => {
      expect(await outcome(bytes, pieces)).toEqual(await outcome(bytes));
    }),
    { numRuns: 200 },
  );
});

test('all characters of Windows-1252 are read, which Node reads as Latin-1 unless it streams', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i).filter((b) => ![0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(b));
  expect(decodeText(bytes, 'windows-1252')).toBe(iconv.decode(bytes, 'windows-1252'));
});
