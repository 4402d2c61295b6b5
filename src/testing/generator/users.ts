import type { Random } from '../../domain/index.ts';
import { type Calendar, OPENING, type SegmentName, STEADY, UNCHANGING } from './story.ts';

/** One user's year: the true segment of each month, null while not a member. */
export interface UserPath {
  readonly segments: readonly (SegmentName | null)[];
  /** Two steady segments whose titles the user also reads. */
  readonly sides: readonly [SegmentName, SegmentName];
}

/** Share of users who join after the first month, and of those who leave before the end. */
const LATE = 0.25;
const EARLY = 0.15;
/** Chance a month to change one's main interest, outside the story. */
const RESTLESS = 0.01;
/** Share of users of steady segments who go over to the new interest at its birth, and of later joiners who start with it. */
const CURIOUS = 0.1;
const NEWCOMERS = 0.25;

export function planUser(random: Random, months: number, calendar: Calendar): UserPath {
  const still = calendar === UNCHANGING;
  const joins = !still && random.next() < LATE ? 1 + random.int(months - 1) : 0;
  const leaves = !still && random.next() < EARLY ? joins + 3 + random.int(months) : months;
  const habits: Habits = { curious: random.next() < CURIOUS, second: random.next() < 0.5, quits: random.next() < 0.5 };
  const segments: (SegmentName | null)[] = [];
  let current = firstSegment(random, joins, calendar);
  let gone = false;
  for (let month = 0; month < months; month++) {
    if (month > joins && !still) current = nextSegment(current, month, calendar, habits, random);
    gone ||= month >= leaves || (month === calendar.death && habits.quits && segments.at(-1) === 'yoga');
    segments.push(month < joins || gone ? null : current);
  }
  return { segments, sides: pickTwo(random) };
}

interface Habits {
  readonly curious: boolean;
  /** At the split, goes to the second part. */
  readonly second: boolean;
  /** Leaves with the dying interest. */
  readonly quits: boolean;
}

function firstSegment(random: Random, joins: number, calendar: Calendar): SegmentName {
  if (joins >= calendar.birth && random.next() < NEWCOMERS) return 'programming';
  const opening = pick(OPENING, random);
  return opening === 'yoga' && joins >= calendar.death
    ? pick(STEADY, random)
    : renamed(opening, joins, calendar, random.next() < 0.5);
}

/** Before the split and the merge a segment has its old name, after them its new one. */
function renamed(segment: SegmentName, month: number, calendar: Calendar, second: boolean): SegmentName {
  if (segment === 'music' && month >= calendar.split) return second ? 'opera' : 'guitar';
  if ((segment === 'railways' || segment === 'cars') && month >= calendar.merge) return 'transport';
  return segment;
}

function nextSegment(current: SegmentName, month: number, calendar: Calendar, habits: Habits, random: Random): SegmentName {
  const steady = STEADY.includes(current);
  if (month === calendar.birth && steady && habits.curious) return 'programming';
  if (month === calendar.death && current === 'yoga') return pick(STEADY, random);
  if (steady && random.next() < RESTLESS) return pick(STEADY, random);
  return renamed(current, month, calendar, habits.second);
}

function pickTwo(random: Random): [SegmentName, SegmentName] {
  const first = random.int(STEADY.length);
  const second = (first + 1 + random.int(STEADY.length - 1)) % STEADY.length;
  return [STEADY[first] as SegmentName, STEADY[second] as SegmentName];
}

export const pick = <T>(list: readonly T[], random: Random): T => list[random.int(list.length)] as T;
