import { createRandom, deriveSeed, type Random, shuffle } from '../../domain/index.ts';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import {
  type Calendar,
  dietOf,
  type PlantedEvent,
  planCalendar,
  plantedEvents,
  SEGMENTS,
  type SegmentName,
  UNCHANGING,
} from './story.ts';
import { INTEREST_OF, type TopicName } from './topics.ts';
import { planUser, type UserPath } from './users.ts';

export interface GeneratorOptions {
  readonly seed: number;
  /** 2,000 unless told. */
  readonly users?: number;
  /** 12 unless told; the story needs at least 8. */
  readonly months?: number;
  /** Share of a user's events outside the main interest, 0.17 unless told. */
  readonly noise?: number;
  /** The same people with the same interests every month: nothing joins, leaves, changes. */
  readonly unchanging?: boolean;
}

/** One line of the log of a lending library. */
export interface LogRow {
  readonly user_id: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly event_type: string;
  readonly item_id: string;
  readonly title: string;
  readonly quantity: number;
  readonly interest: string;
}

/** The true segment of a user in a month in which the log has an event of theirs. */
export interface TrueAssignment {
  readonly user: string;
  /** Counts from 0. */
  readonly month: number;
  readonly segment: SegmentName;
  readonly events: number;
}

export interface Truth {
  /** `YYYY-MM-DD` of the first day of each month. */
  readonly months: readonly string[];
  readonly segments: readonly SegmentName[];
  readonly assignments: readonly TrueAssignment[];
  readonly events: readonly PlantedEvent[];
}

/** Raise it with every change that changes what the generator writes, so that stored logs are made anew. */
export const GENERATOR_VERSION = 2;

const FIRST_YEAR = 2024;
const ABSENT = 0.13;
const THIN = 0.06;

/**
 * A log with a planted story and its truth. Each user has a random stream of their own, so a larger population holds the smaller one.
 * Rows are ordered by (timestamp, user).
 */
export function generateLog(options: GeneratorOptions): { rows: LogRow[]; truth: Truth } {
  const { seed, users = 2000, months = 12, noise = 0.17, unchanging = false } = options;
  if (!unchanging && months < 8) throw new RangeError(`the story needs at least 8 months, got ${months}`);
  const calendar = unchanging ? UNCHANGING : planCalendar(months);
  const catalogue = createCatalogue(createRandom(deriveSeed(seed, 'catalogue')));
  const rows: LogRow[] = [];
  const assignments: TrueAssignment[] = [];
  for (let u = 0; u < users; u++) {
    const random = createRandom(deriveSeed(seed, `user ${u}`));
    const user = `u${String(u + 1).padStart(4, '0')}`;
    const path = planUser(random, months, calendar);
    path.segments.forEach((segment, month) => {
      const topics = segment ? topicsOfMonth(path, segment, month, calendar, noise, random) : [];
      for (const topic of topics) rows.push(writeRow(user, month, topic, catalogue, random));
      if (segment && topics.length > 0) assignments.push({ user, month, segment, events: topics.length });
    });
  }
  const key = (row: LogRow): string => row.timestamp + row.user_id;
  rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const names = Array.from({ length: months }, (_, m) => new Date(Date.UTC(FIRST_YEAR, m, 1)).toISOString().slice(0, 10));
  return { rows, truth: { months: names, segments: SEGMENTS, assignments, events: plantedEvents(calendar) } };
}

/** RFC 4180 with a header; no title holds a quote or a line break. */
export function toCsv(rows: readonly LogRow[]): string {
  const lines = rows.map((r) =>
    [r.user_id, r.timestamp, r.event_type, r.item_id, quoted(r.title), r.quantity, r.interest].join(','),
  );
  return `${['user_id,timestamp,event_type,item_id,title,quantity,interest', ...lines].join('\n')}\n`;
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** How often the user comes this month, and for what; side interests stay under half. */
function topicsOfMonth(
  { sides }: UserPath,
  segment: SegmentName,
  month: number,
  calendar: Calendar,
  noise: number,
  random: Random,
): TopicName[] {
  const count = visits(random);
  let aside = 0;
  for (let i = 0; i < count; i++) if (random.next() < noise) aside++;
  aside = Math.min(aside, Math.max(0, (count - 1) >> 1));
  const main = spread(dietOf(segment, month, calendar), count - aside, random);
  const side = Array.from({ length: aside }, (_, i) => dietOf(sides[i % 2] as SegmentName, month, calendar).topics[0]);
  return shuffle([...main, ...side], random);
}

function visits(random: Random): number {
  const dice = random.next();
  if (dice < ABSENT) return 0;
  if (dice < ABSENT + THIN) return 1 + random.int(2);
  return 4 + Math.min(random.int(4), random.int(4));
}

/** `count` topics in the diet's proportions, the odd one by chance. */
function spread({ topics, second }: ReturnType<typeof dietOf>, count: number, random: Random): TopicName[] {
  const exact = count * second;
  const seconds = Math.floor(exact) + (random.next() < exact % 1 ? 1 : 0);
  return Array.from({ length: count }, (_, i) => topics[i < seconds ? 1 : 0]);
}

function writeRow(user: string, month: number, topic: TopicName, catalogue: Catalogue, random: Random): LogRow {
  const start = Date.UTC(FIRST_YEAR, month, 1);
  const minutes = (Date.UTC(FIRST_YEAR, month + 1, 1) - start) / 60_000;
  const item = catalogue.draw(topic, random);
  return {
    user_id: user,
    timestamp: new Date(start + random.int(minutes) * 60_000).toISOString().replace('.000Z', 'Z'),
    event_type: random.next() < 0.85 ? 'loan' : 'renewal',
    item_id: item.id,
    title: item.title,
    quantity: random.next() < 0.9 ? 1 : 2,
    interest: INTEREST_OF[topic],
  };
}
