import type { Intake } from '../../domain/index.ts';
import type { SqlPlan } from './plan.ts';
import { quoteName } from './tokens.ts';

/** Where the rows of one batch stand while they are asked about. */
export const BATCH_TABLE = 'batch_rows';

/** One row a row of the batch, in its order: the derived columns as text, and `keep`. Numbers take the mark with which the table's numbers are read. */
export function statementOf({ derived, filter, rowColumn }: SqlPlan, decimal: Intake['decimal'], where = ''): string {
  const cells = derived.map(({ name, type }, i) => {
    const text = `CAST(${quoteName(name)} AS VARCHAR)`;
    const number = /^(?:DOUBLE|FLOAT|DECIMAL)/.test(type);
    return `${number && decimal === ',' ? `replace(${text}, '.', ',')` : text} AS cell${i}`;
  });
  const keep = `CAST(${filter.trim() === '' ? 'true' : `coalesce((\n${filter}\n), false)`} AS TINYINT) AS keep`;
  return `SELECT ${[...cells, keep].join(', ')} FROM ${sourceOf(derived, where)} ORDER BY ${quoteName(rowColumn)}`;
}

/** The rows with these derived columns. The inner SELECT hides the rows' numbers and the table's name. */
export const sourceOf = (derived: SqlPlan['derived'], where = ''): string =>
  derived.reduce(
    (from, { name, sql }) => `(SELECT *, (\n${sql}\n) AS ${quoteName(name)} FROM ${from})`,
    `(SELECT * FROM ${BATCH_TABLE} ${where})`,
  );
