import { type ChangeMeasure, changeKind, type SurvivorChange } from '../../domain/index.ts';

export const MEASURE_WORDS: Readonly<Record<ChangeMeasure, readonly [name: string, what: string]>> = {
  size: ['Share of the users', 'of all users with enough events in the window'],
  compactness: ['Compactness', 'mean cosine of its users to its centre'],
  shift: ['Shift of the centre', '1 − cosine, beyond what chance shows'],
};

/** One sentence on a change, with its interval. */
export function describeChange(change: SurvivorChange, name: string): string {
  const limits = `(${limitWords(change)})`;
  const kind = changeKind(change);
  if (kind === 'shift')
    return `The centre of ${name} moved by ${shift(change.amount)} ${limits}, beyond the ${shift(change.chance)} of chance.`;
  const way = endWords(change);
  if (kind === 'grow' || kind === 'shrink') return `${name} ${kind === 'grow' ? 'grew' : 'shrank'} ${way} of users ${limits}.`;
  return `${name} became ${kind === 'tighten' ? 'tighter' : 'looser'}: mean cosine to its centre ${way} ${limits}.`;
}

/** "from 8.1 % to 12.4 %"; of a shift its length. */
export function endWords({ measure, before, after, amount }: SurvivorChange): string {
  if (before === null || after === null) return shift(amount);
  const end = measure === 'size' ? percent : cosine;
  return `from ${end(before)} to ${end(after)}`;
}

/** "+3.1 to +5.5 points". */
export function limitWords({ measure, low, high }: SurvivorChange): string {
  if (measure === 'size') return `${withSign(100 * low, 1)} to ${withSign(100 * high, 1)} points`;
  if (measure === 'compactness') return `${withSign(low, 3)} to ${withSign(high, 3)}`;
  return `${shift(low)} to ${shift(high)}`;
}

/** With a space that does not break. */
const percent = (share: number): string => `${(100 * share).toFixed(1)}\u00a0%`;
const cosine = (value: number): string => value.toFixed(3);
/** A turn by one degree is 0.0002. */
const shift = (value: number): string => value.toFixed(4);

function withSign(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return `${Number(text) === 0 ? '±' : value < 0 ? '−' : '+'}${text}`;
}
