import { expect, test } from 'vitest';
import type { AnalysisResult, Segment, SoftMembership } from '../domain/index.ts';
import { findUsers, groupShares, membershipOf, mixtureAt, ownShares, stepsOf } from './users.ts';

const segment = (index: number, window: number): Segment =>
  ({ index, window, number: index, track: index + 1 }) as unknown as Segment;

/** Window 0 has segments 0 to 2; profile 3 is thin; profile 4 is of window 1, which has none. */
const segments = [segment(0, 0), segment(1, 0), segment(2, 0)];
const membership: SoftMembership = {
  ...{ primary: Int32Array.of(0, 1, 0, 0, -1), primaryShare: Float32Array.of(0.75, 0.5, 1, 1, Number.NaN) },
  ...{
    secondary: Int32Array.of(1, 0, -1, -1, -1),
    secondaryShare: Float32Array.of(0.25, 0.25, Number.NaN, Number.NaN, Number.NaN),
  },
  entropy: Float32Array.of(Math.log2(3) / 2, Math.log2(3), 0, 0, Number.NaN),
  offsets: Uint32Array.of(0, 2, 5, 6, 7, 7),
  segments: Uint32Array.of(0, 1, 1, 0, 2, 0, 0),
  shares: Float32Array.of(0.75, 0.25, 0.5, 0.25, 0.25, 1, 1),
};
const tree = {
  ...{ a: Int32Array.of(0, 1), b: Int32Array.of(2, 3), height: Float64Array.of(1, 2) },
  ...{ names: ['a', 'b', 'c', 'd', 'e'], terms: [] },
};
const result = {
  users: ['Ann', 'Joanna', 'bo', 'anton'],
  segments,
  membership,
  levels: { tree, cuts: [2] },
  profiles: {
    count: 5,
    user: Uint32Array.of(0, 1, 2, 3, 0),
    window: Uint32Array.of(0, 0, 0, 0, 1),
    thin: Uint8Array.of(0, 0, 0, 1, 0),
    events: Uint32Array.of(3, 4, 5, 1, 6),
    segment: Int32Array.of(0, 1, 0, 0, -1),
  },
} as unknown as AnalysisResult;

test('the steps of a user go by window, thin ones marked, with null where no segment held them', () => {
  expect(stepsOf(result, 0)).toEqual([
    { window: 0, profile: 0, segment: segments[0], thin: false, events: 3 },
    { window: 1, profile: 4, segment: null, thin: false, events: 6 },
  ]);
  expect(stepsOf(result, 3).map((s) => s.thin)).toEqual([true]);
});

test('a mixture is its strongest parts and the rest; none where the window has no segment', () => {
  const mixture = mixtureAt(result, 1, 2);
  expect(mixture?.parts.map(({ segment: s, share }) => [s.index, share])).toEqual([
    [1, 0.5],
    [0, 0.25],
  ]);
  expect([mixture?.rest, mixture?.secondary]).toEqual([0.25, segments[0]]);
  expect(mixture?.entropy).toBeCloseTo(Math.log2(3), 6);
  expect(mixture?.mostEntropy).toBeCloseTo(Math.log2(3), 6);
  expect(mixtureAt(result, 4, 2)).toBeNull();
});

test('the share of a group is that of its segments together', () => {
  expect(groupShares(result, 1, 2)).toEqual([
    { node: 1, share: 0.5 },
    { node: 3, share: 0.5 },
  ]);
  expect(groupShares(result, 0, 1)).toEqual([{ node: 4, share: 1 }]);
});

test('users are found by the beginning of their name, then by a part of it', () => {
  expect(findUsers(result, ' AN', 9)).toEqual([0, 3, 1]);
  expect(findUsers(result, 'an', 1)).toEqual([0]);
  expect([findUsers(result, ' ', 9), findUsers(result, 'zz', 9)]).toEqual([[], []]);
});

test('a segment`s mean evenness is over its own users, its secondary users are those of others; thin ones count in neither', () => {
  expect(membershipOf(result, segments[0] as Segment)).toEqual({ evenness: expect.closeTo(0.25, 6), secondaryOf: 1 });
  expect(membershipOf(result, segments[2] as Segment)).toEqual({ evenness: null, secondaryOf: 0 });
});

test('the share of the own segment is found where it is not the strongest, and is 0 for noise', () => {
  expect([...ownShares(result)]).toEqual([0.75, 0.5, 1, 1, 0]);
  const elsewhere = { ...result, profiles: { ...result.profiles, segment: Int32Array.of(1, 2, 1, 0, -1) } };
  expect([...ownShares(elsewhere)]).toEqual([0.25, 0.25, 0, 1, 0]);
});
