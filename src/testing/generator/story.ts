import type { TopicName } from './topics.ts';

/** True segments: most are one interest all year; some exist before or after an event of the story only. */
export const SEGMENTS = [
  'baking',
  'astronomy',
  'gardening',
  'football',
  'fishing',
  'sewing',
  'music',
  'guitar',
  'opera',
  'railways',
  'cars',
  'transport',
  'programming',
  'yoga',
  'history',
] as const;
export type SegmentName = (typeof SEGMENTS)[number];

/** Segments that nothing happens to. */
export const STEADY: readonly SegmentName[] = ['baking', 'astronomy', 'gardening', 'football', 'fishing', 'sewing'];

/** Segments of the first month. Music stands twice: its halves must not be too small to be found after the split. */
export const OPENING: readonly SegmentName[] = [...STEADY, 'music', 'music', 'railways', 'cars', 'yoga', 'history'];

/** What was planted. Months count from 0; `month` is the first one in which it shows. */
export type PlantedEvent =
  | {
      readonly kind: 'split' | 'merge' | 'emerge' | 'disappear';
      readonly month: number;
      readonly from: SegmentName[];
      readonly to: SegmentName[];
    }
  | { readonly kind: 'drift'; readonly segment: SegmentName; readonly firstMonth: number; readonly lastMonth: number };

/** First month of each event; Infinity where nothing changes. */
export interface Calendar {
  readonly split: number;
  readonly merge: number;
  readonly birth: number;
  readonly death: number;
  readonly driftFrom: number;
  readonly driftTo: number;
}

const NEVER = Number.POSITIVE_INFINITY;

export const UNCHANGING: Calendar = { split: NEVER, merge: NEVER, birth: NEVER, death: NEVER, driftFrom: NEVER, driftTo: NEVER };

/** Of twelve months: split in the 5th, birth in the 6th, merge in the 8th, death in the 10th; drift from the 3rd to the 10th. */
export function planCalendar(months: number): Calendar {
  const at = (month: number): number => Math.round((month * months) / 12);
  return { split: at(4), birth: at(5), merge: at(7), death: at(9), driftFrom: at(2), driftTo: at(9) };
}

export function plantedEvents(c: Calendar): PlantedEvent[] {
  if (c === UNCHANGING) return [];
  return [
    { kind: 'split', month: c.split, from: ['music'], to: ['guitar', 'opera'] },
    { kind: 'emerge', month: c.birth, from: [], to: ['programming'] },
    { kind: 'merge', month: c.merge, from: ['railways', 'cars'], to: ['transport'] },
    { kind: 'disappear', month: c.death, from: ['yoga'], to: [] },
    { kind: 'drift', segment: 'history', firstMonth: c.driftFrom, lastMonth: c.driftTo },
  ];
}

/** Topics of a segment's titles in a month: the first, or with share `second` (0 to 1) the second. */
export interface Diet {
  readonly topics: readonly [TopicName, TopicName];
  readonly second: number;
}

/** What the users of a segment read. Mixed diets are spread evenly within a user, so that one taste is one cluster. */
export function dietOf(segment: SegmentName, month: number, calendar: Calendar): Diet {
  if (segment === 'music') return { topics: ['guitar', 'opera'], second: 0.5 };
  if (segment === 'transport') return { topics: ['railways', 'cars'], second: 0.5 };
  if (segment === 'history') return { topics: ['rome', 'egypt'], second: driftShare(month, calendar) };
  return { topics: [segment, segment], second: 0 };
}

/** Rises from 0 before `driftFrom` to 1 at `driftTo`, evenly. */
function driftShare(month: number, { driftFrom, driftTo }: Calendar): number {
  if (month < driftFrom) return 0;
  return Math.min(1, (month - driftFrom + 1) / (driftTo - driftFrom + 1));
}
