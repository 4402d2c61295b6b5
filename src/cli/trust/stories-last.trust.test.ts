import { test } from 'vitest';
import { expectStories, seedsFrom } from './runs.fixture.ts';

test('P4 recall and precision of stable events are at least 0.9 over the planted stories of seeds 6 to 10, k auto', async () => {
  await expectStories(seedsFrom(6, 10), 0.9);
}, 600_000);
