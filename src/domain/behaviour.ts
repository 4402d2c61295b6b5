import type { Behaviour } from './settings.ts';

/** What each part of behaviour is, for people. */
export const BEHAVIOUR_NAMES: Readonly<Record<Behaviour, { readonly name: string; readonly what: string }>> = {
  counts: { name: 'Counts by type', what: 'How many events of each type' },
  rates: { name: 'Rates by type', what: 'The share of each type in the user’s events' },
  frequency: { name: 'Purchase frequency', what: 'Purchases a day; without a type that means buying, visits a day' },
  duration: { name: 'Time spent', what: 'From one event to the next within a visit: in all, and on average' },
  numbers: { name: 'Numbers', what: 'Sum and mean of the value and of each mapped column of numbers' },
  recency: { name: 'Recency', what: 'Days from the last event to the end of the window' },
  entropy: { name: 'Variety', what: 'Entropy over texts: the same again and again, or always something else' },
};

/** One number a profile. */
export interface BehaviourFeature {
  readonly behaviour: Behaviour;
  /** For people: "Events of buy", "Mean of price". */
  readonly name: string;
}

/** What a run joined to the texts, and how segments differ by it. */
export interface BehaviourSummary {
  readonly features: readonly BehaviourFeature[];
  /**
   * Segments x features: the mean over the segment's users that are not thin, less that over all of its window, in interquartile ranges (profile/behaviour).
   * 0 for a feature that does not vary.
   */
  readonly apart: Float32Array;
}

/** A feature by which a segment differs from its window. */
export interface ApartFeature {
  readonly name: string;
  /** Interquartile ranges; above 0 = more than in the window. */
  readonly by: number;
}

/** Up to `most` features that set a segment apart by at least `least`, the strongest first. */
export function featuresApart(
  { features, apart }: BehaviourSummary,
  segment: number,
  most: number,
  least: number,
): ApartFeature[] {
  return features
    .map(({ name }, f) => ({ name, by: apart[segment * features.length + f] as number }))
    .filter(({ by }) => Math.abs(by) >= least)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by))
    .slice(0, most);
}
