import { expect, test } from 'vitest';
import { silentContext } from '../domain/index.ts';
import { userChanges, type WindowProfiles } from './index.ts';

/** Rows of two dimensions by an angle in degrees: [user, segment, angle]. */
function window(...rows: readonly (readonly [number, number, number])[]): WindowProfiles {
  const data = Float32Array.from(
    rows.flatMap(([, , degrees]) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]),
  );
  return {
    users: rows.map(([user]) => user),
    segments: rows.map(([, segment]) => segment),
    rows: { rows: rows.length, cols: 2, data },
  };
}

test('displacement is that of the first and the last profile, the way the sum of its steps, gaps passed over', async () => {
  const windows = [window([0, 1, 0], [2, 1, 0]), window(), window([2, 1, 0], [0, 2, 90]), window([1, 1, 30]), window([0, 1, 60])];
  const found = await userChanges(windows, 4, silentContext);
  expect([...found.first]).toEqual([0, 3, 0, -1]);
  expect([...found.last]).toEqual([4, 3, 2, -1]);
  expect([...found.moves]).toEqual([2, 0, 0, 0]);
  expect(found.displacement[0]).toBeCloseTo(1 - Math.cos(Math.PI / 3), 6);
  expect(found.travelled[0]).toBeCloseTo(1 + 1 - Math.cos(Math.PI / 6), 6);
  expect(found.displacement[2]).toBe(0);
  expect(found.travelled[2]).toBe(0);
});

test('a user of one window or none has gone no way that could be measured', async () => {
  const found = await userChanges([window([1, 1, 30])], 2, silentContext);
  expect([...found.displacement, ...found.travelled]).toEqual(Array(4).fill(Number.NaN));
  expect((await userChanges([], 0, silentContext)).displacement).toHaveLength(0);
});
