import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { createRandom, type Dialect, type Encoding, type Random, silentContext } from '../../domain/index.ts';
import { cellsOf } from '../batch.ts';
import { openTextTable } from '../text/open.ts';
import { detect, tableOf } from './form.fixture.ts';

type Style = Omit<Dialect, 'skip' | 'comment'> & { readonly above: readonly string[]; readonly crlf: boolean };

const pick = <T>(random: Random, items: readonly T[]): T => items[random.int(items.length)]!;

const WORDS: Partial<Record<Encoding, string>> = {
  'utf-8': 'tea café 茶 чай naïve garden river clock',
  'utf-16le': 'tea café 茶 чай naïve garden river clock',
  'utf-16be': 'tea café 茶 чай naïve garden river clock',
  'windows-1252': 'tea café crème brûlée naïve garden river größe señor',
  gb18030: '茶叶 花园 河流 时钟 音乐 电影 中国 上海',
  big5: '茶葉 花園 河流 時鐘 音樂 電影 臺灣 香港',
  shift_jis: 'お茶 庭 川の音 時計 音楽 映画 トウキョウ 大阪',
};

/** Texts as people write them, with what has to be quoted in some. */
function textOf(random: Random, encoding: Encoding, style: Style): string {
  const words = Array.from({ length: 1 + random.int(5) }, () => pick(random, (WORDS[encoding] ?? '').split(' ')));
  const quoted =
    style.quote === null
      ? ['']
      : ['', '', '', ' say ""hi""'.replaceAll('""', style.quote), ', and more', '; so', `${style.delimiter}x`, '\ntwo lines'];
  return words.join(' ') + pick(random, quoted);
}

function tableIn(random: Random, encoding: Encoding, style: Style): string[][] {
  const rows = Array.from({ length: 60 }, (_, i) => [
    `u${random.int(20)}`,
    `2024-0${1 + random.int(9)}-1${random.int(10)} 1${random.int(10)}:0${random.int(10)}:00`,
    textOf(random, encoding, style),
    String(i + random.int(100)),
  ]);
  return style.header ? [['user', 'time', 'text', 'count'], ...rows] : rows;
}

function write(rows: readonly string[][], style: Style): string {
  const { delimiter, quote, newline } = style;
  const escaped = (cell: string): string =>
    quote === null ? cell : cell.replaceAll(quote, style.escape === 'doubled' ? quote + quote : `\\${quote}`);
  const isSpecial = (cell: string): boolean => [delimiter, quote ?? '\n', '\n', '\r'].some((s) => cell.includes(s));
  const line = (cells: readonly string[]): string =>
    cells.map((c) => (quote !== null && isSpecial(c) ? quote + escaped(c) + quote : c)).join(delimiter);
  const end = style.crlf ? '\r\n' : newline;
  return [...style.above, ...rows.map(line)].map((l) => l + end).join('');
}

const STYLES: Style[] = [',', ';', '\t', '|', '::', '^', '~', '§', '\x01'].flatMap((delimiter) =>
  (
    [
      ['"', 'doubled'],
      ['"', 'backslash'],
      ["'", 'doubled'],
      [null, 'doubled'],
    ] as const
  ).flatMap(([quote, escaping]) =>
    [true, false].map((header): Style => ({ delimiter, quote, escape: escaping, header, newline: '\n', crlf: false, above: [] })),
  ),
);

async function comesBack(seed: number, encoding: Encoding, style: Style): Promise<void> {
  const random = createRandom(seed);
  const rows = tableIn(random, encoding, style);
  const bytes = new Uint8Array(iconv.encode(write(rows, style), encoding));
  const { form } = await detect(bytes);
  expect(form.encoding).toBe(encoding);
  const reader = await openTextTable(tableOf(bytes), form, silentContext, () => {});
  const read: string[][] = [];
  for await (const batch of reader.batches()) for (let r = 0; r < batch.count; r++) read.push(cellsOf(batch, r));
  expect(read, JSON.stringify(form.dialect)).toEqual(style.header ? rows.slice(1) : rows);
}

const writable = (style: Style, encoding: Encoding): boolean =>
  iconv.decode(iconv.encode(style.delimiter, encoding), encoding) === style.delimiter;

describe('a table comes back as it was written, its form found from its bytes', () => {
  test.each(STYLES)('$delimiter, quotes $quote ($escape), header $header', async (style) => {
    for (let seed = 0; seed < 3; seed++) await comesBack(seed, 'utf-8', style);
  });

  test.each(Object.keys(WORDS) as Encoding[])('in %s, with every delimiter that it can write', async (encoding) => {
    const styles = STYLES.filter((style, i) => i % 2 === 0 && writable(style, encoding));
    for (const [seed, style] of styles.entries()) await comesBack(seed, encoding, style);
  });

  const base = STYLES[0]!;
  test.each<[string, Partial<Style>]>([
    ['CRLF', { crlf: true }],
    ['bare CR', { newline: '\r' }],
    ['a title', { above: ['Visits of the year', ''] }],
    ['comments', { above: ['# made by a program', '# on some day'] }],
  ])('%s', async (_, more) => {
    for (let seed = 0; seed < 5; seed++)
      for (const style of [base, STYLES[1]!]) await comesBack(seed, 'utf-8', { ...style, ...more });
  });
});
