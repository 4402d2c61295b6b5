import { Worker as Thread } from 'node:worker_threads';
import { afterEach, expect, inject, test } from 'vitest';
import { CancelledError, type JobContext, silentContext } from '../../domain/index.ts';
import { unitMatrix } from '../../testing/index.ts';
import { type Compute, CPU, kmeans, knn, nodeHelper, openTeam, silhouette, type Team } from '../index.ts';
import { borrowArena } from '../wasm/index.ts';
import { TeamLost } from './index.ts';

const x = unitMatrix(3000, 64, 1);
const neighbours = (compute: Compute, ctx = silentContext) => knn(x, 10, compute, ctx);
const alone = await neighbours(CPU);

let teams: Team[] = [];
afterEach(() => {
  for (const team of teams) team.close();
  teams = [];
});

function teamWith(...threads: Thread[]): { readonly team: Team; readonly compute: Compute } {
  const waiting = [...threads];
  const team = openTeam(threads.length, () => nodeHelper(waiting.pop() as Thread));
  if (!team) throw new Error('no shared memory');
  teams.push(team);
  return { team, compute: { device: 'cpu', team } };
}

const helper = (): Thread => new Thread(inject('thread'));

/** Calls `act` at the so-many-th checkpoint. */
function at(count: number, act: () => unknown): JobContext {
  let left = count;
  return {
    ...silentContext,
    async checkpoint() {
      if (left-- === 0) await act();
    },
  };
}

test('helpers take part of the work', async () => {
  const { compute } = teamWith(helper());
  await neighbours(compute);
  let [own, all] = [0, 0];
  const progress = (done: number, total: number): void => {
    [own, all] = [own + 1, total];
    expect(done).toBeLessThanOrEqual(total);
  };
  // So slow at its own blocks that there is time for the helper.
  await neighbours(compute, { progress, checkpoint: () => new Promise((resolve) => setTimeout(resolve, 30)) });
  expect(own).toBeGreaterThan(0);
  expect(own).toBeLessThan(all);
});

test('what comes back is plain memory, to be moved to another thread', async () => {
  const { compute } = teamWith(helper());
  const { ids, distances } = await neighbours(compute);
  const { labels, centroids } = await kmeans(
    x,
    { k: 4, seed: 1, nInit: 1, maxIterations: 3, tolerance: 0, spherical: false },
    compute,
    silentContext,
  );
  const { values } = await silhouette(x, labels, compute, silentContext);
  for (const { buffer } of [ids, distances, labels, centroids.data, values]) expect(buffer).toBeInstanceOf(ArrayBuffer);
});

test('a helper that dies in the middle: the work is done again on one thread, and from then on', async () => {
  for (const count of [1, 12, 40]) {
    const thread = helper();
    const { team, compute } = teamWith(thread, helper());
    expect(
      await neighbours(
        compute,
        at(count, () => thread.terminate()),
      ),
    ).toEqual(alone);
    expect(await neighbours(compute)).toEqual(alone);
    expect(team.lost).toContain('A helper thread died');
  }
});

test('k-means goes on alone from the step at which a helper died, to the same bits', async () => {
  const options = { k: 12, seed: 1, nInit: 2, maxIterations: 8, tolerance: 0, spherical: false };
  const expected = await kmeans(x, options, CPU, silentContext);
  for (const count of [0, 20, 60, 140]) {
    const thread = helper();
    const { team, compute } = teamWith(thread, helper());
    expect(
      await kmeans(
        x,
        options,
        compute,
        at(count, () => thread.terminate()),
      ),
      `${count} checkpoints`,
    ).toEqual(expected);
    expect(team.lost, `${count} checkpoints`).toContain('A helper thread died');
  }
});

test('helpers that cannot be started, that give up or that never take part do no harm', async () => {
  const broken = [
    new Thread('throw new Error("broken")', { eval: true }),
    new Thread('/no/such/file.mjs'),
    // Says at once that it can't go on.
    new Thread('require("node:worker_threads").parentPort.postMessage("not today")', { eval: true }),
    // Is there and never does a thing.
    new Thread('require("node:worker_threads").parentPort.on("message", () => {})', { eval: true }),
  ];
  for (const thread of broken) expect(await neighbours(teamWith(thread).compute)).toEqual(alone);
});

test('a block that throws in a helper ends the use of the team, and is heard of', async () => {
  const { team } = teamWith(helper());
  const arena = borrowArena(team);
  if (!arena) throw new Error('no SIMD');
  const task = { name: 'not in the list', run: () => {} };
  const slow = { ...silentContext, checkpoint: () => new Promise<void>((resolve) => setTimeout(resolve, 20)) };
  await expect(arena.share({ task, params: {}, blocks: 500 }, slow)).rejects.toThrow(TeamLost);
  expect(team.lost).toBe('A helper thread failed: no task is called not in the list.');
});

test('P7 a cancelled job stops the helpers too, and the next one has them again', async () => {
  const { team, compute } = teamWith(helper());
  for (const count of [0, 3, 12, 40]) {
    const cancel = (): never => {
      throw new CancelledError();
    };
    await expect(neighbours(compute, at(count, cancel))).rejects.toThrow(CancelledError);
    expect(await neighbours(compute)).toEqual(alone);
  }
  expect(team.lost).toBe(null);
});

test('two jobs at once on one team are both right', async () => {
  const { compute } = teamWith(helper());
  const slow: JobContext = { ...silentContext, checkpoint: () => new Promise((resolve) => setImmediate(resolve)) };
  expect(await Promise.all([neighbours(compute, slow), neighbours(compute, slow)])).toEqual([alone, alone]);
});

test('a team that is closed during a job, and again, leaves the job to one thread', async () => {
  const { team, compute } = teamWith(helper(), helper());
  const close = (): void => team.close();
  expect(await neighbours(compute, at(30, close))).toEqual(alone);
  team.close();
  expect(await neighbours(compute)).toEqual(alone);
});

test('a team that nobody closes does not keep Node alive: to listen to a thread refs it, so it is unrefed last', () => {
  const calls: string[] = [];
  const note = (what: string): void => void calls.push(what);
  nodeHelper({ on: note, unref: () => note('unref'), postMessage: () => {}, terminate: () => {} }).onEnd(() => {});
  expect(calls).toEqual(['message', 'error', 'exit', 'unref']);
});

test('no team for one thread', () => {
  expect(openTeam(0, () => nodeHelper(helper()))).toBe(null);
});
