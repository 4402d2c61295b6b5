import { dirname, join, resolve } from 'node:path';
import { Worker as Thread } from 'node:worker_threads';
import { beforeAll, describe, expect, inject, it, test, vi } from 'vitest';
import { ensureBuiltInModel } from '../build/model/index.ts';
import { createMatrix, inputError, silentContext } from '../domain/index.ts';
import { createNodeEmbedder } from './create.ts';
import { BUILT_IN_CARD } from './registry.ts';
import { createRunnerHost, localRunner, nodeRunner, type Runner, type RunnerThread, remoteRunner } from './runner.ts';
import { sourceOf } from './source.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const TASK = { model: 'use-lite', copy: null, choice: { dtype: 'q8', device: 'wasm' }, threads: 1 } as const;

/** A runner over messages that are copied as between threads; `kill` is the death of the thread. */
function overMessages(runner: Runner) {
  let die: (why: string) => void = () => {};
  let ended = 0;
  let hear: (message: unknown) => void = () => {};
  const host = createRunnerHost(runner, (answer, transfer) => hear(structuredClone(answer, { transfer })));
  const thread: RunnerThread = {
    post: (message) => void host.hear(structuredClone(message)),
    listen(onMessage, onDeath) {
      hear = onMessage;
      die = onDeath;
    },
    end: () => void ended++,
  };
  return { remote: remoteRunner(thread), kill: (why: string) => die(why), ended: () => ended };
}

const local = (more: Partial<Runner> = {}): Runner => ({
  open: async () => {},
  run: async (ids) => ({ ...createMatrix(ids.length, 1), data: Float32Array.from(ids, (row) => row[0] ?? 0) }),
  close: () => {},
  ...more,
});

describe('a runner in another thread', () => {
  it('answers each call with its own vectors, calls side by side too', async () => {
    const { remote } = overMessages(local());
    await remote.open(TASK);
    const found = await Promise.all([remote.run([[1], [2]]), remote.run([[3]])]);
    expect(found.map(({ data }) => [...data])).toEqual([[1, 2], [3]]);
  });

  it('hands on what went wrong there, in the words and kind that it had, and goes on', async () => {
    const failing = local({
      open: () => Promise.reject(inputError('model-output', 'wrong shape', 'another file')),
      run: () => Promise.reject(new Error('out of memory')),
    });
    const { remote } = overMessages(failing);
    await expect(remote.open(TASK)).rejects.toMatchObject({ kind: 'input', code: 'model-output', hint: 'another file' });
    await expect(remote.run([[1]])).rejects.toThrow('out of memory');
  });

  it('that dies fails what is under way and whatever comes after', async () => {
    const { remote, kill } = overMessages(local({ run: () => new Promise(() => {}) }));
    const running = remote.run([[1]]);
    kill('it was ended by the browser');
    await expect(running).rejects.toThrow('ended by the browser');
    await expect(remote.run([[1]])).rejects.toThrow('ended by the browser');
  });

  it('that is closed is ended, and fails what is under way', async () => {
    const { remote, ended } = overMessages(local({ run: () => new Promise(() => {}) }));
    const running = remote.run([[1]]);
    remote.close();
    await expect(running).rejects.toThrow('closed');
    expect(ended()).toBe(1);
  });
});

test('P2 a runner does not load another copy of a model than its crew has: it was replaced meanwhile', async () => {
  const source = { ...sourceOf(BUILT_IN_CARD, ['q8'], async () => undefined), copy: 'a later folder' };
  const runner = localRunner(async () => source, { wasmBase: '' });
  await expect(runner.open({ ...TASK, copy: 'a folder' })).rejects.toThrow('replaced meanwhile');
});

describe('threads of Node', () => {
  beforeAll(() => ensureBuiltInModel(ROOT));
  const spawnRunner = (): Runner =>
    nodeRunner(new Thread(join(dirname(inject('thread')), 'runner.thread.mjs'), { workerData: [] }));

  it('P2 give the same bits as one session in this one, however many they are', async () => {
    const texts = Array.from({ length: 600 }, (_, i) => `${['tea', 'red mug', 'a long walk by the sea'][i % 3]} ${i}`);
    const here = await createNodeEmbedder({ root: ROOT });
    const there = await createNodeEmbedder({ root: ROOT, workers: 2, spawnRunner });
    const [a, b] = [await here.embed(texts, silentContext), await there.embed(texts, silentContext)];
    await vi.waitFor(async () => expect(await there.describe()).toMatchObject({ workers: 2, notes: [] }), 20_000);
    expect((await there.embed(texts, silentContext)).vectors).toEqual(a.vectors);
    expect(b.vectors).toEqual(a.vectors);
    for (const embedder of [here, there]) await embedder.dispose();
  });

  it('one that has no such model says so', async () => {
    const runner = spawnRunner();
    await expect(runner.open({ ...TASK, model: 'elsewhere' })).rejects.toThrow('the model elsewhere is not here');
    runner.close();
  });
});
