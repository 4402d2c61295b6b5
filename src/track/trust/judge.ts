import type { EventKind, EventTrust, FalseEventRate, TrackEvent, Verdict } from '../../domain/index.ts';
import type { Refit } from './halves.ts';

/** Thresholds of the verdict. */
export interface TrustRule {
  /** Largest p of a stable event. */
  readonly stableP: number;
  /** An event with a larger p is noise. */
  readonly noiseP: number;
  /** Smallest stability of a stable event's segments (Hennig 2007: from .75 on a cluster is stable). */
  readonly stable: number;
  /** With less, an event is noise (Hennig 2007: below .6 a cluster is not to be trusted). */
  readonly unstable: number;
  /** Fewest users of a stable event. */
  readonly minUsers: number;
}

/** A return has no no-change twin of its own, since halves have no past: it is an emergence whose content was there before. */
const twinOf = (kind: EventKind): EventKind => (kind === 'resurface' ? 'emerge' : kind);

/** p of an event of this kind and effect against `refits`. */
export function pValue(kind: EventKind, effect: number, refits: readonly Refit[]): number {
  if (refits.length === 0) return Number.NaN;
  const twin = twinOf(kind);
  const asStrong = refits.filter(({ events }) => events.some((e) => e.kind === twin && e.effect >= effect)).length;
  return (1 + asStrong) / (refits.length + 1);
}

/**
 * The verdict, by this rule in this order:
 * 1. noise: p above `noiseP`, or the segments' stability below `unstable`;
 * 2. stable: p at most `stableP`, stability at least `stable`, at least `minUsers` users, and not `uncertain` (next to a partial window, or
 *    decided by centroids alone);
 * 3. tentative: all else, and whatever was not measured.
 */
export function verdictOf(
  { p, stability }: Omit<EventTrust, 'verdict'>,
  users: number,
  uncertain: boolean,
  rule: TrustRule,
): Verdict {
  if (p > rule.noiseP || stability < rule.unstable) return 'noise';
  if (p <= rule.stableP && stability >= rule.stable && users >= rule.minUsers && !uncertain) return 'stable';
  return 'tentative';
}

/** Trust of one event. `stability` is the smallest of its segments'. */
export function judge(event: TrackEvent, stability: number, refits: readonly Refit[], rule: TrustRule): EventTrust {
  const p = pValue(event.kind, event.effect, refits);
  return { p, stability, verdict: verdictOf({ p, stability }, event.users, event.tentative, rule) };
}

/**
 * The share of false events that the settings produce. Each re-fit's events are judged as real ones are, with a p against all other
 * re-fits. Users are taken to be enough, so that the rate is not told too low.
 */
export function falseEventRate(refits: readonly Refit[], windows: number, rule: TrustRule): FalseEventRate {
  const rates = refits.map((refit, i) => {
    const others = [...refits.slice(0, i), ...refits.slice(i + 1)];
    const stable = refit.events.filter(({ kind, effect, stability }) => {
      const p = pValue(kind, effect, others);
      return verdictOf({ p, stability }, Number.POSITIVE_INFINITY, false, rule) === 'stable';
    });
    const each = (count: number): number => (refit.segments > 0 ? count / refit.segments : 0);
    return { window: refit.window, raw: each(refit.events.length), stable: each(stable.length) };
  });
  const perWindow = Array.from({ length: windows }, (_, w) => meansOf(rates.filter(({ window }) => window === w)));
  return { refits: refits.length, ...meansOf(rates), perWindow };
}

function meansOf(rates: readonly { readonly raw: number; readonly stable: number }[]) {
  const mean = (pick: 'raw' | 'stable'): number => rates.reduce((sum, r) => sum + r[pick], 0) / rates.length;
  return { raw: mean('raw'), stable: mean('stable') };
}
