import { describe, expect, it } from 'vitest';
import { CancelledError, type JobContext, type Matrix, nextTask, rowOf, silentContext } from '../domain/index.ts';
import { createMemoryCache, type OpenVectorCache } from './cache/index.ts';
import { assembleEmbedder } from './embedder.ts';
import { BUILT_IN_CARD } from './registry.ts';
import type { RunnerTask } from './runner.ts';
import { byOthers, byShape, type Change, type Fake, fakeRunner, setUp } from './runners.fixture.ts';
import { describeChoice } from './session.ts';
import { type Bench, settle } from './settle.ts';

const encode = (text: string) => ({ ids: Array.from(text.trim(), (c) => c.charCodeAt(0)), cut: text.length > 30 });

async function embedderOf(more: Partial<Bench> = {}, behave?: (task: RunnerTask) => Change, openCache?: OpenVectorCache) {
  const { bench, started, notes } = setUp(more, behave);
  const embedder = await assembleEmbedder({
    card: BUILT_IN_CARD,
    encode: { text: encode, query: encode },
    settle: (broken, told) => settle(bench, broken, told, () => 256),
    tokenBudget: () => 256,
    openCache: openCache ?? (async ({ dims }) => createMemoryCache(dims)),
    recipe: 'a recipe',
    notes,
  });
  return { embedder, started };
}

const directionOf = (m: Matrix, row: number): number => rowOf(m, row).findIndex((v) => v !== 0);
const lengthsOf = ({ batches }: Fake): number[][] => batches.map((ids) => ids.map((row) => row.length));

