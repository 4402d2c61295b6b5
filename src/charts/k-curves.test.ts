import { describe, expect, it } from 'vitest';
import type { KChoice, KPoint } from '../domain/index.ts';
import { type KRow, layoutKCurves } from './k-curves.ts';

const SIZE = { width: 284, rowHeight: 40, heading: 16, left: 40 };

/** Silhouettes from k = 2 on; the other figures follow them, inertia bends at the best. */
function choice(window: number, silhouettes: readonly number[], k: number, common: number | null = k): KChoice {
  const best = silhouettes.indexOf(Math.max(...silhouettes));
  const curve = silhouettes.map((silhouette, i): KPoint => {
    const inertia = 100 - 10 * Math.min(i, best) - Math.max(0, i - best);
    return { k: i + 2, silhouette, daviesBouldin: 2 - silhouette, calinskiHarabasz: 500 * silhouette, inertia, stability: null };
  });
  return { window, k, common, curve };
}

const row = (rows: readonly KRow[] | undefined, measure: KRow['measure']): KRow => {
  const found = rows?.find((r) => r.measure === measure);
  if (!found) throw new Error(`no row ${measure}`);
  return found;
};

describe('the curves of k', () => {
  const one = choice(0, [0.2, 0.3, 0.6, 0.5, 0.4], 3);
  const other = choice(1, [0.1, 0.3, 0.4, 0.8, 0.4], 3);
  const layout = layoutKCurves([one, other], 0, SIZE);

  it('five rows one below the other, none over another, all inside the picture', () => {
    const rows = layout?.rows ?? [];
    expect(rows.map((r) => r.measure)).toEqual(['silhouette', 'daviesBouldin', 'calinskiHarabasz', 'inertia', 'stability']);
    for (const [i, r] of rows.entries()) {
      expect(r.top - SIZE.heading).toBeGreaterThanOrEqual(rows[i - 1]?.bottom ?? 0);
      expect(r.bottom).toBeLessThanOrEqual(layout?.height as number);
    }
  });

  it('the same k lies at the same x in every row, and the chosen one on the mark through all of them', () => {
    const chosen = layout?.rows.flatMap((r) => r.chosen ?? []) ?? [];
    expect(chosen).toHaveLength(4);
    expect(new Set(chosen.map((c) => c.x))).toEqual(new Set([layout?.chosenX]));
    expect(chosen[0]).toMatchObject({ k: 3, value: 0.3 });
  });

  it('each curve’s own best: the highest, the lowest where lower is better, the elbow of inertia', () => {
    const bests = layout?.rows.map((r) => r.best?.k ?? null);
    expect(bests).toEqual([4, 4, 4, 4, null]);
    expect(row(layout?.rows, 'daviesBouldin').best?.value).toBeCloseTo(1.4, 12);
  });

  it('larger values lie higher, between the ends of the scale', () => {
    const { top, bottom, best, chosen, low, high } = row(layout?.rows, 'silhouette');
    expect(best?.y).toBeLessThan(chosen?.y as number);
    // The scale is that of all windows, so that they compare.
    expect([low, high]).toEqual([
      { value: 0.1, y: bottom },
      { value: 0.8, y: top },
    ]);
  });

  it('figures that grow with the users are drawn to each window’s own ends', () => {
    const { high, others, line } = row(layout?.rows, 'calinskiHarabasz');
    expect(high?.value).toBe(300);
    expect(others).toHaveLength(1);
    expect(line).not.toBe('');
    const ys = (others[0] as string).match(/,(-?[\d.]+)/g)?.map((y) => Number(y.slice(1))) ?? [];
    const { top, bottom } = row(layout?.rows, 'calinskiHarabasz');
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([top, bottom]);
  });

  it('what was not measured has no line and no marks', () => {
    expect(row(layout?.rows, 'stability')).toMatchObject({
      line: '',
      others: [],
      low: null,
      high: null,
      chosen: null,
      best: null,
    });
  });

  it('a value that is missing in the middle is a gap', () => {
    const curve = one.curve.map((p) => ({ ...p, stability: p.k === 4 ? null : 0.5 }));
    const { line, chosen, top, bottom } = row(layoutKCurves([{ ...one, curve }], 0, SIZE)?.rows, 'stability');
    expect(line.match(/M/g)).toHaveLength(2);
    // A flat curve lies in the middle.
    expect(chosen?.y).toBe((top + bottom) / 2);
  });

  it('the axis names the chosen k, and others where they do not touch it', () => {
    expect(layout?.ticks.map((t) => t.k)).toEqual([3, 2, 6]);
    const wide = Array.from({ length: 40 }, (_, i) => 0.5 - 0.001 * i);
    const near = layoutKCurves([choice(0, wide, 3, 4)], 0, SIZE);
    expect(near?.ticks.map((t) => t.k)).toEqual([3, 41]);
    expect(near?.commonX).toBeGreaterThan(near?.chosenX as number);
  });

  it('a k that is not on the axis is not marked', () => {
    const left = layoutKCurves([{ ...one, k: 1, common: null }], 0, SIZE);
    expect([left?.chosenX, left?.commonX]).toEqual([null, null]);
    expect(left?.rows.every((r) => r.chosen === null)).toBe(true);
  });

  it('a single k that was tried does not break the axis', () => {
    const single = layoutKCurves([choice(0, [0.4], 2)], 0, SIZE);
    expect(single?.chosenX).toBe(SIZE.left);
    expect(row(single?.rows, 'inertia').best).toBeNull();
  });

  it('no curve, no picture', () => {
    expect(layoutKCurves([], 0, SIZE)).toBeNull();
    expect(layoutKCurves([{ window: 0, k: 3, common: null, curve: [] }, other], 0, SIZE)).toBeNull();
    expect(layoutKCurves([one], 5, SIZE)).toBeNull();
  });
});
