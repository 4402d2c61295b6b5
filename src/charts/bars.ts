import { scaleLinear } from 'd3';
import type { Size } from './geometry.ts';

export interface Bar {
  readonly index: number;
  readonly count: number;
  /** Pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is there is seen, however little of the largest it is. */
const LEAST_HEIGHT = 1.5;

/** Counts of equal steps as bars from left to right that stand on the lower edge, the largest as high as the box; a count of 0 has none. */
export function layoutBars(counts: readonly number[], { width, height }: Size): Bar[] {
  const max = counts.reduce((top, count) => Math.max(top, count), 0);
  const x = scaleLinear([0, Math.max(1, counts.length)], [0, width]);
  const y = scaleLinear([0, max || 1], [0, height]);
  // A hair of room between bars, where they are wide enough to show it.
  const gap = width / Math.max(1, counts.length) > 4 ? 1 : 0;
  return counts.flatMap((count, index) => {
    if (count <= 0) return [];
    const tall = Math.min(height, Math.max(LEAST_HEIGHT, y(count)));
    return [{ index, count, x: x(index), y: height - tall, width: x(1) - gap, height: tall }];
  });
}
