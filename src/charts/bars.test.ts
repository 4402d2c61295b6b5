import { describe, expect, it } from 'vitest';
import { layoutBars } from './bars.ts';

const size = { width: 90, height: 20 };

describe('bars', () => {
  it('stand on the lower edge in equal steps, the largest as high as the box', () => {
    const bars = layoutBars([5, 10, 0], size);
    expect(bars.map(({ index, x, width, height }) => [index, x, width, height])).toEqual([
      [0, 0, 29, 10],
      [1, 30, 29, 20],
    ]);
    expect(bars.every((bar) => bar.y + bar.height === 20)).toBe(true);
  });

  it('what is there is seen beside what is a million times as much, and nothing is not', () => {
    const bars = layoutBars([1, 0, 1e6], size);
    expect(bars.map((bar) => bar.index)).toEqual([0, 2]);
    expect(bars[0]?.height).toBe(1.5);
  });

  it('without counts there are none, and many stay inside', () => {
    expect(layoutBars([], size)).toEqual([]);
    expect(layoutBars([0, 0], size)).toEqual([]);
    const last = layoutBars(new Array(400).fill(3), size).at(-1);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeCloseTo(90, 9);
  });
});
