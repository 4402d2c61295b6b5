import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../domain/index.ts';
import type { Case, Check, Peer } from './cases.ts';
import { type Contender, disagreement, runCase } from './run.ts';
import { value } from './scores.ts';
import { mean, median, ratioOf, spread } from './statistics.ts';
import type { Runner, Timed } from './types.ts';

const x: Matrix = { rows: 1, cols: 1, data: new Float32Array(1) };
const check: Check = { kind: 'close', tolerance: 0.01 };
const each: Case = {
  ...{ group: 'kernels', work: 'ward', name: 'Ward', rows: 1, cols: 384, k: 2 },
  ...{ score: value, scored: 'sum', check, peers: [] },
};

/** Says its name when it runs; takes and answers what it is told, the last of each from then on. */
function runner(by: string, log: string[], seconds: readonly number[], answers: readonly number[], once = false): Runner {
  let round = 0;
  const at = (values: readonly number[]): number => values[Math.min(round, values.length) - 1] as number;
  const run = async (seed: number): Promise<Timed> => {
    round++;
    log.push(`${by} ${seed}`);
    return { output: { value: at(answers) }, wall: at(seconds), cpu: at(seconds) / 2 };
  };
  return { by, once, run, close: async () => {} };
}

const against = (peer: Runner, target: number | null = 1): Contender => ({
  peer: { by: 'druid', target } satisfies Peer,
  runner: peer,
});
const options = { rounds: null, clock: 'wall' } as const;

describe('statistics', () => {
  test('the median of an even number of runs lies between the middle two; the mean is over all', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), mean([1, 2, 6])]).toEqual([2, 2.5, 3]);
  });

  test('the spread tells the least and the most, whatever their order; one run stands alone', () => {
    expect([spread([0.3, 0.1, 0.2]), spread([0.25])]).toEqual(['0.200 (0.100 to 0.300)', '0.250']);
  });

  test('the ratio is of the medians, by the clock asked for, and by the wall where one has no other', () => {
    const ours = { wall: [1, 2, 9], cpu: [1, 1, 1] };
    expect(ratioOf(ours, { wall: [6, 4, 5], cpu: [3, 3, 3] }, 'wall')).toBe(2.5);
    expect(ratioOf(ours, { wall: [6, 4, 5], cpu: [3, 3, 3] }, 'cpu')).toBe(3);
    expect(ratioOf(ours, { wall: [6, 4, 5], cpu: null }, 'cpu')).toBe(2.5);
  });
});

test('runs alternate, with a seed a round, and a slow peer runs once', async () => {
  const log: string[] = [];
  const ours = runner('ours', log, [1], [10]);
  await runCase(
    each,
    x,
    ours,
    [against(runner('quick', log, [2], [10])), against(runner('slow', log, [9], [10], true))],
    options,
  );
  expect(log).toEqual(['ours 1', 'quick 1', 'slow 1', 'ours 2', 'quick 2', 'ours 3', 'quick 3']);
});

test('rounds that are asked for hold for slow peers too', async () => {
  const log: string[] = [];
  await runCase(each, x, runner('ours', log, [1], [10]), [against(runner('slow', log, [9], [10], true))], {
    rounds: 2,
    clock: 'wall',
  });
  expect(log).toEqual(['ours 1', 'slow 1', 'ours 2', 'slow 2']);
});

test('the ratio is held against the target', async () => {
  const contenders = [2, 3].map((target) => against(runner('peer', [], [2, 2.6, 2.5], [10]), target));
  const { peers } = await runCase(each, x, runner('ours', [], [1], [10]), contenders, options);
  expect(peers.map(({ ratio, met }) => [ratio, met])).toEqual([
    [2.5, true],
    [2.5, false],
  ]);
});

test('a time whose answer is not the peer`s is refused: no ratio, and the target is not met', async () => {
  const { peers } = await runCase(each, x, runner('ours', [], [1], [10.2]), [against(runner('peer', [], [99], [10]))], options);
  expect(peers[0]).toMatchObject({ refused: true, ratio: null, met: false });
  expect(peers[0]?.agreement).toContain('within 1 %');
});

test('as many rows in clusters are not yet the same clusters', async () => {
  const labelled = (labels: readonly number[]): Runner => {
    const output = { labels: Int32Array.from(labels), value: 4 };
    return { by: 'any', once: false, run: async () => ({ output, wall: 1, cpu: 1 }), close: async () => {} };
  };
  const strict: Case = { ...each, check: { kind: 'close', tolerance: 0.01, ari: 0.9 } };
  const contenders = [
    [5, 5, 7, 7],
    [0, 1, 0, 1],
  ].map((labels) => against(labelled(labels)));
  const { peers } = await runCase(strict, x, labelled([0, 0, 1, 1]), contenders, options);
  expect(peers.map(({ refused }) => refused)).toEqual([false, true]);
});

test('an answer that is no number is refused even where the peer`s is none either', async () => {
  const ours = runner('ours', [], [1], [Number.NaN]);
  const result = await runCase(each, x, ours, [against(runner('peer', [], [9], [Number.NaN]))], options);
  expect(result.peers[0]).toMatchObject({ refused: true, ratio: null });
  expect(result.missed).toEqual(['the answer is no number']);
});

test('scores are compared by their mean over the seeds, so that one poor start is not the answer', async () => {
  const low: Case = { ...each, check: { kind: 'low', slack: 0.005 } };
  const peer = () => [against(runner('peer', [], [1], [100]))];
  const fine = await runCase(low, x, runner('ours', [], [1], [101, 100, 100]), peer(), options);
  const poor = await runCase(low, x, runner('ours', [], [1], [101, 101, 100]), peer(), options);
  expect([fine.peers[0]?.refused, poor.peers[0]?.refused]).toEqual([false, true]);
});

test('what is asked of ours alone is told when it is missed', async () => {
  const strict: Case = { ...each, seconds: 5, least: 0.95 };
  const { missed } = await runCase(strict, x, runner('ours', [], [6], [0.9]), [], options);
  expect(missed).toEqual(['more than 5 s', 'less than 0.95']);
});

test('a peer that is not there is named, and judged by nothing', async () => {
  const contender: Contender = { peer: { by: 'umap-js', target: 6 }, runner: null, missing: 'no such package' };
  const { peers } = await runCase(each, x, runner('ours', [], [1], [1]), [contender], options);
  expect(peers[0]).toMatchObject({ times: null, ratio: null, met: null, agreement: 'not run: no such package' });
});

test('a peer that breaks down is named with its words, and the others go on', async () => {
  const broken: Runner = {
    by: 'broken',
    once: false,
    run: () => Promise.reject(new Error('out of memory')),
    close: async () => {},
  };
  const contenders = [against(broken), against(runner('peer', [], [2], [10]))];
  const { peers } = await runCase(each, x, runner('ours', [], [1], [10]), contenders, options);
  expect(peers.map(({ agreement, ratio }) => [agreement, ratio])).toEqual([
    ['not run: out of memory', null],
    [expect.stringContaining('within'), 2],
  ]);
});

test('larger is better for a recall, smaller for an inertia', () => {
  expect(disagreement({ kind: 'high', slack: 0.01 }, 0.9, 0.91)).toBe(null);
  expect(disagreement({ kind: 'high', slack: 0.01 }, 0.89, 0.91)).toContain('refused');
  expect(disagreement({ kind: 'low', slack: 0.1 }, 50, 100)).toBe(null);
  expect(disagreement({ kind: 'low', slack: 0.1 }, 111, 100)).toContain('refused');
});
