import { type DecimalMark, inputError, NO_ID, type RowRule } from '../../domain/index.ts';
import type { Draft } from '../draft.ts';
import { type NumberParser, numberParser } from '../numbers.ts';
import type { RowMask } from './marks.ts';

/** More are no rules of a person. */
const MAX_RULES = 100;

/** @throws AppError input for more rules than {@link MAX_RULES} */
export function checkRules(rules: readonly RowRule[]): void {
  if (rules.length <= MAX_RULES) return;
  throw inputError('too-many-rules', `There are ${rules.length} rules for rows.`, `Use at most ${MAX_RULES}, or an SQL filter.`);
}

const SAYS: Readonly<Record<RowRule['test'], string>> = {
  negative: 'is negative',
  zero: 'is zero',
  'starts-with': 'starts with',
  equals: 'is',
  contains: 'contains',
};

/** The reason that rows are set aside with. */
export const ruleReason = ({ column, test, value }: RowRule): string =>
  isNumeric(test) ? `${column} ${SAYS[test]}` : `${column} ${SAYS[test]} "${value}"`;

const isNumeric = (test: RowRule['test']): boolean => test === 'negative' || test === 'zero';

/**
 * Rows for which the rule holds; a missing cell fulfils none. Letters count as they are written, whitespace around a cell does not.
 * A rule that is still without its value holds for no row.
 * @throws AppError input where the rows have no such column
 */
export function ruleRows(draft: Draft, rule: RowRule, decimal: DecimalMark): RowMask {
  const column = draft.columns.get(rule.column);
  if (!column) throw inputError('rule-column', `There is no column "${rule.column}".`, 'Choose another column for that rule.');
  const number = numberParser(decimal);
  const holds = Uint8Array.from(column.words, (word) => (fulfils(rule, word.trim(), number) ? 1 : 0));
  const mask = new Uint8Array(draft.count);
  for (let row = 0; row < mask.length; row++) {
    const id = column.id[row] as number;
    if (id !== NO_ID) mask[row] = holds[id] as number;
  }
  return mask;
}

function fulfils({ test, value }: RowRule, cell: string, number: NumberParser): boolean {
  if (test === 'negative') return number(cell) < 0;
  if (test === 'zero') return number(cell) === 0;
  const wanted = value.trim();
  if (wanted === '') return false;
  if (test === 'equals') return cell === wanted;
  return test === 'starts-with' ? cell.startsWith(wanted) : cell.includes(wanted);
}
