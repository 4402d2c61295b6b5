import type { Connection } from './connection.ts';
import { explain, type Fault } from './explain.ts';
import type { SqlPlan } from './plan.ts';
import { sourceOf, statementOf } from './statement.ts';
import { quoteName, type Token } from './tokens.ts';

/** What failed on a row: the number of the row, and which of the user's texts. */
export interface Blame extends Fault {
  readonly row: number;
  readonly field: string;
}

/**
 * The first row of the batch at hand that can't be computed, found by halving, and the first expression that fails there.
 * @param count rows of the batch; @param error that the whole batch ended with
 */
export function blame(
  connection: Connection,
  plan: SqlPlan,
  count: number,
  error: unknown,
  tokensOf: (sql: string) => Token[],
): Blame {
  const number = quoteName(plan.rowColumn);
  let [holds, breaks] = [0, count];
  while (breaks - holds > 1) {
    const middle = (holds + breaks) >> 1;
    if (failure(connection, statementOf(plan, '.', `WHERE ${number} < ${middle}`)) === null) holds = middle;
    else breaks = middle;
  }
  const row = breaks - 1;
  const { derived, filter } = plan;
  const texts = [...derived.map(({ name, sql }) => ({ field: name, sql })), { field: 'filter', sql: filter }];
  const columns = [...plan.columns, ...derived.map(({ name }) => name)];
  const before = 'SELECT (\n';
  for (const [i, { field, sql }] of texts.entries()) {
    const from = sourceOf(derived.slice(0, i), `WHERE ${number} = ${row}`);
    const cause = sql.trim() === '' ? null : failure(connection, `${before}${sql}\n) FROM ${from}`);
    if (cause !== null) return { row, field, ...explain(cause, sql, before, tokensOf(sql), columns) };
  }
  // Not one alone, so it can't be told which.
  return {
    row,
    field: filter.trim() === '' ? (derived.at(-1)?.name ?? '') : 'filter',
    ...explain(error, '', '', [], columns),
    offset: null,
  };
}

/** What a statement fails with, or null. */
function failure(connection: Connection, statement: string): unknown {
  try {
    connection.run(statement);
    return null;
  } catch (cause) {
    return cause;
  }
}
