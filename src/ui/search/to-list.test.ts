import { expect, test } from 'vitest';
import type { SearchHits, Segment } from '../../domain/index.ts';
import { segmentsToList } from './to-list.ts';

/** Two windows of three tracks; the index of a segment is 3 * window + track. */
const segments = Array.from({ length: 6 }, (_, index) => ({ index, window: Math.floor(index / 3), track: index % 3 }) as Segment);

function hitsOf(cosine: readonly number[], found: readonly number[], bright: readonly number[] = []): SearchHits {
  const list = found.map((segment) => ({ segment, cosine: cosine[segment] as number }));
  const flags = Uint8Array.from(cosine, (_, i) => (bright.includes(i) ? 1 : 0));
  const toSegments = { cosine: Float64Array.from(cosine) as unknown as Float32Array, bright: flags };
  return { segments: list, toSegments } as unknown as SearchHits;
}

const listed = (hits: SearchHits, window: number) =>
  segmentsToList({ segments }, hits, window).map(({ segment, cosine }) => [segment.index, cosine]);

test('of a track the segment of the window that is shown, if it is near; else the nearest one of the track', () => {
  const hits = hitsOf([0.9, 0.5, 0.1, 0.6, 0.2, 0.1], [0, 1]);
  expect(listed(hits, 0)).toEqual([
    [0, 0.9],
    [1, 0.5],
  ]);
  expect(listed(hits, 1)).toEqual([
    [3, 0.6],
    [1, 0.5],
  ]);
});

test('a segment that is bright in the window that is shown is listed, whatever its centre; elsewhere it is not', () => {
  const hits = hitsOf([0.9, 0, 0.1, 0.6, 0, 0.2], [0], [5]);
  expect(listed(hits, 1)).toEqual([
    [3, 0.6],
    [5, 0.2],
  ]);
  expect(listed(hits, 0)).toEqual([[0, 0.9]]);
});

test('nothing found lists nothing', () => {
  expect(listed(hitsOf([0, 0, 0, 0, 0, 0], []), 1)).toEqual([]);
});
