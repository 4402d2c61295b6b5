import {
  BEHAVIOURS,
  type BehaviourFeature,
  type BehaviourSettings,
  compareCodePoints,
  type EventTable,
  isPurchase,
  NO_ID,
  numberNames,
  type TimeWindow,
} from '../../domain/index.ts';

/** Which features the profiles of a run have, in words that other events can be measured by. Survives structured clone. */
export interface BehaviourPlan {
  readonly settings: BehaviourSettings;
  /** Types with features of their own, by code points; all others, and events without a type, are counted together. Empty: events have no type. */
  readonly types: readonly string[];
  /** Those of `types` that mean buying; empty: every event counts. */
  readonly purchases: readonly string[];
  /** Name of the value column; null where there is none. */
  readonly value: string | null;
  /** Further columns of numbers. */
  readonly numbers: readonly string[];
  /** One a column, in the order of `measureBehaviour`. */
  readonly features: readonly BehaviourFeature[];
}

/** Types with features of their own at most: hundreds would leave nothing of the weight for the rest. */
const MOST_TYPES = 20;

/**
 * @param until Only events before it choose the types, so that later ones change no feature of the windows before: the end of the first window without
 * look-ahead, else infinity.
 * @returns null where texts alone make the profile
 */
export function planBehaviour(
  events: EventTable,
  settings: BehaviourSettings,
  value: string | null,
  until: number,
): BehaviourPlan | null {
  if (settings.weight === 0 || settings.features.length === 0) return null;
  const types = mostFrequentTypes(events, until);
  const purchases = types.filter(isPurchase);
  const parts = { settings, types, purchases, value, numbers: events.numbers.map(({ name }) => name) };
  return { ...parts, features: featuresOf(parts) };
}

/** By the number of their events, the first by code points on ties. */
function mostFrequentTypes(events: EventTable, until: number): string[] {
  const counts = new Float64Array(events.types.length);
  for (let e = 0; e < events.count; e++) {
    const type = events.type[e] as number;
    if (type !== NO_ID && (events.time[e] as number) < until) counts[type] = (counts[type] as number) + 1;
  }
  return [...events.types.keys()]
    .filter((type) => (counts[type] as number) > 0)
    .sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b)
    .slice(0, MOST_TYPES)
    .map((type) => events.types[type] as string)
    .sort(compareCodePoints);
}

/** Until when events choose the types. */
export const typesKnownUntil = (windows: readonly TimeWindow[], lookAhead: boolean): number =>
  lookAhead ? Number.POSITIVE_INFINITY : (windows[0]?.end ?? Number.POSITIVE_INFINITY);

function featuresOf({ settings, types, purchases, value, numbers }: Omit<BehaviourPlan, 'features'>): BehaviourFeature[] {
  const slots = types.length === 0 ? [] : [...types, 'other types'];
  const names: Readonly<Record<BehaviourFeature['behaviour'], readonly string[]>> = {
    counts: types.length === 0 ? ['Events'] : slots.map((type) => `Events of ${type}`),
    rates: slots.map((type) => `Share of ${type}`),
    frequency: [purchases.length === 0 ? 'Visits a day' : 'Purchases a day'],
    duration: ['Time spent', 'Time spent on one event'],
    numbers: numberNames({ value, numbers }).flatMap((name) => [`Sum of ${name}`, `Mean of ${name}`]),
    recency: ['Days since the last event'],
    entropy: ['Variety of texts'],
  };
  // Whatever order the settings name them in.
  return BEHAVIOURS.filter((behaviour) => settings.features.includes(behaviour)).flatMap((behaviour) =>
    names[behaviour].map((name) => ({ behaviour, name })),
  );
}
