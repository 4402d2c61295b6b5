import { expect, test } from 'vitest';
import type { Density } from '../domain/index.ts';
import { hardlyApartNote } from './checks.ts';

const windows = (...silhouettes: readonly (number | null)[]) =>
  silhouettes.map((silhouette, window) => ({ window, silhouette, daviesBouldin: 1, calinskiHarabasz: 1, inertia: 1 }));

test('segments that are hardly set apart are told, by the middle of the windows of which it is known', () => {
  expect(hardlyApartNote(windows(0.5, 0.07, 0.02), null)).toMatch(
    /hardly set apart \(a silhouette of 0\.07 in the middle window/,
  );
  expect(hardlyApartNote(windows(null, 0.09, null), null)).toMatch(/of 0\.09/);
  expect(hardlyApartNote(windows(0.02, 0.3, 0.12), null)).toBeNull();
  expect(hardlyApartNote(windows(null, null), null)).toBeNull();
  expect(hardlyApartNote([], null)).toBeNull();
  expect(hardlyApartNote(windows(0.01), {} as Density), 'by density').toBeNull();
});
