import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';
import type { Intake, SqlProblem } from '../../domain/index.ts';
import { type Connection, connect } from './connection.ts';
import { explain, type Fault, fault } from './explain.ts';
import { fold, quoteName, type Token, tokensOf } from './tokens.ts';

/** The user's SQL, checked, as parts of a statement. */
export interface SqlPlan {
  /** Columns that some expression names: no others need to be where the statement runs. */
  readonly columns: readonly string[];
  /** In the order in which they are computed; each may use those before it. */
  readonly derived: readonly { readonly name: string; readonly sql: string; readonly type: string }[];
  /** '' = none. */
  readonly filter: string;
  /** A name that no expression holds, for the column that numbers the rows. */
  readonly rowColumn: string;
}

type SqlIntake = Pick<Intake, 'derived' | 'filter'>;

interface TypedColumn {
  readonly name: string;
  readonly type: string;
}

/** What an expression is checked against. */
interface Scope {
  readonly db: DuckDBBindings;
  readonly connection: Connection;
  /** That it may use. */
  readonly columns: readonly TypedColumn[];
  /** Names, folded, that are those of several columns. */
  readonly ambiguous: ReadonlySet<string>;
}

export const wantsSql = ({ derived, filter }: SqlIntake): boolean => derived.length > 0 || filter.trim() !== '';

/** Checks the SQL of an intake on rows with these columns, and reads no file. Derived columns first, in their order; then the filter. */
export function planSql(columns: readonly string[], intake: SqlIntake, db: DuckDBBindings): SqlPlan | SqlProblem {
  const connection = connect(db);
  try {
    return plan(columns, intake, db, connection);
  } finally {
    connection.run('DROP TABLE IF EXISTS probe');
    connection.close();
  }
}

function plan(columns: readonly string[], intake: SqlIntake, db: DuckDBBindings, connection: Connection): SqlPlan | SqlProblem {
  const folded = columns.map(fold);
  const ambiguous = new Set(folded.filter((name, i) => folded.indexOf(name) !== i));
  const known: TypedColumn[] = columns.filter((c) => !ambiguous.has(fold(c))).map((name) => ({ name, type: 'VARCHAR' }));
  const derived: SqlPlan['derived'][number][] = [];
  for (const { name, sql } of intake.derived) {
    const wrong = checkName(name, [...columns, ...derived.map((d) => d.name)]);
    if (wrong !== null) return { field: name, message: wrong, offset: null };
    const found = checkExpression(sql, { db, connection, columns: [...known, ...derived], ambiguous });
    if (typeof found !== 'string') return { field: name, ...found };
    derived.push({ name, sql, type: found });
  }
  if (intake.filter.trim() !== '') {
    const found = checkExpression(intake.filter, { db, connection, columns: [...known, ...derived], ambiguous });
    if (typeof found !== 'string') return { field: 'filter', ...found };
    if (found !== 'BOOLEAN') return { field: 'filter', message: notACondition(found), offset: null };
  }
  const texts = [...derived.map((d) => d.sql), ...(intake.filter.trim() === '' ? [] : [intake.filter])];
  const named = new Set(texts.flatMap((sql) => tokensOf(db, sql).flatMap((t) => (t.name === null ? [] : [fold(t.name)]))));
  return {
    columns: known.map((c) => c.name).filter((name) => named.has(fold(name))),
    derived,
    filter: intake.filter,
    rowColumn: unusedName([...columns, ...derived.map((d) => d.name), ...texts]),
  };
}

function checkName(name: string, taken: readonly string[]): string | null {
  if (name.trim() === '') return 'A derived column needs a name.';
  if (fold(name) === 'filter') return 'A derived column can\'t be called "filter".';
  return taken.some((t) => fold(t) === fold(name)) ? `There is a column "${name}" already: choose another name.` : null;
}

const notACondition = (type: string): string =>
  `The filter must say true or false for each row, and this gives ${type === 'VARCHAR' ? 'text' : type}. Compare it with something.`;

/** Its type in DuckDB, or what is wrong with it. */
function checkExpression(sql: string, scope: Scope): string | Fault {
  if (sql.trim() === '') return fault('Write an expression, for example upper("column").');
  const tokens = tokensOf(scope.db, sql);
  const form = checkForm(tokens) ?? checkNames(tokens, scope);
  return form ?? bind(sql, tokens, scope);
}

const OPEN = '([{';
const CLOSE = ')]}';

