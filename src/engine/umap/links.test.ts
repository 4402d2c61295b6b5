import { expect, test } from 'vitest';
import { type Matrix, silentContext } from '../../domain/index.ts';
import { uniformMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { type FuzzyGraph, trustworthiness, umapLayout, withLinks } from '../index.ts';

const GRAPH: FuzzyGraph = {
  rows: 4,
  offsets: Uint32Array.of(0, 1, 2, 2, 2),
  tails: Uint32Array.of(1, 0),
  weights: Float32Array.of(0.5, 0.5),
};

const tiesOf = ({ rows, offsets, tails, weights }: FuzzyGraph) =>
  Array.from({ length: rows }, (_, r) =>
    Array.from(tails.subarray(offsets[r], offsets[r + 1]), (tail, i) => [tail, weights[(offsets[r] as number) + i]]),
  );

test('a link is a tie in both of its rows, or strengthens the one that is there; twice and with itself it says nothing', () => {
  const linked = withLinks(GRAPH, { pairs: Uint32Array.of(0, 1, 2, 0, 0, 2, 3, 3), weight: 0.5 });
  expect(tiesOf(linked)).toEqual([
    [
      [1, 0.75],
      [2, 0.5],
    ],
    [[0, 0.75]],
    [[0, 0.5]],
    [],
  ]);
  expect(tiesOf(GRAPH)[0]).toEqual([[1, 0.5]]);
});

test('no links, links of weight 0 and no rows leave the graph as it is', () => {
  expect(withLinks(GRAPH, { pairs: new Uint32Array(), weight: 1 })).toBe(GRAPH);
  expect(withLinks(GRAPH, { pairs: Uint32Array.of(0, 2), weight: 0 })).toBe(GRAPH);
  const none = { rows: 0, offsets: Uint32Array.of(0), tails: new Uint32Array(), weights: new Float32Array() };
  expect(withLinks(none, { pairs: new Uint32Array(), weight: 1 }).rows).toBe(0);
});

const USERS = 120;
const WINDOWS = 3;
const DIMS = 16;
const TOPICS = 5;
const switches = (user: number): boolean => user % 12 === 0;

/** Rows by window, then user: a topic, something of the user's own, and chance; one user in twelve changes topic at the end. */
function plantedWindows(): { x: Matrix; pairs: Uint32Array } {
  const [topics, own, chance] = [TOPICS, USERS, USERS * WINDOWS].map((rows, i) => uniformMatrix(rows, DIMS, i + 1).data);
  const at = (from: Float32Array | undefined, row: number, i: number): number => from?.[row * DIMS + i] as number;
  const data = new Float32Array(USERS * WINDOWS * DIMS);
  for (let row = 0; row < USERS * WINDOWS; row++) {
    const [window, user] = [Math.floor(row / USERS), row % USERS];
    const topic = (user + (switches(user) && window === WINDOWS - 1 ? 2 : 0)) % TOPICS;
    for (let i = 0; i < DIMS; i++) {
      data[row * DIMS + i] = at(topics, topic, i) + 0.3 * at(own, user, i) + 0.8 * at(chance, row, i);
    }
  }
  const later = Array.from({ length: USERS * (WINDOWS - 1) }, (_, i) => i + USERS);
  return { x: { rows: USERS * WINDOWS, cols: DIMS, data }, pairs: Uint32Array.from(later.flatMap((row) => [row - USERS, row])) };
}

/** Mean way of users from the last window but one to the last. */
function meanWay(layout: Matrix, which: (user: number) => boolean): number {
  const users = Array.from({ length: USERS }, (_, u) => u).filter(which);
  const at = (window: number, user: number, axis: number): number => layout.data[2 * (window * USERS + user) + axis] as number;
  const way = (u: number): number => Math.hypot(...[0, 1].map((axis) => at(WINDOWS - 1, u, axis) - at(WINDOWS - 2, u, axis)));
  return users.reduce((sum, u) => sum + way(u), 0) / users.length;
}

test('linked rows move less between windows, those that changed still far more, and neighbourhoods stay as true', async () => {
  const { x, pairs } = plantedWindows();
  const found: { stay: number; change: number; trust: number }[] = [];
  for (const weight of [0, 0.5]) {
    const options = { neighbours: 15, minDist: 0.1, epochs: 200, seed: 1, links: { pairs, weight } };
    const layout = await umapLayout(x, options, CPU, silentContext);
    const trust = await trustworthiness(x, layout, 15, silentContext);
    found.push({ stay: meanWay(layout, (u) => !switches(u)), change: meanWay(layout, switches), trust });
  }
  const [free, linked] = found as [(typeof found)[0], (typeof found)[0]];
  expect(linked.stay).toBeLessThan(0.9 * free.stay);
  expect(linked.change).toBeGreaterThan(3 * linked.stay);
  expect(linked.trust).toBeGreaterThan(free.trust - 0.01);
});
