import type { Trust } from '../../domain/index.ts';
import { decimal, plural } from '../common/format.ts';

/** What the settings tell of data in which nothing changed. */
export function rateWords({ falseEventRate: { refits, raw, stable }, falseChangeRate, stability }: Trust): string {
  if (stability.length === 0) return 'Not measured: it was stopped before it could be.';
  if (refits === 0) {
    return 'Not known: no window has enough users with enough events to be halved, so no event can be told as stable.';
  }
  const per100 = (rate: number): string => decimal(100 * rate);
  const changes = Number.isNaN(falseChangeRate.stable)
    ? ''
    : ` Of 100 segments that go on, ${per100(falseChangeRate.stable)} are told as changed.`;
  return `On data where nothing changed, these settings tell ${per100(stable)} stable events per 100 segments (${per100(raw)} before the verdict).${changes} By ${plural(refits, 'no-change re-fit')}.`;
}

/** "p .01, stability .98"; what was not measured is left out. */
export function trustWords({ p, stability }: { readonly p: number; readonly stability: number }): string {
  const parts = [Number.isNaN(p) ? '' : `p ${decimal(p)}`, Number.isNaN(stability) ? '' : `stability ${decimal(stability)}`];
  return parts.filter(Boolean).join(', ') || 'not measured';
}
