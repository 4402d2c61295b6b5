import {
  CHANGE_MEASURES,
  type ChangeMeasure,
  type ChangeTrust,
  type FalseChangeRate,
  isMaterial,
  type LeastChanges,
  type SurvivorChange,
  type TrackEvent,
} from '../../domain/index.ts';
import { normalTail } from '../change/index.ts';
import type { Refit, RefitSurvivor } from './halves.ts';
import { type TrustRule, verdictOf } from './judge.ts';

/** Thresholds of the verdict, and the least changes that are told. */
export interface ChangeRule extends TrustRule {
  /** Takes the place of `stableP`. */
  readonly changeP: number;
  readonly least: LeastChanges;
}

const forChanges = (rule: ChangeRule): TrustRule => ({ ...rule, stableP: rule.changeP });

/** Of each measure the largest strength, without its sign, among the survivors of each re-fit; descending. */
export type ChangeNull = Readonly<Record<ChangeMeasure, Float64Array>>;

/**
 * What chance alone changes. The largest of a re-fit's survivors stands for it (Westfall & Young 1993, "maxT"), so that a p holds for all
 * segments of a window together; in standard errors, so that a small segment does not set the measure for a large one.
 */
export function changeNull(refits: readonly Refit[]): ChangeNull {
  const of = (measure: ChangeMeasure): Float64Array =>
    Float64Array.from(refits, ({ survivors }) => Math.max(0, ...survivors.map((s) => strengthOf(s, measure))))
      .sort()
      .reverse();
  return { size: of('size'), compactness: of('compactness'), shift: of('shift') };
}

/** Two-sided for size and compactness; a centroid that moved less than chance has it did not move at all. */
const unsigned = ({ measure, strength }: SurvivorChange): number =>
  measure === 'shift' ? Math.max(0, strength) : Math.abs(strength);

const strengthOf = ({ changes }: RefitSurvivor, measure: ChangeMeasure): number => {
  const change = changes.find((c) => c.measure === measure);
  return change ? unsigned(change) : 0;
};

/**
 * p of a change: the larger of two, since it may come by either chance.
 * - how the fit wavers: (1 + r) / (R + 1), r = re-fits with a survivor that changed at least as much;
 * - who happens to be there: that the largest of as many independent normal changes as there are `survivors` between the two windows is as
 *   large. Re-fits tell little of it, since both halves are of the users who have the most events.
 */
export function changeP(change: SurvivorChange, survivors: number, chance: ChangeNull): number {
  const largest = chance[change.measure];
  if (largest.length === 0) return Number.NaN;
  return Math.max((1 + countFrom(largest, unsigned(change))) / (largest.length + 1), usersP(change, survivors));
}

function usersP(change: SurvivorChange, survivors: number): number {
  const sides = change.measure === 'shift' ? 1 : 2;
  return 1 - (1 - Math.min(1, sides * normalTail(unsigned(change)))) ** survivors;
}

/** Entries of a descending list that are at least `value`. */
function countFrom(descending: Float64Array, value: number): number {
  let [low, high] = [0, descending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((descending[middle] as number) >= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Trust of the changes of a survivor, by the rule of events with `changeP` for `stableP`; besides, a change is noise if its interval leaves "no change" open or
 * if it is below the least that is told. `stability` is the smallest of its segments', `survivors` are those between the same windows.
 */
export const judgeChanges = (
  event: TrackEvent,
  stability: number,
  survivors: number,
  chance: ChangeNull,
  rule: ChangeRule,
): ChangeTrust[] =>
  event.changes.map((change) => ({
    measure: change.measure,
    ...judgeChange(event, change, changeP(change, survivors, chance), stability, rule),
  }));

/** The verdict on one change whose p is known. */
export const judgeChange = (
  event: TrackEvent,
  change: SurvivorChange,
  p: number,
  stability: number,
  rule: ChangeRule,
): Pick<ChangeTrust, 'p' | 'verdict'> => ({
  p,
  verdict: isMaterial(change, rule.least) ? verdictOf({ p, stability }, event.users, event.tentative, forChanges(rule)) : 'noise',
});

/**
 * The share of survivors of which the settings tell a change though nothing changed: each re-fit's survivors are judged as real ones
 * are, with a p against all other re-fits. Users are taken to be enough.
 */
export function falseChangeRate(refits: readonly Refit[], chance: ChangeNull, rule: ChangeRule): FalseChangeRate {
  const isStable = (change: SurvivorChange, stability: number, survivors: number): boolean => {
    if (!isMaterial(change, rule.least)) return false;
    // Its own re-fit is among those counted, and is not to be.
    const others = chance[change.measure].length - 1;
    const refitP = others > 0 ? countFrom(chance[change.measure], unsigned(change)) / (others + 1) : Number.NaN;
    const p = Math.max(refitP, usersP(change, survivors));
    return verdictOf({ p, stability }, Number.POSITIVE_INFINITY, false, forChanges(rule)) === 'stable';
  };
  const told = refits.flatMap(({ survivors }) =>
    survivors.map(({ changes, stability }) =>
      changes.filter((change) => isStable(change, stability, survivors.length)).map(({ measure }) => measure),
    ),
  );
  const share = (which: (measures: readonly ChangeMeasure[]) => boolean): number => told.filter(which).length / told.length;
  const [size, compactness, shift] = CHANGE_MEASURES.map((measure) => share((measures) => measures.includes(measure))) as [
    number,
    number,
    number,
  ];
  return { survivors: told.length, stable: share((m) => m.length > 0), byMeasure: { size, compactness, shift } };
}
