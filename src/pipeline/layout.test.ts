import { expect, test } from 'vitest';
import {
  createRandom,
  DEFAULT_SETTINGS,
  type LayoutFrame,
  type Matrix,
  type ProfileTable,
  silentContext,
} from '../domain/index.ts';
import { CPU } from '../engine/index.ts';
import { uniformMatrix } from '../testing/index.ts';
import { consecutiveProfiles, fittedProfiles, layOut } from './layout.ts';

/** A profile for each [user, window], in the order given. */
function tableOf(rows: readonly (readonly [user: number, window: number])[], thin: (row: number) => boolean = () => false) {
  return {
    count: rows.length,
    user: Uint32Array.from(rows, ([user]) => user),
    window: Uint32Array.from(rows, ([, window]) => window),
    thin: Uint8Array.from(rows, (_, row) => Number(thin(row))),
  } as ProfileTable;
}
const everyone = (users: number, windows: number) =>
  Array.from({ length: users * windows }, (_, i) => [i % users, Math.floor(i / users)] as const);
const all = (profiles: ProfileTable): Uint32Array => Uint32Array.from({ length: profiles.count }, (_, p) => p);

test('a user is linked from one window to the next, over empty windows, but not over one that the user missed', () => {
  const profiles = tableOf([
    [7, 0],
    [8, 0],
    [9, 0],
    [8, 1],
    [9, 1],
    [7, 5],
    [8, 5],
  ]);
  expect([...consecutiveProfiles(profiles, all(profiles))]).toEqual([1, 3, 2, 4, 3, 6]);
  expect([...consecutiveProfiles(profiles, Uint32Array.of(1, 4, 6))]).toEqual([]);
  expect([...consecutiveProfiles(profiles, Uint32Array.of(1, 3, 5))]).toEqual([0, 1]);
  expect(consecutiveProfiles(tableOf([]), new Uint32Array()).length).toBe(0);
});

test('the fit takes no thin profile, and of too many those of whole users, as many as may be', () => {
  const profiles = tableOf(everyone(100, 5), (row) => row % 100 === 3);
  expect(fittedProfiles(profiles, 495, 1).length).toBe(495);
  const fitted = fittedProfiles(profiles, 60, 1);
  const users = new Set(Array.from(fitted, (p) => profiles.user[p] as number));
  expect([fitted.length, users.size, users.has(3)]).toEqual([60, 12, false]);
  expect([...fitted]).toEqual([...fitted].sort((a, b) => a - b));
  expect(fittedProfiles(profiles, 60, 1)).toEqual(fitted);
  expect(fittedProfiles(profiles, 60, 2)).not.toEqual(fitted);
  expect(fittedProfiles(profiles, 63, 1).length).toBe(63);
  expect(fittedProfiles(tableOf([]), 50, 1).length).toBe(0);
});

const USERS = 100;
const WINDOWS = 3;

/** Users of four topics, each with something of their own and chance in every window. */
function plantedVectors(): Matrix {
  const cols = 8;
  const [topics, own, chance] = [4, USERS, USERS * WINDOWS].map((rows, i) => uniformMatrix(rows, cols, i + 1).data);
  const random = createRandom(1);
  const topicOf = Array.from({ length: USERS }, () => random.int(4));
  const data = Float32Array.from({ length: USERS * WINDOWS * cols }, (_, i) => {
    const [row, col] = [Math.floor(i / cols), i % cols];
    const user = row % USERS;
    const at = (from: Float32Array | undefined, r: number): number => from?.[r * cols + col] as number;
    return at(topics, topicOf[user] as number) + 0.3 * at(own, user) + 0.6 * at(chance, row);
  });
  return { rows: USERS * WINDOWS, cols, data };
}

test('alignment brings the windows of a user together; the frames end with the places of the fitted profiles', async () => {
  const vectors = plantedVectors();
  const profiles = tableOf(everyone(USERS, WINDOWS));
  const meanWay = async (alignment: number): Promise<number> => {
    const settings = { ...DEFAULT_SETTINGS, layout: { ...DEFAULT_SETTINGS.layout, alignment } };
    const frames: LayoutFrame[] = [];
    const task = { settings, compute: CPU, ctx: silentContext, onLayout: (frame: LayoutFrame) => void frames.push(frame) };
    const { data } = await layOut(vectors, profiles, task);
    expect(frames.at(-1)).toEqual({ positions: data, epoch: 200, epochs: 200 });
    let sum = 0;
    for (let row = USERS; row < vectors.rows; row++) {
      const [a, b] = [2 * (row - USERS), 2 * row];
      sum += Math.hypot((data[a] as number) - (data[b] as number), (data[a + 1] as number) - (data[b + 1] as number));
    }
    return sum / (vectors.rows - USERS);
  };
  expect(await meanWay(DEFAULT_SETTINGS.layout.alignment)).toBeLessThan(0.9 * (await meanWay(0)));
});
