import { describe, expect, test } from 'vitest';
import {
  CancelledError,
  childrenOf,
  DEFAULT_SETTINGS,
  type LevelSettings,
  leavesUnder,
  nodeOfSegments,
  nodesOfCut,
  type Segment,
  silentContext,
} from '../domain/index.ts';
import { adjustedRandIndex } from '../engine/index.ts';
import { cutsOf, interestLevels, type LevelsTask } from './levels.ts';
import stored from './sklearn-levels.json' with { type: 'json' };

const rows = stored.sizes.length;
const centroids = { rows, cols: stored.cols, data: Float32Array.from(stored.centroids) };
const WORDS = ['bread', 'cake', 'stars', 'comets', 'trout', 'pike'];

/** Six tracks over four windows each, in three pairs that lie together. */
const segments = stored.sizes.map(
  (size, index): Segment => ({
    ...{ index, window: index % 4, number: 0, track: 1 + Math.floor(index / 4), size, thin: 0 },
    ...{ terms: [], exemplars: [], entered: 0, left: 0 },
  }),
);
const PAIRS = ['baking', 'sky', 'fishing'];

const taskWith = (levels: Partial<LevelSettings>): LevelsTask => ({
  segments,
  centroids,
  scored: segments.map(({ track }) => [
    { term: WORDS[track - 1] as string, score: 6 },
    { term: PAIRS[(track - 1) >> 1] as string, score: 3 },
    { term: 'book', score: 2 },
  ]),
  tracks: WORDS.map((name, i) => ({ id: i + 1, name, firstWindow: 0, lastWindow: 3, size: 1 })),
  windowNames: ['w0', 'w1', 'w2', 'w3'],
  settings: { ...DEFAULT_SETTINGS, levels: { ...DEFAULT_SETTINGS.levels, ...levels } },
  ctx: silentContext,
});

describe('the tree', () => {
  test.each(['ward', 'average', 'bisecting'] as const)(
    '%s: the groups of every cut are those of scikit-learn',
    async (linkage) => {
      const { tree } = await interestLevels(taskWith({ linkage }));
      for (const [i, labels] of stored.labels[linkage].entries()) {
        const groups = nodeOfSegments(tree, stored.cuts[i] as number);
        expect(new Set(groups).size).toBe(stored.cuts[i]);
        expect(adjustedRandIndex(groups, Int32Array.from(labels))).toBe(1);
      }
    },
  );

  test.each(['ward', 'average', 'bisecting'] as const)(
    '%s: each step joins two nodes there are, heights ascend, and levels are nested',
    async (linkage) => {
      const { tree } = await interestLevels(taskWith({ linkage }));
      expect([...tree.a, ...tree.b].sort((a, b) => a - b)).toEqual(Array.from({ length: 2 * rows - 2 }, (_, i) => i));
      for (const [step, a] of tree.a.entries()) expect(Math.max(a, tree.b[step] as number)).toBeLessThan(rows + step);
      expect([...tree.height]).toEqual([...tree.height].sort((a, b) => a - b));
      for (let k = 1; k < rows; k++) {
        const [coarse, fine] = [nodeOfSegments(tree, k), nodeOfSegments(tree, k + 1)];
        const pairs = new Set([...coarse].map((node, i) => `${node} ${fine[i]}`));
        expect(pairs.size).toBe(k + 1);
      }
    },
  );

  test.each(['ward', 'average', 'bisecting'] as const)('%s: equal segments are joined first, at 0', async (linkage) => {
    const twice = { rows: 2 * rows, cols: centroids.cols, data: Float32Array.of(...centroids.data, ...centroids.data) };
    const task = taskWith({ linkage });
    const both = [...segments, ...segments].map((segment, index) => ({ ...segment, index }));
    const { tree } = await interestLevels({
      ...task,
      segments: both,
      centroids: twice,
      scored: [...task.scored, ...task.scored],
    });
    expect([...tree.height.subarray(0, rows)].every((height) => height === 0)).toBe(true);
    expect(tree.height[rows]).toBeGreaterThan(0);
    const groups = nodeOfSegments(tree, rows);
    for (let i = 0; i < rows; i++) expect(groups[i]).toBe(groups[i + rows]);
  });

  test('no segment, one segment', async () => {
    const task = taskWith({});
    const none = { ...task, segments: [], centroids: { rows: 0, cols: 0, data: new Float32Array() }, scored: [] };
    expect(await interestLevels(none)).toMatchObject({ tree: { names: [] }, cuts: [] });
    const one = { rows: 1, cols: centroids.cols, data: centroids.data.subarray(0, centroids.cols) };
    const { tree, cuts } = await interestLevels({ ...task, segments: segments.slice(0, 1), centroids: one });
    expect([tree.names, tree.a.length, cuts]).toEqual([['bread'], 0, []]);
    expect(nodesOfCut(tree, 1)).toEqual([0]);
  });

  test('P2 a second tree is the same; P7 it can be cancelled', async () => {
    for (const linkage of ['ward', 'bisecting'] as const) {
      expect(await interestLevels(taskWith({ linkage }))).toEqual(await interestLevels(taskWith({ linkage })));
      const ctx = { ...silentContext, checkpoint: () => Promise.reject(new CancelledError()) };
      await expect(interestLevels({ ...taskWith({ linkage }), ctx })).rejects.toThrow(CancelledError);
    }
  });
});

