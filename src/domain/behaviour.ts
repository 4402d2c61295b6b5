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

/** What a run joined to the texts. */
export interface BehaviourSummary {
  readonly features: readonly BehaviourFeature[];
  /** Segments x features: mean of the scaled feature over the segment's users that are not thin, less that over all of its window. */
  readonly apart: Float32Array;
}
