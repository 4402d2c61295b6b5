import {
  daysSinceLast,
  type EventTable,
  entropyOf,
  type JobContext,
  minutesSpent,
  NO_ID,
  type ProfileTable,
  sumAndMean,
  type TimeWindow,
  visitsADay,
} from '../../domain/index.ts';
import { endOfUser, visitsByWindow } from '../visits.ts';
import type { BehaviourPlan } from './plan.ts';

/** Events between two checkpoints: some milliseconds. */
const BATCH = 20_000;

/** What one user did in one window: rows of the events, in order of time. */
interface Doings {
  readonly events: readonly number[];
  /** Of these events. */
  readonly times: readonly number[];
  readonly window: TimeWindow;
}

/**
 * One column a feature of the plan, one entry a profile; NaN where nothing is known (no pause between events, no number). Types count
 * unweighted: a weight says how much a text tells of interests, and not how often something was done.
 *
 * counts, time spent: ln(1 + x), since they are skewed and twice as often is as far from once as from half as often. rates: shares of the events.
 * The others as domain/doings.ts has them.
 *
 * @param events in canonical order, of which `profiles` were built by these windows
 */
export async function measureBehaviour(
  events: EventTable,
  windows: readonly TimeWindow[],
  profiles: ProfileTable,
  plan: BehaviourPlan,
  ctx: JobContext,
): Promise<Float64Array[]> {
  const columns = plan.features.map(() => new Float64Array(profiles.count));
  const rowOf = rowsOfProfiles(profiles, windows.length);
  const measures = createMeasures(events, plan);
  let sinceCheck = 0;
  for (let from = 0, to = 0; from < events.count; from = to) {
    to = endOfUser(events, from);
    for (const visits of visitsByWindow(events, windows, from, to)) {
      const w = visits[0]?.window as number;
      const row = rowOf.get((events.user[from] as number) * windows.length + w) as number;
      const rows = visits.map(({ event }) => event);
      const doings = { events: rows, times: rows.map((e) => events.time[e] as number), window: windows[w] as TimeWindow };
      let at = 0;
      for (const measure of measures) for (const found of measure(doings)) (columns[at++] as Float64Array)[row] = found;
    }
    sinceCheck += to - from;
    if (sinceCheck < BATCH) continue;
    sinceCheck = 0;
    ctx.progress(to, events.count);
    await ctx.checkpoint();
  }
  return columns;
}

/** Row of a profile by user and window in one number. */
function rowsOfProfiles(profiles: ProfileTable, windows: number): Map<number, number> {
  const rows = new Map<number, number>();
  for (let p = 0; p < profiles.count; p++) rows.set((profiles.user[p] as number) * windows + (profiles.window[p] as number), p);
  return rows;
}

type Measure = (doings: Doings) => readonly number[];

/** Those of the plan, in the order of its features. */
function createMeasures(events: EventTable, plan: BehaviourPlan): Measure[] {
  const typesOf = typeCounter(events, plan);
  const wanted = (behaviour: BehaviourPlan['settings']['features'][number]): boolean =>
    plan.settings.features.includes(behaviour);
  const untyped = plan.types.length === 0;
  return [
    ...(wanted('counts') ? [untyped ? eventCount : (d: Doings) => typesOf(d).map(Math.log1p)] : []),
    ...(wanted('rates') && !untyped ? [(d: Doings) => typesOf(d).map((n) => n / d.events.length)] : []),
    ...(wanted('frequency') ? [frequency(events, plan)] : []),
    ...(wanted('duration') ? [duration] : []),
    ...(wanted('numbers') ? numberColumns(events, plan).map(sumAndMeanOf) : []),
    ...(wanted('recency') ? [recency] : []),
    ...(wanted('entropy') ? [entropy(events)] : []),
  ];
}

const eventCount: Measure = ({ events }) => [Math.log1p(events.length)];

/** Events of each type of the plan, and of all others. */
function typeCounter(events: EventTable, { types }: BehaviourPlan): (doings: Doings) => number[] {
  const slots = events.types.map((type) => (types.includes(type) ? types.indexOf(type) : types.length));
  return (doings) => {
    const counts = new Array<number>(types.length + 1).fill(0);
    for (const e of doings.events) {
      const type = events.type[e] as number;
      const slot = type === NO_ID ? types.length : (slots[type] as number);
      counts[slot] = (counts[slot] as number) + 1;
    }
    return counts;
  };
}

function frequency(events: EventTable, { purchases }: BehaviourPlan): Measure {
  const buys = events.types.map((type) => purchases.includes(type));
  const counts = (e: number): boolean => purchases.length === 0 || buys[events.type[e] as number] === true;
  return ({ events: rows, times, window }) => [visitsADay(times, (i) => counts(rows[i] as number), window)];
}

const duration: Measure = ({ times }) => {
  const { sum, mean } = minutesSpent(times);
  return [Math.log1p(sum), Math.log1p(mean)];
};

/** By name: a table of other events may have its columns in another order, or lack one. */
const numberColumns = (events: EventTable, { value, numbers }: BehaviourPlan): Float64Array[] => [
  ...(value === null ? [] : [events.value]),
  ...numbers.map((name) => events.numbers.find((column) => column.name === name)?.values ?? new Float64Array(0)),
];

const sumAndMeanOf =
  (values: Float64Array): Measure =>
  ({ events }) => {
    const { sum, mean } = sumAndMean(events.map((e) => values[e] ?? Number.NaN));
    return [sum, mean];
  };

const recency: Measure = ({ times, window }) => [daysSinceLast(times, window)];

const entropy =
  (events: EventTable): Measure =>
  ({ events: rows }) => [entropyOf(rows.map((e) => events.text[e]))];
