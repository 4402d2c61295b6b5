import { hashString } from '../domain/index.ts';
import { group, type Visit } from './fakes.fixture.ts';

/** Three interests of 24, 20 and 14 users from March on, and one user who comes until the month's end, so that no window is partial. */
export const month = (m: number): Visit[] => [
  ...group(0, m, 0, 24, 6),
  ...group(1, m, 24, 44, 6),
  ...group(2, m, 44, 58, 6),
  ...group(0, m, 98, 99, 10),
  ...group(1, m, 110, 114, 2),
];

/**
 * March to October: in April users change over, in June there is no one, from August on there is an interest that was not there before, with
 * users whose ids sort before and between all others'.
 */
export const STORY: readonly Visit[] = [
  ...month(2),
  ...month(3).map((v) => (v.user < 'u006' ? { ...v, topic: 1 } : v)),
  ...month(4),
  ...month(6).filter((v) => v.user > 'u003'),
  ...month(7),
  ...group(3, 7, 60, 84, 6),
  ...group(4, 7, 100, 106, 4).map((v) => ({ ...v, user: `a${v.user}` })),
  ...month(8),
  ...group(3, 8, 60, 90, 6),
  ...group(5, 9, 0, 40, 5),
  ...group(3, 9, 60, 90, 10),
].map((v) => ({ ...v, label: `interest ${v.topic}` }));

/** The same with interests mixed: each user looks at two or three others too, by name, so that re-fits differ and no k is clearly the best. */
export const MIXED: readonly Visit[] = STORY.flatMap((v) => [
  { ...v, times: Math.max(1, v.times - 2) },
  ...[1, 2, 3].map((i) => ({ ...v, topic: hashString(`${v.user} ${v.month} ${i}`) % (v.month < 7 ? 5 : 7), times: 1 })),
]);

export const until = (visits: readonly Visit[], last: number): Visit[] => visits.filter((v) => v.month <= last);

/** Visits with types and values, by name; types and higher values that were not there before come in August. */
export const typed = (visits: readonly Visit[]): Visit[] =>
  visits.map((v) => ({
    ...v,
    type: ['view', 'buy', v.month < 7 ? 'view' : 'swap'][hashString(`${v.user} ${v.topic}`) % 3] as string,
    value: hashString(v.user) % (v.month < 7 ? 50 : 500),
  }));