/** The expression is put in brackets, so it must not close them. */
function checkForm(tokens: readonly Token[]): Fault | null {
  const open: number[] = [];
  for (const { text, at } of tokens) {
    if (OPEN.includes(text[0] as string)) open.push(at);
    else if (CLOSE.includes(text[0] as string) && open.pop() === undefined) return fault(`This ${text[0]} closes nothing.`, at);
    else if (text.startsWith(',') && open.length === 0) return fault('One expression is wanted, and a comma parts two.', at);
  }
  const last = open.at(-1);
  return last === undefined ? null : fault('This bracket is never closed.', last);
}

function checkNames(tokens: readonly Token[], { db, connection, columns, ambiguous }: Scope): Fault | null {
  const fickle = fickleNames(db, connection);
  const own = new Set(columns.map((c) => fold(c.name)));
  for (const [i, { name, at }] of tokens.entries()) {
    if (name === null) continue;
    const called = tokens[i + 1]?.text.startsWith('(') ?? false;
    if (called && fold(name) === 'columns') return fault('COLUMNS is not possible here: name the columns.', at);
    if (!called && ambiguous.has(fold(name)))
      return fault(`Several columns are called "${name}" but for capital letters, and SQL can't tell them apart.`, at);
    if (fickle.has(fold(name)) && (called || !own.has(fold(name))))
      return fault(`${name} gives another result with each run, and the same files must give the same result.`, at);
  }
  return null;
}

const FICKLE = new WeakMap<DuckDBBindings, ReadonlySet<string>>();

/** Names of functions whose result is not decided by their arguments: chance, the clock, the session. */
function fickleNames(db: DuckDBBindings, connection: Connection): ReadonlySet<string> {
  const known = FICKLE.get(db);
  if (known) return known;
  const table = connection.run(
    "SELECT DISTINCT function_name AS n FROM duckdb_functions() WHERE stability <> 'CONSISTENT' ORDER BY n",
  );
  const names = new Set([...(table.getChild('n') ?? [])].map((n) => fold(String(n))));
  for (const keyword of SESSION_KEYWORDS) names.add(keyword);
  FICKLE.set(db, names);
  return names;
}

/** The grammar has words for some of them, and macros stand for others. */
const SESSION_KEYWORDS = [
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
  'current_user',
  'current_role',
  'current_catalog',
  'session_user',
  'user',
  'today',
  'current_localtime',
  'current_localtimestamp',
  'getvariable',
  'current_setting',
];

/** Asks DuckDB itself, on a table without rows. The line breaks keep a comment at the end from taking the bracket with it. */
function bind(sql: string, tokens: readonly Token[], { connection, columns }: Scope): string | Fault {
  // One more column, so that there is one; its name is not in the text.
  const all = [...columns, { name: unusedName([sql, ...columns.map((c) => c.name)]), type: 'INTEGER' }];
  const definitions = all.map((c) => `${quoteName(c.name)} ${c.type}`).join(', ');
  const attempt = (before: string, after: string, act: (statement: string) => string): string | Fault => {
    try {
      return act(`${before}${sql}${after}`);
    } catch (error) {
      const names = columns.map((c) => c.name);
      return explain(error, sql, before, tokens, names);
    }
  };
  // Only the grammar of a CHECK knows no subqueries at all; of what it says, just that is heeded.
  const checked = attempt(`CREATE TABLE never (${definitions}, CHECK ((\n`, '\n) IS NULL))', (statement) => {
    connection.prepare(statement);
    return '';
  });
  if (typeof checked !== 'string' && checked.message.startsWith('A subquery')) {
    return { ...checked, offset: tokens.find((t) => /^(select|from|values|with|table|exists)$/i.test(t.name ?? ''))?.at ?? null };
  }
  connection.run(`CREATE OR REPLACE TABLE probe (${definitions})`);
  // WHERE refuses whatever looks at several rows; the inner SELECT hides the row's number and the table's name.
  const bound = attempt('SELECT 1 FROM (SELECT * FROM probe) WHERE ((\n', '\n) IS NULL)', (statement) => {
    connection.run(statement);
    return '';
  });
  if (typeof bound !== 'string') return bound;
  return attempt('DESCRIBE SELECT (\n', '\n) AS result FROM (SELECT * FROM probe)', (statement) =>
    String(connection.run(statement).getChild('column_type')?.get(0)),
  );
}

function unusedName(texts: readonly string[]): string {
  let name = 'row';
  while (texts.some((text) => fold(text).includes(name))) name += '_';
  return name;
}
