import { expect, test } from 'vitest';
import { NO_ID, type ProfileTable } from '../domain/index.ts';
import { labelAgreement } from './agreement.ts';

/** Profiles as [window, thin, label, segment]. */
function table(rows: readonly (readonly [number, number, number, number])[]): { profiles: ProfileTable; numberOf: Int32Array } {
  const column = (i: 0 | 1 | 2): number[] => rows.map((row) => row[i]);
  const none = new Uint32Array(0);
  const profiles: ProfileTable = {
    count: rows.length,
    user: none,
    window: Uint32Array.from(column(0)),
    thin: Uint8Array.from(column(1)),
    label: Uint32Array.from(column(2)),
    events: none,
    offsets: none,
    textIds: none,
    weights: new Float32Array(0),
  };
  return { profiles, numberOf: Int32Array.from(rows, (row) => row[3]) };
}

test('agreement is told per window, over profiles that are not thin and have a label', () => {
  const { profiles, numberOf } = table([
    [0, 0, 5, 1],
    [0, 0, 5, 1],
    [0, 0, 6, 0],
    [0, 1, 6, 1],
    [0, 0, NO_ID, 1],
    [1, 0, 5, 0],
    [2, 0, 5, 0],
    [2, 0, 5, 1],
    [2, 0, 6, 0],
    [2, 0, 6, 1],
  ]);
  const found = labelAgreement(profiles, numberOf, 3);
  expect(found.map(({ window, users }) => ({ window, users }))).toEqual([
    { window: 0, users: 3 },
    { window: 2, users: 4 },
  ]);
  expect(found[0]?.ari).toBe(1);
  expect(found[1]?.ari).toBeCloseTo(-0.5);
});

test('without a label column there is nothing to agree with', () => {
  const { profiles, numberOf } = table([
    [0, 0, NO_ID, 0],
    [0, 0, NO_ID, 1],
  ]);
  expect(labelAgreement(profiles, numberOf, 1)).toEqual([]);
});
