import { expect, test } from 'vitest';
import type { AnalysisResult, Segment } from '../domain/index.ts';
import { mostChanged, pathOf } from './view.ts';

test('the most changed users: the farthest first, equals by id; who did not move or was not measured is in no list', () => {
  const displacement = Float64Array.of(0.5, Number.NaN, 0, 1.5, 0.5);
  const result = { changes: { displacement } } as unknown as AnalysisResult;
  expect(mostChanged(result, 9)).toEqual([3, 0, 4]);
  expect(mostChanged(result, 2)).toEqual([3, 0]);
});

test('the way of a user goes by window, over profiles that are not thin, with null where no segment held them', () => {
  const segments = [{ index: 0, track: 7 }] as unknown as Segment[];
  const profiles = {
    user: Uint32Array.of(1, 0, 1, 1),
    window: Uint32Array.of(3, 0, 0, 1),
    thin: Uint8Array.of(0, 0, 0, 1),
    segment: Int32Array.of(-1, 0, 0, 0),
  };
  const result = { segments, profiles } as unknown as AnalysisResult;
  expect(pathOf(result, 1)).toEqual([
    { window: 0, segment: segments[0] },
    { window: 3, segment: null },
  ]);
  expect(pathOf(result, 2)).toEqual([]);
});
