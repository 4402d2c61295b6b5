import type { EventTrust, Trust } from '../../domain/index.ts';
import { decimal, plural } from '../common/format.ts';

/** What the settings tell of data in which nothing changed. */
export function rateWords({ falseEventRate: { refits, raw, stable }, stability }: Trust): string {
  if (stability.length === 0) return 'Not measured: it was stopped before it could be.';
  if (refits === 0) {
    return 'Not known: no window has enough users with enough events to be halved, so no event can be told as stable.';
  }
  const per100 = (rate: number): string => decimal(100 * rate);
  return `On data where nothing changed, these settings tell ${per100(stable)} stable events per 100 segments (${per100(raw)} before the verdict), by ${plural(refits, 'no-change re-fit')}.`;
}

/** "p .01, stability .98"; what was not measured is left out. */
export function trustWords({ p, stability }: EventTrust): string {
  const parts = [Number.isNaN(p) ? '' : `p ${decimal(p)}`, Number.isNaN(stability) ? '' : `stability ${decimal(stability)}`];
  return parts.filter(Boolean).join(', ') || 'not measured';
}
