import { describe, expect, it } from 'vitest';
import { coreShareAt, layoutReach } from './reach.ts';
import { countFrom, layoutSimilarities } from './similarity.ts';

const curve = { distance: Float32Array.of(0.25, 0.5, 0.5, 1), share: Float32Array.of(0.25, 0.5, 0.75, 1) };
const none = { distance: new Float32Array(), share: new Float32Array() };
const box = { x: 10, y: 5, width: 100, height: 50 };

describe('k-distance curve', () => {
  it('the share of core users is that of the curve at its points, of equal ones the last, and in proportion between them', () => {
    expect([0.25, 0.5, 0.75, 1, 2].map((eps) => coreShareAt(curve, eps))).toEqual([0.25, 0.75, 0.875, 1, 1]);
    expect([0, 0.2].map((eps) => coreShareAt(curve, eps))).toEqual([0, 0]);
    expect(coreShareAt(none, 1)).toBe(0);
  });

  it('it grows with eps', () => {
    const shares = Array.from({ length: 101 }, (_, i) => coreShareAt(curve, i / 100));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('distances stand from 0 at the bottom to the largest at the top, and a height gives its distance back', () => {
    const layout = layoutReach(curve, 0.5, box);
    expect([layout.max, layout.yOf(0), layout.yOf(1), layout.xOf(1)]).toEqual([1, 55, 5, 110]);
    for (const eps of [0, 0.3, 1]) expect(layout.distanceAt(layout.yOf(eps))).toBeCloseTo(eps, 12);
    expect([layout.distanceAt(-20), layout.distanceAt(400)]).toEqual([1, 0]);
    expect(layout.line).toMatch(/^M35,42.5L60,30/);
  });

  it('an eps above the curve is on the scale; without points there is no line and still a scale', () => {
    expect(layoutReach(curve, 1.6, box).max).toBe(1.6);
    expect(layoutReach(none, 0, box)).toMatchObject({ line: '', max: 1 });
  });
});

describe('similarities of noise', () => {
  const values = Float32Array.of(-0.5, 0, 0.24, 0.25, 0.5, 1, Number.NaN);

  it('each is in one bin: below 0 in the first, 1 in the last, NaN in none', () => {
    const bars = layoutSimilarities(values, 4, box);
    expect(bars.map((bar) => bar.count)).toEqual([3, 1, 1, 1]);
    expect(bars.map((bar) => bar.from)).toEqual([0, 0.25, 0.5, 0.75]);
    expect(bars[0]).toMatchObject({ x: 10, y: 5, width: 25, height: 50 });
    expect(bars.every((bar) => bar.y + bar.height === 55)).toBe(true);
  });

  it('those from a similarity on are counted with it, NaN never', () => {
    expect([-1, 0, 0.25, 0.500001, 1, 1.1].map((least) => countFrom(values, least))).toEqual([6, 5, 3, 1, 1, 0]);
  });

  it('without any every bar is flat', () => {
    expect(layoutSimilarities(new Float32Array(), 3, box).map((bar) => bar.height)).toEqual([0, 0, 0]);
  });
});
