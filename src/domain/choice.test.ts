import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elbowOf } from './choice.ts';

const curve = (ys: readonly number[], from = 2) => ys.map((y, i) => ({ x: from + i, y }));

describe('the elbow of a falling curve', () => {
  test('is where a bent line bends', () => {
    expect(elbowOf(curve([100, 70, 40, 10, 8, 6, 4]))).toBe(5);
  });

  test('is there too where steps of x differ', () => {
    const points = [
      { x: 2, y: 90 },
      { x: 3, y: 30 },
      { x: 9, y: 24 },
      { x: 20, y: 10 },
    ];
    expect(elbowOf(points)).toBe(3);
  });

  test('is the first of equals', () => {
    expect(elbowOf(curve([4, 2, 1, 1], 5))).toBe(6);
    expect(elbowOf(curve([3, 1, 0, 0]))).toBe(elbowOf(curve([30, 10, 0, 0])));
  });

  test('is not there for fewer than three points, a straight line, one that bulges or one that does not fall', () => {
    const none = [[], [1], [2, 1], [3, 2, 1], [0.3, 0.2, 0.1, 0], [10, 9, 1], [1, 2, 3], [2, 2, 2], [2, 1, 2]];
    for (const ys of none) expect(elbowOf(curve(ys))).toBeNull();
  });

  test('is the point farthest from the line between the ends in the unit square, whatever the units', () => {
    const falls = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(falls, (steps) => {
        const ys = [0, ...steps.keys()].map((_, i) => steps.slice(i).reduce((sum, step) => sum + step, 0));
        const [rise, run] = [ys[0] as number, ys.length - 1];
        // Twice the area of the triangle with the two ends, positive below the chord.
        const area = ys.map((y, i) => run * (rise - y) - rise * i);
        const best = Math.max(...area);
        const expected = best > 0 ? area.flatMap((a, i) => (a === best ? [2 + i] : [])) : [null];
        expect(expected).toContain(elbowOf(curve(ys)));
        expect(elbowOf(curve(ys.map((y) => 0.5 * y + 3)))).toBe(elbowOf(curve(ys)));
      }),
    );
  });
});
