import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Dendrogram, type DendrogramNode, layoutDendrogram } from './dendrogram.ts';

const SIZE = { width: 400, height: 100, margin: 20 };

/** Leaves 0 .. 4: 0-2 at 1, 3-4 at 2, 1 with 3-4 at 3, all at 8. */
const tree = { a: [0, 3, 1, 5], b: [2, 4, 6, 7], height: [1, 2, 3, 8] };

const drawn = (tips: readonly number[], weight = (_: number): number => 1): Dendrogram =>
  layoutDendrogram(tree, { ...SIZE, tips, weight });
const at = ({ nodes }: Dendrogram, node: number): DendrogramNode => nodes.find((n) => n.node === node) as DendrogramNode;

test('x is linear in height, tips end at the right, a node lies half way between its children', () => {
  const chart = drawn([0, 1, 2, 3, 4]);
  expect([8, 4, 0].map(chart.xOf)).toEqual([20, 210, 400]);
  expect(chart.heightAt(chart.xOf(2.5))).toBeCloseTo(2.5, 12);
  expect([at(chart, 8).x, at(chart, 7).x, at(chart, 3).x]).toEqual([20, chart.xOf(3), 400]);
  expect(at(chart, 6).y).toBe((at(chart, 3).y + at(chart, 4).y) / 2);
  expect(at(chart, 6).path).toBe(
    `M${chart.xOf(3).toFixed(1)},${at(chart, 7).y.toFixed(1)}V${at(chart, 6).y.toFixed(1)}H${chart.xOf(2).toFixed(1)}`,
  );
});

test('the heavier branch comes first, and weights add up to the root', () => {
  const chart = drawn([0, 1, 2, 3, 4], (tip) => [1, 9, 2, 3, 4][tip] as number);
  const tips = chart.nodes.filter((n) => n.tip).map((n) => n.node);
  expect(tips).toEqual([1, 4, 3, 2, 0]);
  expect([at(chart, 8).weight, at(chart, 7).weight]).toEqual([19, 16]);
});

test('what is under a tip is not drawn', () => {
  const chart = drawn([5, 1, 6]);
  expect(chart.nodes.map((n) => n.node).sort()).toEqual([1, 5, 6, 7, 8]);
  expect([at(chart, 6).tip, at(chart, 6).x, chart.row]).toEqual([true, 400, 100 / 3]);
});

test('one tip, no tip', () => {
  expect(drawn([8]).nodes).toEqual([
    { node: 8, parent: null, tip: true, weight: 1, x: 400, y: 50, from: 0, path: 'M0.0,50.0V50.0H400.0' },
  ]);
  const none = layoutDendrogram({ a: [], b: [], height: [] }, { ...SIZE, tips: [], weight: () => 1 });
  expect(none.nodes).toEqual([]);
  const one = layoutDendrogram({ a: [], b: [], height: [] }, { ...SIZE, tips: [0], weight: () => 1 });
  expect(one.nodes).toHaveLength(1);
});

test('fuzz: no lines cross, children are never left of their parent, each tip has a row of its own', () => {
  const shape = fc.array(fc.record({ i: fc.nat(), j: fc.nat(), up: fc.integer({ min: 0, max: 3 }), weight: fc.nat(9) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(shape, (steps) => {
      const random = randomTree(steps);
      const tips = Array.from({ length: steps.length + 1 }, (_, i) => i);
      const chart = layoutDendrogram(random, { ...SIZE, tips, weight: (tip) => steps[tip]?.weight ?? 1 });
      expect(chart.nodes).toHaveLength(2 * steps.length + 1);
      for (const n of chart.nodes) expect(n.x).toBeGreaterThanOrEqual(n.from);
      const rows = chart.nodes.filter((n) => n.tip).map((n) => n.y);
      for (const [i, y] of rows.entries()) expect(y).toBeCloseTo((i + 0.5) * chart.row, 9);
      expect(crossings(chart)).toBe(0);
    }),
  );
});

/** Joins two of the living nodes a step. */
function randomTree(steps: readonly { i: number; j: number; up: number }[]) {
  const alive = Array.from({ length: steps.length + 1 }, (_, i) => i);
  const made = { a: [] as number[], b: [] as number[], height: [] as number[] };
  let height = 0;
  for (const [s, { i, j, up }] of steps.entries()) {
    const [p] = alive.splice(i % alive.length, 1) as [number];
    const [q] = alive.splice(j % alive.length, 1, steps.length + 1 + s) as [number];
    height += up;
    made.a.push(Math.min(p, q));
    made.b.push(Math.max(p, q));
    made.height.push(height);
  }
  return made;
}

/** Pairs of a node's own line and another's way down from its parent that meet inside both. */
function crossings({ nodes }: Dendrogram): number {
  const yOf = new Map(nodes.map(({ node, y }) => [node, y]));
  let count = 0;
  for (const across of nodes) {
    for (const down of nodes) {
      const [top, bottom] = [yOf.get(down.parent ?? -1) ?? down.y, down.y].sort((p, q) => p - q) as [number, number];
      if (across.y > top && across.y < bottom && down.from > across.from && down.from < across.x) count++;
    }
  }
  return count;
}