describe('cuts', () => {
  const cutsWith = async (levels: Partial<LevelSettings>, tracks = 6): Promise<number[]> => {
    const { tree } = await interestLevels(taskWith(levels));
    return cutsOf(tree, tracks, { ...DEFAULT_SETTINGS.levels, ...levels });
  };

  test('by count they go up by one factor to the number of tracks', async () => {
    expect(await cutsWith({ count: 3 }, 12)).toEqual([2, 5, 12]);
    expect(await cutsWith({ count: 2 }, 16)).toEqual([4, 16]);
    expect(await cutsWith({ count: 4 }, 16)).toEqual([2, 4, 8, 16]);
  });

  test('levels that would be the same are one, and none has more groups than there are segments', async () => {
    expect(await cutsWith({ count: 4 }, 3)).toEqual([2, 3]);
    expect(await cutsWith({ count: 3 }, 1)).toEqual([1]);
    expect(await cutsWith({ count: 2 }, 100)).toEqual([10, rows]);
    expect(await cutsWith({ cuts: [2, 90, 91] })).toEqual([2, rows]);
  });

  test('by height they are even steps of the root`s height', async () => {
    const { tree } = await interestLevels(taskWith({}));
    const root = tree.height.at(-1) as number;
    const open = (share: number): number => 1 + [...tree.height].filter((height) => height > share * root).length;
    expect(await cutsWith({ count: 3, cut: 'height' })).toEqual([...new Set([open(0.75), open(0.5), open(0.25)])]);
    expect(await cutsWith({ cut: 'height', cuts: [0.9, 0.1] })).toEqual([...new Set([open(0.9), open(0.1)])]);
  });
});

describe('names of nodes', () => {
  test('a node of one track has its name, a part of it the windows too', async () => {
    const { tree } = await interestLevels(taskWith({}));
    expect(
      nodesOfCut(tree, 6)
        .map((node) => tree.names[node])
        .sort(),
    ).toEqual([...WORDS].sort());
    expect(tree.names[0]).toBe('bread, w0');
    const part = tree.names.findIndex((name, node) => name.startsWith('bread, ') && childrenOf(tree, node));
    const windows = leavesUnder(tree, part).map((leaf) => leaf % 4);
    expect(tree.names[part]).toBe(`bread, w${Math.min(...windows)} to w${Math.max(...windows)}`);
  });

  test('a node of several tracks is named by what they share and its sibling lacks; no two nodes have one name', async () => {
    const { tree } = await interestLevels(taskWith({}));
    for (const node of nodesOfCut(tree, 3)) {
      const pair = (leavesUnder(tree, node)[0] as number) >> 3;
      expect(tree.terms[node]).toContain(PAIRS[pair]);
      for (const other of PAIRS) if (other !== PAIRS[pair]) expect(tree.names[node]).not.toContain(other);
    }
    expect(new Set(tree.names).size).toBe(tree.names.length);
    expect(tree.names.at(-1)).toBe('All interests');
  });
});
