import { expect, test } from 'vitest';
import { type AnalysisResult, NO_LEVELS, type Segment } from '../domain/index.ts';
import { groupSegments, litSegments, sizesUnder, trackBranches, tracksUnder, withCuts } from './levels.ts';
import { initialView } from './view.ts';

const segment = (index: number, window: number, track: number, size: number): Segment =>
  ({ index, window, track, size, number: 0 }) as unknown as Segment;

/** Track 1 lies together, track 2 has drifted to track 3. Tree: 0-1 (track 1), 3-4 (2 and 3), 2 with 0-1, all. */
const segments = [segment(0, 0, 1, 5), segment(1, 2, 1, 7), segment(2, 0, 2, 4), segment(3, 2, 2, 3), segment(4, 2, 3, 2)];
const tree = {
  ...{ a: Int32Array.of(0, 3, 2, 6), b: Int32Array.of(1, 4, 5, 7), height: Float64Array.of(1, 2, 3, 9) },
  ...{ names: Array.from({ length: 9 }, (_, i) => `n${i}`), terms: [] },
};
const windows = [{ profiles: 9 }, { profiles: 0 }, { profiles: 12 }];
const result = { segments, windows, levels: { tree, cuts: [2, 3] } } as unknown as AnalysisResult;
const empty = { segments: [], windows, levels: NO_LEVELS } as unknown as AnalysisResult;

test('a track is one branch where its windows lie together, and several where it drifted; each segment is in one', () => {
  expect(trackBranches(result).sort()).toEqual([2, 3, 4, 5]);
  expect(trackBranches(empty)).toEqual([]);
});

test('tracks of a node, the largest first, with how much of them it holds', () => {
  expect(tracksUnder(result, 6)).toEqual([
    { track: 2, windows: 1, ofWindows: 2, size: 3 },
    { track: 3, windows: 1, ofWindows: 1, size: 2 },
  ]);
  expect(sizesUnder(result, 8)).toEqual([9, null, 12]);
  expect(sizesUnder(result, 5)).toEqual([5, null, 7]);
});

test('what is pointed at goes before what is selected; without either all is lit', () => {
  const view = initialView(result);
  expect(litSegments(result, view)).toBeNull();
  expect([...(litSegments(result, { ...view, track: 2 }) ?? [])]).toEqual([2, 3]);
  expect([...(litSegments(result, { ...view, node: 6, hoveredTrack: 1 }) ?? [])]).toEqual([0, 1]);
  expect([...(litSegments(result, { ...view, hoveredNode: 6, hoveredTrack: 1 }) ?? [])].sort()).toEqual([3, 4]);
});

test('segments by the groups of the coarsest level, the largest group first; undivided where there is one group', () => {
  const last = segments.filter((s) => s.window === 2);
  expect(groupSegments(result, last, 2).map((g) => [g.name, g.users, g.segments.length])).toEqual([
    ['n7', 7, 1],
    ['n6', 5, 2],
  ]);
  expect(groupSegments(result, last, 1)).toEqual([{ node: -1, name: '', users: 12, segments: last }]);
  expect(groupSegments(empty, [], undefined)).toEqual([{ node: -1, name: '', users: 0, segments: [] }]);
});

test('a result whose cuts were not moved is the same', () => {
  expect(withCuts(result, { cuts: null })).toBe(result);
});
