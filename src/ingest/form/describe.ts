import type { Dialect, FormSureness, TableForm } from '../../domain/index.ts';
import { ENCODING_NAMES } from './encoding.ts';

const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  ':': 'colon',
  '::': 'double colon',
  ' ': 'blank',
  '^': 'caret',
  '~': 'tilde',
};

const FORMAT_NAMES: Readonly<Record<TableForm['format'], string>> = {
  text: 'delimited text',
  jsonl: 'JSON Lines',
  json: 'JSON',
  parquet: 'Parquet',
  arrow: 'Arrow',
  xlsx: 'Excel',
};

/** Less is shown as a guess. */
const SURE = 0.8;

/** The form of a table in a line of words, what is only guessed marked: `UTF-8, tab, header in line 3 (guessed)`. */
export function describeForm(form: TableForm, sureness: FormSureness): string {
  const guessed = (words: string, part: keyof FormSureness): string =>
    (sureness[part]?.share ?? 1) < SURE ? `${words} (guessed)` : words;
  const parts = [form.format === 'text' ? '' : FORMAT_NAMES[form.format], form.packed ? `packed (${form.packed})` : ''];
  if (form.encoding) parts.push(guessed(ENCODING_NAMES[form.encoding], 'encoding'));
  if (form.dialect)
    parts.push(guessed(describeDelimiter(form.dialect.delimiter), 'delimiter'), ...describeLines(form.dialect, guessed));
  if (form.sheet !== null) parts.push(`sheet “${form.sheet}”`);
  return parts.filter((p) => p !== '').join(', ');
}

/** A delimiter by its name, or as it is: control characters by their code. */
export function describeDelimiter(delimiter: string): string {
  const name = DELIMITER_NAMES[delimiter];
  if (name) return name;
  return delimiter < ' ' ? `character ${delimiter.charCodeAt(0)}` : `“${delimiter}”`;
}

function describeLines(dialect: Dialect, guessed: (words: string, part: keyof FormSureness) => string): string[] {
  const { quote, comment, skip, header, newline } = dialect;
  return [
    quote === null ? 'no quotes' : quote === "'" ? 'single quotes' : '',
    quote !== null && dialect.escape === 'backslash' ? 'backslash escapes' : '',
    newline === '\r' ? 'lines end with CR' : '',
    comment === null ? '' : `comments begin with ${comment}`,
    guessed(header ? `header in line ${skip + 1}` : skip > 0 ? `no header, rows from line ${skip + 1}` : 'no header', 'header'),
  ];
}
