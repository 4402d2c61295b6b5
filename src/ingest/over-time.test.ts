import { expect, test } from 'vitest';
import { DAY, HOUR, silentContext } from '../domain/index.ts';
import { clean } from './clean/clean.ts';
import { draftOf, intakeOf, MAPPING } from './clean/draft.fixture.ts';
import { eventsOverTime } from './over-time.ts';

async function overTime(times: readonly number[], zone = 'UTC') {
  const draft = draftOf(times.map((time, i) => ({ time, text: i === 0 ? null : `${i}` })));
  return eventsOverTime(draft, await clean(draft, intakeOf({}), MAPPING, silentContext), zone);
}
const START = Date.UTC(2024, 4, 1, 15, 20);

test('only events that are kept are counted, each once, in equal steps', async () => {
  // The first has no text and is set aside.
  const times = Array.from({ length: 500 }, (_, i) => START + i * 0.1 * DAY);
  const { from, step, counts } = await overTime([0, ...times]);
  expect([from, step]).toEqual([Date.UTC(2024, 4, 1), DAY]);
  expect(counts).toEqual(
    Array.from({ length: 51 }, (_, d) => times.filter((t) => Math.floor((t - Date.UTC(2024, 4, 1)) / DAY) === d).length),
  );
});

test('days begin at midnight of the chosen zone', async () => {
  const { from, step } = await overTime([0, START, START + 60 * DAY], 'America/New_York');
  expect([from, step]).toEqual([Date.UTC(2024, 4, 1, 4), DAY]);
});

test.each([0, 1, 999, 60_000, HOUR, 98 * HOUR, 99 * HOUR, 98 * DAY, 3000 * DAY, 35_000 * DAY, 200_000 * DAY])(
  'there are at most a hundred steps, the last one holds the last event: a span of %d ms',
  async (span) => {
    const { from, step, counts } = await overTime([0, START, START + span]);
    expect(counts.length).toBeLessThanOrEqual(100);
    expect(counts.reduce((a, b) => a + b)).toBe(2);
    expect(counts.at(-1)).toBeGreaterThan(0);
    expect(from).toBeLessThanOrEqual(START);
    expect(from + step).toBeGreaterThan(START);
  },
);

test('no event gives no step', async () => {
  expect((await overTime([0])).counts).toEqual([]);
});
