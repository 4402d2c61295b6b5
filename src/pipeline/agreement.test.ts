import { expect, test } from 'vitest';
import { meanAgreement, NO_ID, type ProfileTable } from '../domain/index.ts';
import { labelAgreement } from './agreement.ts';

/** Of the labels 5 and 6. */
const NAMES = ['', '', '', '', '', 'tea', 'jam'];

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
  const found = labelAgreement(profiles, numberOf, 3, NAMES);
  expect(found.map(({ window, users }) => ({ window, users }))).toEqual([
    { window: 0, users: 3 },
    { window: 2, users: 4 },
  ]);
  expect(found[0]?.ari).toBe(1);
  expect(found[1]?.ari).toBeCloseTo(-0.5);
});

/** scikit-learn 1.2.1 on the labels of the next test. */
const SKLEARN = {
  homogeneity: 0.6005439318490573,
  completeness: 0.4083837611858555,
  vMeasure: 0.4861644522971249,
  ami: 0.31011952624329064,
  ari: 0.2898550724637681,
};

test('every figure is told, and precision, recall and F1 for each group by name', () => {
  // Three of tea in segment 1, one of tea in 0, two of jam in 0, one of jam is noise.
  const { profiles, numberOf } = table([
    ...([1, 1, 1, 0].map((segment) => [0, 0, 5, segment]) as [number, number, number, number][]),
    ...([0, 0, -1].map((segment) => [0, 0, 6, segment]) as [number, number, number, number][]),
  ]);
  const [found] = labelAgreement(profiles, numberOf, 1, NAMES);
  expect(found?.purity).toBeCloseTo(5 / 7);
  expect(found?.accuracy).toBeCloseTo(5 / 7);
  expect(found?.groups).toEqual([
    { label: 'tea', segment: 1, precision: 1, recall: 3 / 4, f1: 6 / 7, users: 4 },
    { label: 'jam', segment: 0, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, users: 3 },
  ]);
  expect(found?.f1).toBeCloseTo((6 / 7 + 2 / 3) / 2);
  expect(found?.homogeneity).toBeCloseTo(SKLEARN.homogeneity, 12);
  expect(found?.completeness).toBeCloseTo(SKLEARN.completeness, 12);
  expect(found?.vMeasure).toBeCloseTo(SKLEARN.vMeasure, 12);
  expect(found?.ami).toBeCloseTo(SKLEARN.ami, 12);
  expect(found?.ari).toBeCloseTo(SKLEARN.ari, 12);
});

test('a group without a segment of its own has no precision, and is not found', () => {
  const { profiles, numberOf } = table([
    [0, 0, 5, 0],
    [0, 0, 5, 0],
    [0, 0, 6, 0],
  ]);
  const [found] = labelAgreement(profiles, numberOf, 1, NAMES);
  expect(found?.groups[1]).toEqual({ label: 'jam', segment: null, precision: null, recall: 0, f1: 0, users: 1 });
});

test('the mean over windows weighs all the same, and is none without windows', () => {
  const figures = { ari: 1, ami: 1, homogeneity: 1, completeness: 1, vMeasure: 1, purity: 1, accuracy: 1, f1: 0.5 };
  expect(meanAgreement([figures, { ...figures, ari: 0, f1: 1 }])).toEqual({ ...figures, ari: 0.5, f1: 0.75 });
  expect(meanAgreement([])).toBeNull();
});

test('without a label column there is nothing to agree with', () => {
  const { profiles, numberOf } = table([
    [0, 0, NO_ID, 0],
    [0, 0, NO_ID, 1],
  ]);
  expect(labelAgreement(profiles, numberOf, 1, NAMES)).toEqual([]);
});
