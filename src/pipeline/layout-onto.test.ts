import { describe, expect, test } from 'vitest';
import {
  createRandom,
  DEFAULT_SETTINGS,
  type LayoutFrame,
  type Matrix,
  type ProfileTable,
  rowOf,
  type Settings,
  silentContext,
  takeRows,
} from '../domain/index.ts';
import { CPU, knn, trustworthiness } from '../engine/index.ts';
import { uniformMatrix } from '../testing/index.ts';
import { layOut } from './layout.ts';
import { layOutOnto, turnsOf } from './layout-onto.ts';

const COLS = 8;
const USERS = 60;
const WINDOWS = 4;
const NONE: Matrix = { rows: 0, cols: 2, data: new Float32Array() };
const settingsWith = (layout: Partial<Settings['layout']>): Settings => ({
  ...DEFAULT_SETTINGS,
  layout: { ...DEFAULT_SETTINGS.layout, epochs: 60, ...layout },
});
const settings = settingsWith({});

type Place = readonly [user: number, window: number];
const tableOf = (rows: readonly Place[], thin: (row: number) => boolean = () => false) =>
  ({
    count: rows.length,
    user: Uint32Array.from(rows, ([user]) => user),
    window: Uint32Array.from(rows, ([, window]) => window),
    thin: Uint8Array.from(rows, (_, row) => Number(thin(row))),
  }) as ProfileTable;
const everyone = (users = USERS, windows = WINDOWS): Place[] =>
  Array.from({ length: users * windows }, (_, i) => [i % users, Math.floor(i / users)]);
const upTo = (rows: number): Uint32Array => Uint32Array.from({ length: rows }, (_, i) => i);

/** Users of four topics, each with something of their own and chance in every window; some are thin. */
function planted(rows: readonly Place[] = everyone()): { vectors: Matrix; profiles: ProfileTable } {
  const [topics, own, chance] = [5, USERS, rows.length].map((n, i) => uniformMatrix(n, COLS, i + 1).data) as Float32Array[];
  const at = (from: Float32Array | undefined, r: number, col: number): number => from?.[r * COLS + col] as number;
  const data = Float32Array.from({ length: rows.length * COLS }, (_, i) => {
    const [row, col] = [Math.floor(i / COLS), i % COLS];
    const [user] = rows[row] as Place;
    return at(topics, user % 4, col) + 0.2 * at(own, user, col) + 0.4 * at(chance, row, col);
  });
  return { vectors: { rows: rows.length, cols: COLS, data }, profiles: tableOf(rows, (row) => row % 17 === 3) };
}

const run = (vectors: Matrix, profiles: ProfileTable, previous = NONE, more: Partial<Parameters<typeof layOutOnto>[3]> = {}) =>
  layOutOnto(previous, vectors, profiles, { settings, compute: CPU, ctx: silentContext, ...more });

/** The rows of the windows before `window`. */
function upToWindow(window: number, { vectors, profiles }: ReturnType<typeof planted>) {
  const rows = upTo(profiles.count).filter((p) => (profiles.window[p] as number) < window);
  const places = Array.from(rows, (p): Place => [profiles.user[p] as number, profiles.window[p] as number]);
  return { vectors: takeRows(vectors, rows), profiles: tableOf(places, (row) => profiles.thin[row] === 1) };
}

describe('P8 no look ahead', () => {
  const gaps = everyone().map(([user, window]): Place => [user, window < 2 ? window : window + 3]);
  test.each([
    ['windows in a row', everyone()],
    ['empty windows between', gaps],
    ['a first window of few', everyone().filter(([user, window]) => window > 0 || user < 2)],
  ])('the positions of a window are the same to the bit whatever comes after it: %s', async (_, rows) => {
    const data = planted(rows);
    const whole = await run(data.vectors, data.profiles);
    for (let window = 1; window < 7; window++) {
      const part = upToWindow(window, data);
      const alone = await run(part.vectors, part.profiles);
      expect(alone.data).toEqual(whole.data.subarray(0, 2 * part.profiles.count));
    }
  });

  test('also where fewer profiles take part than there are', async () => {
    const data = planted();
    const few = { settings: settingsWith({ maxFit: 50 }) };
    const whole = await run(data.vectors, data.profiles, NONE, few);
    const part = upToWindow(3, data);
    expect((await run(part.vectors, part.profiles, NONE, few)).data).toEqual(whole.data.subarray(0, 2 * part.profiles.count));
    expect(whole.data.every(Number.isFinite)).toBe(true);
  });

  test('appended windows are laid out onto the positions that are there, as if all had come at once', async () => {
    const data = planted();
    const whole = await run(data.vectors, data.profiles);
    const part = upToWindow(2, data);
    const previous = await run(part.vectors, part.profiles);
    const frames: LayoutFrame[] = [];
    const onLayout = (frame: LayoutFrame): void => void frames.push(frame);
    expect(await run(data.vectors, data.profiles, previous, { onLayout })).toEqual(whole);
    expect(frames.at(-1)).toMatchObject({ epoch: 2 * 60, epochs: 2 * 60 });
    expect(await run(data.vectors, data.profiles, whole)).toEqual(whole);
  });
});

