import type { Encoding, FilePreview, FormSureness, TableFormat } from '../../domain/index.ts';

export const ENCODING_NAMES: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Western (Windows-1252)',
  gb18030: 'Chinese (GBK, GB18030)',
  big5: 'Chinese (Big5)',
  shift_jis: 'Japanese (Shift-JIS)',
};

const FORMAT_NAMES: Readonly<Record<Exclude<TableFormat, 'text'>, string>> = {
  jsonl: 'JSON Lines',
  json: 'JSON',
  parquet: 'Parquet',
  arrow: 'Arrow',
  xlsx: 'Excel',
};

/** What a delimiter is called; what has no name is written out. */
export const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
  ' ': 'space',
  ':': 'colon',
};

export const delimiterName = (delimiter: string): string => DELIMITER_NAMES[delimiter] ?? delimiter;

/** A delimiter as it is typed: by its name, as `\t`, or as it is. Null where nothing is. */
export function delimiterOf(typed: string): string | null {
  const named = Object.entries(DELIMITER_NAMES).find(([, name]) => name === typed.trim().toLowerCase());
  if (named) return named[0];
  if (typed === String.raw`\t`) return '\t';
  return typed === '' ? null : typed.trim() || typed;
}

/** Below, a finding asks for a look. */
const SURE = 0.9;

/** The least sure finding, in a word; '' where nothing had to be found. */
export function surenessWord(sureness: FormSureness): '' | 'sure' | 'fairly sure' | 'please check' {
  const shares = Object.values(sureness).map(({ share }) => share);
  if (shares.length === 0) return '';
  const least = Math.min(...shares);
  if (least >= SURE) return 'sure';
  return least >= 0.6 ? 'fairly sure' : 'please check';
}

/** How a table is read, in the fewest words: "UTF-8 · semicolon · header on line 3". */
export function formWords({ form }: Pick<FilePreview, 'form'>): string {
  const { format, encoding, dialect, sheet, packed } = form;
  return [
    format === 'text' ? '' : FORMAT_NAMES[format],
    sheet === null ? '' : `sheet ${sheet}`,
    packed === 'gzip' ? 'gzipped' : '',
    encoding === null ? '' : ENCODING_NAMES[encoding],
    dialect === null || sheet !== null ? '' : (DELIMITER_NAMES[dialect.delimiter] ?? `“${dialect.delimiter}”`),
    dialect === null ? '' : dialect.header ? `header on ${sheet === null ? 'line' : 'row'} ${dialect.skip + 1}` : 'no header',
    dialect !== null && dialect.escape === 'backslash' ? 'backslash escapes' : '',
    dialect !== null && sheet === null && dialect.quote !== '"' ? (dialect.quote === null ? 'no quotes' : 'single quotes') : '',
    dialect?.comment ? `comments begin with ${dialect.comment}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
