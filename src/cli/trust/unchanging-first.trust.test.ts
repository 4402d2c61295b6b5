import { test } from 'vitest';
import { expectSilence, seedsFrom } from './runs.fixture.ts';

/**
 * The claim that the product makes of its events, on whole runs of the pipeline with the built-in model: `npm run test:trust`. In its own
 * project of the tests, since it takes minutes, and in files of equal work, so that two cores share it.
 */
// Half of 40 seeds: one a half is at most two of all.
test('P4 where nothing changes, at most 1 of the runs of seeds 1 to 20 tells any stable event', async () => {
  await expectSilence(seedsFrom(1, 20), 1);
}, 600_000);
