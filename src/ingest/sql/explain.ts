import { byteLength, charIndex, fold, type Token } from './tokens.ts';

/** What is wrong with an expression, and where: before it is known which of the user's texts it is. */
export interface Fault {
  readonly message: string;
  /** Index of a character of the expression, or null. */
  readonly offset: number | null;
}

export const fault = (message: string, offset: number | null = null): Fault => ({ message, offset });

/** DuckDB's error as it is told with `errors_as_json`. */
interface Told {
  readonly exception_type?: string;
  readonly exception_message?: string;
  readonly error_subtype?: string;
  readonly name?: string;
  readonly position?: string;
}

function read(error: unknown): Told {
  const text = error instanceof Error ? error.message : String(error);
  try {
    return JSON.parse(text.slice(text.indexOf('{'))) as Told;
  } catch {
    return { exception_message: text };
  }
}

/** DuckDB's words for an error, without its type, candidates and advice for developers. */
export const plainMessage = (error: unknown): string => (read(error).exception_message ?? '').split('\n')[0] ?? '';

/**
 * An error of DuckDB's in the user's words.
 * @param sql the user's expression; @param before what stood before it in the statement
 * @param columns names that it may use
 */
export function explain(
  error: unknown,
  sql: string,
  before: string,
  tokens: readonly Token[],
  columns: readonly string[],
): Fault {
  const told = read(error);
  const offset = offsetOf(told, sql, before, tokens);
  const message = plainMessage(error);
  if (told.error_subtype === 'COLUMN_NOT_FOUND') return fault(unknownColumn(told.name ?? '', offset, tokens, columns), offset);
  if (told.exception_type === 'Catalog' && told.name) return fault(unknownName(told.name, read(error)), offset);
  if (told.error_subtype === 'NO_MATCHING_FUNCTION' || /explicit cast is required/.test(message))
    return fault(wrongTypes(message), offset);
  for (const [pattern, words] of WORDS) if (pattern.test(message)) return fault(message.replace(pattern, words), offset);
  return fault(asSentence(message), offset);
}

/** What DuckDB says, and how a user is told. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^subqueries prohibited.*$/s, 'A subquery (SELECT, VALUES, FROM, ...) is not possible here: each row is looked at alone.'],
  [
    /^WHERE clause cannot contain aggregates.*$/s,
    'Sums and counts over several rows are not possible here: each row is looked at alone.',
  ],
  [/^WHERE clause cannot contain window functions.*$/s, 'Window functions are not possible here: each row is looked at alone.'],
  [
    /^(?:UNNEST not supported|GROUPING function is not).*$/s,
    'This is not possible here: each row is looked at alone and stays one row.',
  ],
  [/^STAR expression.*$/s, 'A * for all columns is not possible here: name the columns.'],
  [/^Expected \d+ parameters.*$/s, 'Parameters (? or $1) are not possible here: write the value itself.'],
  [/^syntax error at end of input$/s, 'The expression ends too early.'],
  [/^syntax error at or near ";"$/s, 'One expression is wanted, without a semicolon.'],
  [/^syntax error at or near "(.*)"$/s, 'Syntax error at "$1".'],
  [/^unterminated quoted string.*$/s, "A quotation mark (') is never closed."],
  [/^unterminated quoted identifier.*$/s, 'A quotation mark (") is never closed.'],
  [/^unterminated \/\* comment.*$/s, 'A comment (/*) is never closed.'],
  [/^Scalar Function with name "(.*)" is not in the catalog.*$/s, 'There is no function "$1" here.'],
  [/^Function "(.*)" is a table function.*$/s, 'The function "$1" makes a table, and a value is wanted.'],
];

const asSentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);

/** What lies behind the text is the bracket that closes it: the text ends too early. */
function offsetOf(told: Told, sql: string, before: string, tokens: readonly Token[]): number | null {
  if (told.position !== undefined) {
    const at = Number(told.position) - byteLength(before);
    if (at >= 0) return Math.min(charIndex(sql, at), sql.trimEnd().length);
  }
  const name = told.name ?? / with name "([^"]+)"/.exec(told.exception_message ?? '')?.[1];
  return name === undefined ? null : (tokens.find((t) => t.name !== null && fold(t.name) === fold(name))?.at ?? null);
}

function unknownColumn(name: string, offset: number | null, tokens: readonly Token[], columns: readonly string[]): string {
  const said = `There is no column "${name}".`;
  const special = columns.find(
    (c) =>
      !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(c) &&
      fold(c)
        .split(/[^\p{L}\p{N}_]+/u)
        .includes(fold(name)),
  );
  if (special !== undefined) return `${said} If you mean "${special}", put it in double quotes.`;
  const like = nearest(name, columns);
  if (like !== null) return `${said} Did you mean "${like}"?`;
  const quoted = tokens.some((t) => t.at === offset && t.quoted);
  if (quoted) return `${said} Text stands in single quotes: '${name.replaceAll("'", "''")}'.`;
  return `${said} There are ${columns.slice(0, 12).join(', ')}${columns.length > 12 ? ', ...' : ''}.`;
}

function unknownName(name: string, { exception_message = '', error_subtype }: Told): string {
  const kind = /^Type /.test(exception_message) ? 'type' : error_subtype === 'MISSING_ENTRY' ? 'function' : 'such thing as';
  const like = /Did you mean "([^"]+)"/.exec(exception_message)?.[1];
  return `There is no ${kind} "${name}".${like ? ` Did you mean "${like}"?` : ''}`;
}

/** Types as users know them: the literals of DuckDB's binder are numbers and texts. */
function wrongTypes(message: string): string {
  const plain = message
    .replaceAll('INTEGER_LITERAL', 'number')
    .replaceAll('STRING_LITERAL', 'text')
    .replaceAll('VARCHAR', 'text')
    .replace(/ You might need to add explicit type casts\.?/, '')
    .replace(/ - an explicit cast is required/, '');
  return `${asSentence(plain)} Columns are text: write "column"::DOUBLE for a number, "column"::TIMESTAMP for a time.`;
}

/** The name that takes fewest changes of letters, if they are few; of equals the first. */
function nearest(name: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.min(3, Math.ceil(name.length / 4)) + 1;
  for (const candidate of names) {
    const d = Math.abs(candidate.length - name.length) < least ? distance(fold(name), fold(candidate)) : least;
    if (d >= least) continue;
    best = candidate;
    least = d;
  }
  return best;
}

/** Levenshtein's, by rows. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