describe('the embedder', () => {
  it('keeps the order of the texts through batches of equal length, and scales rows to unit length', async () => {
    const { embedder, started } = await embedderOf();
    const [runner] = started as [Fake];
    const texts = ['ccc', 'a', 'dd', 'bbb', 'e', 'ff'];
    runner.batches.length = 0;
    const { vectors: m, report } = await embedder.embed(texts, silentContext);
    expect(lengthsOf(runner)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    texts.forEach((text, i) => {
      expect(directionOf(m, i)).toBe(text.charCodeAt(0));
      expect(Math.max(...rowOf(m, i))).toBe(1);
    });
    expect(report).toMatchObject({ texts: 6, cached: 0, empty: 0, cut: 0, tokens: 12, notes: [] });
  });

  it('counts texts without a token, which have zeros, and texts that are cut', async () => {
    const { embedder } = await embedderOf();
    const { vectors, report } = await embedder.embed(['a', ' ', 'x'.repeat(40)], silentContext);
    expect(rowOf(vectors, 1).every((value) => value === 0)).toBe(true);
    expect(report).toMatchObject({ texts: 3, empty: 1, cut: 1, tokens: 41 });
    expect(await embedder.embedQuery(' ', [])).toEqual(new Float32Array(512));
  });

  it('embeds nothing that is known, with the same bits and the same counts of what was cut', async () => {
    const cache = createMemoryCache(512);
    const { embedder, started } = await embedderOf({}, undefined, async () => cache);
    const texts = ['a', 'bb', 'x'.repeat(70)];
    const first = await embedder.embed(texts, silentContext);
    const [runner] = started as [Fake];
    runner.batches.length = 0;
    const told: string[] = [];
    const second = await embedder.embed([...texts, 'c'], {
      ...silentContext,
      progress: (done, total) => told.push(`${done}/${total}`),
    });
    expect(runner.batches).toEqual([[[99]]]);
    expect(second.vectors.data.subarray(0, 3 * 512)).toEqual(first.vectors.data);
    expect(second.report).toMatchObject({ texts: 4, cached: 3, cut: 1, tokens: 1 });
    expect(told.at(0)).toBe('3/4');
  });

  it('what a cancelled run has made is kept', async () => {
    const cache = createMemoryCache(512);
    const { embedder, started } = await embedderOf({}, undefined, async () => cache);
    const texts = Array.from({ length: 40 }, (_, i) => 'x'.repeat(i + 1));
    let left = 12;
    const cancelled: JobContext = {
      progress: () => {},
      checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(new CancelledError())),
    };
    const [runner] = started as [Fake];
    runner.batches.length = 0;
    await expect(embedder.embed(texts, cancelled)).rejects.toBeInstanceOf(CancelledError);
    const made = runner.batches.length;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(40);
    expect((await embedder.embed(texts, silentContext)).report.cached).toBe(made);
  });

  it('tells progress in texts up to all of them, and breathes at each batch', async () => {
    const { embedder } = await embedderOf();
    const texts = Array.from({ length: 40 }, (_, i) => 'x'.repeat(i + 1));
    const told: string[] = [];
    let checkpoints = 0;
    const ctx: JobContext = {
      progress: (done, total) => told.push(`${done}/${total}`),
      checkpoint: async () => void checkpoints++,
    };
    await embedder.embed(texts, ctx);
    expect(told.at(0)).toBe('0/40');
    expect(told.at(-1)).toBe('40/40');
    expect(checkpoints).toBeGreaterThanOrEqual(40);
  });

  it('P2 a file whose vectors depend on their batch gets one text at a time, and says so', async () => {
    const { embedder, started } = await embedderOf({}, () => byOthers);
    const [runner] = started as [Fake];
    runner.batches.length = 0;
    await embedder.embed(['a', 'b', 'c'], silentContext);
    expect(lengthsOf(runner)).toEqual([[1], [1], [1]]);
    expect((await embedder.describe()).notes.join()).toContain('alone');
  });

  it('P2 where vectors depend on the shape of their batch all batches of a length have one, and a query too', async () => {
    const { embedder, started } = await embedderOf({}, () => byShape);
    const [runner] = started as [Fake];
    runner.batches.length = 0;
    const texts = Array.from({ length: 90 }, (_, i) => `abc${String.fromCharCode(65 + (i % 26))}${i}`.slice(0, 5).padEnd(5, '.'));
    const { vectors } = await embedder.embed(texts, silentContext);
    const query = await embedder.embedQuery(texts[3] as string, []);
    expect(lengthsOf(runner)).toEqual([51, 51, 51].map((rows) => new Array(rows).fill(5)));
    expect(query).toEqual(rowOf(vectors, 3));
    const few = await embedder.embed(texts.slice(2, 5), silentContext);
    expect(rowOf(few.vectors, 1)).toEqual(query);
  });

  it('P2 a worker that dies leaves its batches to the others, with the same result', async () => {
    const texts = Array.from({ length: 500 }, (_, i) => 'abc'.repeat(1 + (i % 30)) + i);
    const alone = await (await embedderOf()).embedder.embed(texts, silentContext);
    const { embedder, started } = await embedderOf({ workers: 2 });
    const [first] = started as [Fake];
    const atOnce = first.run;
    first.run = async (ids) => {
      for (let i = 0; i < 5; i++) await nextTask();
      return atOnce(ids);
    };
    let batches = 0;
    started.push = (runner) => {
      const { run } = runner;
      runner.run = async (ids) => {
        await nextTask();
        if (++batches > 3) throw new Error('out of memory');
        return run(ids);
      };
      return Array.prototype.push.call(started, runner);
    };
    const { vectors } = await embedder.embed(texts, silentContext);
    expect(batches).toBeGreaterThan(3);
    expect(vectors).toEqual(alone.vectors);
    expect(started[1]?.closed).toBe(true);
    expect((await embedder.describe()).notes.join()).toContain('out of memory');
  });

  it('a choice that breaks down or falls silent during the work: the next makes all vectors, and it is told', async () => {
    for (const breaks of [() => Promise.reject(new Error('device lost')), () => new Promise<Matrix>(() => {})]) {
      const { embedder, started } = await embedderOf();
      const [runner] = started as [Fake];
      const { run } = runner;
      let batches = 0;
      runner.run = (ids) => (batches++ < 1 ? run(ids) : breaks());
      const { vectors, report } = await embedder.embed(['b', 'aa'], silentContext);
      expect(directionOf(vectors, 1)).toBe(97);
      expect(await embedder.describe()).toMatchObject({ dtype: 'int8' });
      expect(report.notes.join()).toMatch(/^WASM \(q8\) failed during the work: (device lost|no answer)/);
      const [, next] = started as [Fake, Fake];
      expect(lengthsOf(next).slice(-2)).toEqual([[1], [2]]);
      expect(describeChoice(next.tasks[0]?.choice ?? { dtype: 'q8', device: 'wasm' })).toBe('WASM (int8)');
    }
  });

  it('a text that breaks every choice ends the work with an error: the last resort is tried once', async () => {
    const local = fakeRunner();
    const { embedder, started } = await embedderOf({ local: () => local });
    const breaking = (runner: Fake): void => {
      const { run } = runner;
      runner.run = (ids) => (ids[0]?.[0] === 'x'.charCodeAt(0) ? Promise.reject(new Error('index out of range')) : run(ids));
    };
    for (const runner of [...started, local]) breaking(runner);
    started.push = (runner) => {
      breaking(runner);
      return Array.prototype.push.call(started, runner);
    };
    await expect(embedder.embed(['a', 'xx'], silentContext)).rejects.toMatchObject({
      code: 'no-embedding-device',
      message: expect.stringContaining('WASM without a worker failed during the work: index out of range'),
    });
    expect(local.tasks).toHaveLength(1);
    expect([...started, local].every(({ closed }) => closed)).toBe(true);
  });
});
