import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lifecycles, type Memberships, migrationMatrix, netFlows, rowPercent } from './index.ts';

test('a user is new, then returning, then dormant, then resurrecting', () => {
  const [first, second, third, fourth] = lifecycles([[5], [5, 9], [9], [9, 5]]);
  const listed = (l: typeof first): number[][] =>
    [l?.new, l?.returning, l?.resurrecting, l?.dormant].map((list) => [...(list ?? [])]);
  expect(listed(first)).toEqual([[5], [], [], []]);
  expect(listed(second)).toEqual([[9], [5], [], []]);
  expect(listed(third)).toEqual([[], [9], [], [5]]);
  expect(listed(fourth)).toEqual([[], [9], [5], []]);
});

test('an empty window tells nothing, and makes no one dormant', () => {
  const [empty, first, gap, last] = lifecycles([[], [1, 2], [], [2, 3]]);
  expect([empty, gap]).toEqual([null, null]);
  expect(first).toMatchObject({ window: 1, before: null });
  expect(last).toMatchObject({ window: 3, before: 1 });
  expect([...(last?.returning ?? [])]).toEqual([2]);
  expect(lifecycles([])).toEqual([]);
});

const someWindows = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 70 }), { maxLength: 66 }), { maxLength: 6 });
const union = (...lists: (Uint32Array | undefined)[]): number[] =>
  lists.flatMap((list) => [...(list ?? [])]).sort((a, b) => a - b);

test('every user seen so far is in one list, and those present in the first three', () => {
  fc.assert(
    fc.property(someWindows, (windows) => {
      lifecycles(windows).forEach((life, w) => {
        expect(life === null).toBe(windows[w]?.length === 0);
        if (life === null) return;
        const seen = new Set(windows.slice(0, w + 1).flat());
        expect(union(life.new, life.returning, life.resurrecting)).toEqual([...(windows[w] as number[])].sort((a, b) => a - b));
        expect(union(life.new, life.returning, life.resurrecting, life.dormant)).toEqual([...seen].sort((a, b) => a - b));
      });
    }),
  );
});

test('P8 later windows change nothing earlier', () => {
  fc.assert(
    fc.property(someWindows, (windows) => {
      const all = lifecycles(windows);
      windows.forEach((_, w) => {
        expect(lifecycles(windows.slice(0, w + 1))).toEqual(all.slice(0, w + 1));
      });
    }),
  );
});

test('the matrix by hand', () => {
  const before: Memberships = { users: [1, 2, 3, 4, 5], segments: [0, 0, 0, 7, -1] };
  const after: Memberships = { users: [9, 8, 4, 3, 2], segments: [8, 0, 0, 0, 8] };
  const m = migrationMatrix(before, after, [9]);
  expect([m.from, m.to]).toEqual([
    [-1, 0, 7],
    [0, 8],
  ]);
  expect([...m.counts]).toEqual([0, 0, 1, 1, 1, 0]);
  expect([...m.dormant]).toEqual([1, 1, 0]);
  expect([[...m.new], [...m.resurrecting]]).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect([[...m.fromUsers], [...m.toUsers]]).toEqual([
    [1, 3, 1],
    [3, 2],
  ]);
  expect([...rowPercent(m)].map(Math.round)).toEqual([0, 0, 100, 33, 33, 33, 100, 0, 0]);
  const net = netFlows(m);
  expect(net.segments).toEqual([-1, 0, 7, 8]);
  expect([...net.change]).toEqual([-1, 0, -1, 2]);
  expect(net.between[1 * 4 + 3]).toBe(1);
  expect(net.between[2 * 4 + 1]).toBe(1);
});

test('two windows without anyone', () => {
  const nobody: Memberships = { users: [], segments: [] };
  const m = migrationMatrix(nobody, nobody, []);
  expect([m.from, m.to, m.counts.length, rowPercent(m).length, netFlows(m).change.length]).toEqual([[], [], 0, 0, 0]);
});

const memberships = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 70 }), fc.integer({ min: -1, max: 5 })), {
    selector: ([user]) => user,
    maxLength: 66,
  })
  .map((pairs): Memberships => ({ users: pairs.map(([u]) => u), segments: pairs.map(([, s]) => s) }));

test('sums equal the users: rows, columns, margins and net flows', () => {
  const windows = fc.array(memberships, { minLength: 2, maxLength: 4 });
  const sum = (list: ArrayLike<number>): number => Array.from(list).reduce((total, value) => total + value, 0);
  fc.assert(
    fc.property(windows, (all) => {
      const lives = lifecycles(all.map((w) => w.users));
      for (const [w, life] of lives.entries()) {
        if (life === null || life.before === null) continue;
        const [before, after] = [all[life.before] as Memberships, all[w] as Memberships];
        const m = migrationMatrix(before, after, life.new);
        const inSegment = (side: Memberships, name: number): number => Array.from(side.segments).filter((s) => s === name).length;
        m.from.forEach((name, x) => {
          const row = m.counts.subarray(x * m.to.length, (x + 1) * m.to.length);
          expect(sum(row) + (m.dormant[x] as number)).toBe(inSegment(before, name));
          expect(m.fromUsers[x]).toBe(inSegment(before, name));
          expect(sum(rowPercent(m).subarray(x * (m.to.length + 1), (x + 1) * (m.to.length + 1)))).toBeCloseTo(100, 9);
        });
        m.to.forEach((name, y) => {
          const column = m.from.map((_, x) => m.counts[x * m.to.length + y] as number);
          expect(sum(column) + (m.new[y] as number) + (m.resurrecting[y] as number)).toBe(inSegment(after, name));
          expect(m.toUsers[y]).toBe(inSegment(after, name));
        });
        expect([sum(m.counts), sum(m.new), sum(m.resurrecting)]).toEqual([
          life.returning.length,
          life.new.length,
          life.resurrecting.length,
        ]);
        expect(sum(m.dormant)).toBe(before.users.length - life.returning.length);
        const net = netFlows(m);
        expect(sum(net.between)).toBe(0);
        net.segments.forEach((name, a) => {
          expect(net.change[a]).toBe(inSegment(after, name) - inSegment(before, name));
          net.segments.forEach((_, b) => {
            expect(
              (net.between[a * net.segments.length + b] as number) + (net.between[b * net.segments.length + a] as number),
            ).toBe(0);
          });
        });
      }
    }),
  );
});
