import {
  type Behaviour,
  compareCodePoints,
  daysSinceLast,
  type ExampleEvent,
  entropyOf,
  isPurchase,
  minutesSpent,
  sumAndMean,
  type TimeWindow,
  visitsADay,
} from '../domain/index.ts';

/** One kind of behaviour of a user in a window, in plain units. Not scaled against other users, as a run has it. */
export type BehaviourPart =
  | {
      readonly behaviour: 'counts' | 'rates';
      readonly byType: readonly { readonly type: string | null; readonly value: number }[];
    }
  | { readonly behaviour: 'frequency'; readonly purchases: boolean; readonly aDay: number }
  /** Minutes; `mean` is NaN without two events in a visit. */
  | { readonly behaviour: 'duration'; readonly sum: number; readonly mean: number }
  | { readonly behaviour: 'numbers'; readonly columns: readonly NumberShown[] }
  | { readonly behaviour: 'recency'; readonly days: number }
  | { readonly behaviour: 'entropy'; readonly bits: number };

/** NaN where the user has none. */
export interface NumberShown {
  readonly name: string;
  readonly sum: number;
  readonly mean: number;
}

/** Where behaviour beside texts and times comes from. */
export interface BehaviourColumns {
  /** As {@link ExampleEvent.numbers} has them. */
  readonly numbers: readonly string[];
  /** Types that events may have; those that mean buying are purchases. */
  readonly types: readonly string[];
}

/** One kind of what a user did in a window; none where its columns are missing. */
export function behaviourPart(
  behaviour: Behaviour,
  events: readonly ExampleEvent[],
  window: TimeWindow,
  { numbers, types }: BehaviourColumns,
): BehaviourPart[] {
  const times = events.map(({ time }) => time);
  switch (behaviour) {
    case 'counts':
      return [{ behaviour, byType: countsOf(events) }];
    case 'rates':
      if (types.length === 0) return [];
      return [{ behaviour, byType: countsOf(events).map(({ type, value }) => ({ type, value: value / events.length })) }];
    case 'frequency': {
      const purchases = types.some(isPurchase);
      const counts = (i: number): boolean => !purchases || isPurchase(events[i]?.type ?? '');
      return [{ behaviour, purchases, aDay: visitsADay(times, counts, window) }];
    }
    case 'duration':
      return [{ behaviour, ...minutesSpent(times) }];
    case 'numbers': {
      const columns = numbers.map((name, c) => ({ name, ...sumAndMean(events.map((e) => e.numbers[c] ?? Number.NaN)) }));
      return columns.length === 0 ? [] : [{ behaviour, columns }];
    }
    case 'recency':
      return [{ behaviour, days: daysSinceLast(times, window) }];
    case 'entropy':
      return [{ behaviour, bits: entropyOf(events.map(({ text }) => text)) }];
  }
}

/** Most first. */
function countsOf(events: readonly ExampleEvent[]): { readonly type: string | null; readonly value: number }[] {
  const counts = new Map<string | null, number>();
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .map(([type, value]) => ({ type, value }))
    .sort((a, b) => b.value - a.value || compareCodePoints(a.type ?? '', b.type ?? ''));
}
