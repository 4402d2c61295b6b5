import { test } from 'vitest';
import { BEHAVIOURS } from '../../domain/index.ts';
import { expectSilence, seedsFrom } from './runs.fixture.ts';

test('P4 where nothing changes, at most 1 of the runs of seeds 1 to 6 tells any stable event, what users do included', async () => {
  await expectSilence(seedsFrom(1, 6), 1, {
    mapping: { type: 'event_type', value: 'quantity' },
    settings: { behaviour: { weight: 0.3, features: BEHAVIOURS } },
  });
}, 600_000);