test('who takes part depends on windows up to then: whole samples by user, of earlier windows evenly as many', () => {
  const profiles = tableOf(everyone(100, 4), (row) => row % 100 === 3);
  const turns = turnsOf(profiles, 60);
  expect(turns.map(({ fresh, held }) => [fresh.length, held.length])).toEqual([
    [60, 0],
    [30, 30],
    [30, 30],
    [30, 30],
  ]);
  const users = (rows: readonly number[]): number[] => rows.map((p) => profiles.user[p] as number);
  expect(users(turns[1]?.fresh ?? [])).toEqual(users(turns[0]?.fresh ?? []).slice(0, 30));
  expect(turns.every(({ fresh, held }) => [...fresh, ...held].every((p) => !profiles.thin[p]))).toBe(true);
  expect(turns.flatMap(({ window }) => window)).toEqual([...upTo(400)]);
  expect(turnsOf(tableOf([]), 60)).toEqual([]);
});

test('neighbourhoods are within .03 as true as in one layout of all windows', async () => {
  const { vectors, profiles } = planted();
  const task = { settings: settingsWith({ epochs: 200 }), compute: CPU, ctx: silentContext };
  const trust = (layout: Matrix): Promise<number> => trustworthiness(vectors, layout, 15, silentContext);
  const [joint, inTurn] = [await layOut(vectors, profiles, task), await layOutOnto(NONE, vectors, profiles, task)];
  expect(await trust(inTurn)).toBeGreaterThan((await trust(joint)) - 0.03);
});

test('alignment keeps users who do not change near where they were', async () => {
  const { vectors, profiles } = planted();
  const meanWay = async (alignment: number): Promise<number> => {
    const { data } = await run(vectors, profiles, NONE, { settings: settingsWith({ alignment, epochs: 200 }) });
    let sum = 0;
    for (let row = USERS; row < vectors.rows; row++) {
      const [a, b] = [2 * (row - USERS), 2 * row];
      sum += Math.hypot((data[a] as number) - (data[b] as number), (data[a + 1] as number) - (data[b + 1] as number));
    }
    return sum;
  };
  expect(await meanWay(1)).toBeLessThan(0.9 * (await meanWay(0)));
});

test('a window of wholly new content finds a place of its own', async () => {
  const { vectors, profiles } = planted();
  const random = createRandom(4);
  const last = (WINDOWS - 1) * USERS;
  for (let i = last * COLS; i < vectors.data.length; i++) vectors.data[i] = (i % COLS === 0 ? 6 : -6) + 0.4 * random.next();
  const layout = await run(vectors, profiles, NONE, { settings: settingsWith({ epochs: 200 }) });
  const near = await knn(layout, 11, CPU, silentContext);
  const own = upTo(USERS).map(
    (i) => [...near.ids.subarray(11 * (last + i), 11 * (last + i + 1))].filter((id) => id >= last).length,
  );
  expect(own.reduce((a, b) => a + b, 0) / (11 * USERS)).toBeGreaterThan(0.95);
});

test('no profiles, and windows of thin profiles only, are no trouble', async () => {
  expect((await run({ rows: 0, cols: COLS, data: new Float32Array() }, tableOf([]))).rows).toBe(0);
  const { vectors } = planted();
  const profiles = tableOf(everyone(), (row) => Math.floor(row / USERS) % 2 === 0);
  const layout = await run(vectors, profiles);
  expect(layout.data.every(Number.isFinite)).toBe(true);
  // Nothing is known yet of where a thin profile of the first window belongs.
  expect([...rowOf(layout, 0)]).toEqual([0, 0]);
  expect([...rowOf(layout, 2 * USERS)]).not.toEqual([0, 0]);
});

test('P7 it can be cancelled in the middle of any window', async () => {
  const { vectors, profiles } = planted();
  const stop = Object.assign(new Error('stop'), { name: 'CancelledError' });
  for (const after of [3, 120, 200]) {
    let left = after;
    const ctx = { progress: () => {}, checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(stop)) };
    await expect(run(vectors, profiles, NONE, { ctx })).rejects.toBe(stop);
  }
});
