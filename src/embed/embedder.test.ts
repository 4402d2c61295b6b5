import { describe, expect, it, vi } from 'vitest';
import {
  CancelledError,
  createMatrix,
  type Dtype,
  type JobContext,
  type Matrix,
  nextTask,
  rowOf,
  silentContext,
} from '../domain/index.ts';
import { createMemoryCache, type OpenVectorCache } from './cache/index.ts';
import { listChoices, NO_ADAPTER, type Spread } from './choices.ts';
import { assembleEmbedder } from './embedder.ts';
import { checkGolden, GOLDEN, type Reference } from './gate.ts';
import { BUILT_IN_CARD } from './registry.ts';
import type { Runner, RunnerTask } from './runner.ts';
import { describeChoice } from './session.ts';
import { type Bench, settle } from './settle.ts';
import { memoryVerdicts } from './verdicts.ts';

type Change = (vector: Float32Array, batch: readonly (readonly number[])[]) => void;

/** A runner that knows the golden vectors by their ids and gives any other row its first id as a direction. */
function fakeRunner(change: Change = () => {}) {
  const known = new Map(GOLDEN.map(({ ids, vector }) => [ids.join(), vector]));
  const runner = {
    closed: false,
    tasks: [] as RunnerTask[],
    batches: [] as (readonly number[])[][],
    async open(task: RunnerTask) {
      runner.tasks.push(task);
    },
    async run(ids: readonly (readonly number[])[]): Promise<Matrix> {
      runner.batches.push([...ids]);
      const out = createMatrix(ids.length, 512);
      ids.forEach((row, i) => {
        const vector = rowOf(out, i);
        const golden = known.get(row.join());
        if (golden) vector.set(golden);
        else vector[(row[0] ?? 0) % 512] = 3;
        change(vector, ids);
      });
      return out;
    },
    close() {
      runner.closed = true;
    },
  };
  return runner satisfies Runner;
}
type Fake = ReturnType<typeof fakeRunner>;

const PUBLISHED: Reference = { what: 'the published vectors', items: GOLDEN };

/** The time of a bench, which passes while a runner is at work. */
let clock = 0;

/** A bench whose runners behave by the task that they are opened with. */
function setUp(
  more: Partial<Bench> & { readonly dtypes?: readonly Dtype[] } = {},
  behave: (task: RunnerTask) => Change = () => () => {},
) {
  const started: Fake[] = [];
  const dtypes = more.dtypes ?? ['q8', 'int8'];
  const bench: Bench = {
    model: { ...BUILT_IN_CARD, copy: null },
    dtypes,
    choices: listChoices({ dtype: 'auto', device: 'auto' }, dtypes, NO_ADAPTER, false),
    spreads: () => [],
    workers: null,
    spawn: () => {
      let change: Change = () => {};
      const runner = fakeRunner((vector, batch) => change(vector, batch));
      const { open } = runner;
      runner.open = async (task) => {
        await open(task);
        change = behave(task);
      };
      started.push(runner);
      return runner;
    },
    local: null,
    published: PUBLISHED,
    sentences: GOLDEN.map(({ ids }) => ids),
    sha256: async (dtype) => `sha of ${dtype}`,
    store: memoryVerdicts(),
    place: ['an adapter', 'a version'],
    trial: false,
    mostWaitMs: 200,
    now: () => clock,
    ...more,
  };
  const notes: string[] = [];
  const run = (broken: readonly string[] = []) => settle(bench, new Set(broken), notes, () => 256);
  return { bench, started, notes, run };
}

/** Scales by all of the batch, or by its shape alone. */
const byOthers: Change = (v, batch) => {
  v[0] = (v[0] ?? 0) + 1e-8 * batch.flat().reduce((sum, id) => sum + id, 0);
};
const byShape: Change = (v, batch) => {
  v[0] = (v[0] ?? 0) + 1e-4 * batch.length;
};
const wrong: Change = (vector) => vector.reverse();

describe('the golden gate', () => {
  it('passes the reference and refuses vectors that are turned, constant or no numbers', async () => {
    expect((await checkGolden(fakeRunner(), 'q8', PUBLISHED)).refused).toBeNull();
    const broken: Change[] = [
      wrong,
      (v) => v.fill(1),
      (v) => v.fill(0),
      (v) => v.fill(Number.NaN),
      (v) => v.set(v.map((x, i) => x + (i % 2 === 0 ? 0.01 : -0.01))),
    ];
    for (const change of broken) expect((await checkGolden(fakeRunner(change), 'q8', PUBLISHED)).refused).not.toBeNull();
  });

  it('one wrong sentence is enough for a refusal', async () => {
    let calls = 0;
    const once = fakeRunner((v) => {
      if (calls++ === 5) v.reverse();
    });
    const { refused, golden } = await checkGolden(once, 'q8', PUBLISHED);
    expect(refused).toContain('not those of the reference');
    expect(golden.mean).toBeGreaterThan(golden.min ?? 1);
  });

  it('four bits may differ more', async () => {
    const blurred = (): Fake => fakeRunner((v) => v.set(v.map((x, i) => x + (i % 2 === 0 ? 0.01 : -0.01))));
    expect(await checkGolden(blurred(), 'q4', PUBLISHED)).toMatchObject({ refused: null, golden: { least: 0.95 } });
    expect((await checkGolden(blurred(), 'fp32', PUBLISHED)).refused).toContain('at least 0.99');
  });

  it('P2 a file whose vectors depend on their batch is found out, and refused where they depend much', async () => {
    expect(await checkGolden(fakeRunner(byOthers), 'q8', PUBLISHED)).toMatchObject({ refused: null, company: 'alone' });
    expect(await checkGolden(fakeRunner(byShape), 'q8', PUBLISHED)).toMatchObject({ refused: null, company: 'shape' });
    const much = fakeRunner((v, batch) => {
      if (batch.length > 1) v.reverse();
    });
    expect((await checkGolden(much, 'q8', PUBLISHED)).refused).toContain('in a batch');
    expect((await checkGolden(fakeRunner(), 'q8', PUBLISHED)).company).toBe('any');
  });

  it('without a reference it asks for numbers and equal vectors in company, and is told as unchecked', async () => {
    const ids = [[5, 6, 7], [8]];
    const { refused, golden, dims } = await checkGolden(fakeRunner(), 'fp32', null, ids);
    expect(refused).toBeNull();
    expect(golden).toEqual({ reference: null, mean: null, min: null, least: 0.99 });
    expect(dims).toBe(512);
    expect(
      (
        await checkGolden(
          fakeRunner((v) => v.fill(Number.NaN)),
          'fp32',
          null,
          ids,
        )
      ).refused,
    ).toContain('no numbers');
    expect(
      (
        await checkGolden(
          fakeRunner((v) => v.fill(0)),
          'fp32',
          null,
          ids,
        )
      ).refused,
    ).toContain('zero');
  });
});

describe('the choice', () => {
  it('that is refused is let go and told, and the next is taken', async () => {
    const { started, notes, run } = setUp({}, ({ choice }) => (choice.dtype === 'q8' ? wrong : () => {}));
    const { choice, verdict } = await run();
    expect(choice).toEqual({ dtype: 'int8', device: 'wasm' });
    expect(verdict.golden.min).toBeCloseTo(1, 6);
    expect(notes).toEqual([
      expect.stringMatching(/^WASM \(q8\) was refused: .*cosine -?0\.\d+/),
      'Texts are embedded on WASM (int8).',
    ]);
    expect(started.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it('that cannot be opened, or never answers, is told, and the next is tried in a fresh runner', async () => {
    const throwing = setUp({}, ({ choice }) => {
      if (choice.dtype === 'q8') throw new Error('not there');
      return () => {};
    });
    expect((await throwing.run()).choice.dtype).toBe('int8');
    expect(throwing.notes).toEqual(['WASM (q8) could not be used: not there.', 'Texts are embedded on WASM (int8).']);
    const silent = setUp();
    const { spawn } = silent.bench;
    const bench: Bench = { ...silent.bench, spawn: () => ({ ...spawn(), run: () => new Promise(() => {}) }) };
    await expect(settle(bench, new Set(), [], () => 256)).rejects.toMatchObject({ code: 'no-embedding-device' });
    expect(silent.started.every(({ closed }) => closed)).toBe(true);
    expect(silent.started).toHaveLength(2);
  });

  it('where nothing will do the error is one of ability and tells all reasons', async () => {
    const { run } = setUp({}, () => (v) => v.fill(1));
    await expect(run()).rejects.toMatchObject({
      kind: 'ability',
      code: 'no-embedding-device',
      message: expect.stringMatching(/WASM \(q8\) was refused.*WASM \(int8\) was refused/),
    });
  });

  it('P5 where no thread starts one session in this one does the work', async () => {
    const local = fakeRunner();
    const dead = (): Runner => ({ ...fakeRunner(), open: () => Promise.reject(new Error('no nested workers')) });
    const { run, notes } = setUp({ spawn: dead, local: () => local });
    const { crew, choice } = await run();
    expect(choice).toEqual({ dtype: 'q8', device: 'wasm' });
    await crew.run([[1]]);
    expect(local.batches.at(-1)).toEqual([[1]]);
    expect(notes.join()).toContain('no nested workers');
  });

  it('without published vectors is compared with the most precise file that is here, on WASM', async () => {
    const { run, started, notes } = setUp({ dtypes: ['fp32', 'q8'], published: null, sentences: [[5, 6], [7]] }, ({ choice }) =>
      choice.dtype === 'q8' ? wrong : () => {},
    );
    const { choice, verdict } = await run();
    expect(choice.dtype).toBe('fp32');
    expect(verdict.golden.reference, 'nothing is more precise').toBeNull();
    expect(notes.join()).toMatch(/WASM \(q8\) was refused: its vectors are not those of the reference/);
    expect(started.map(({ tasks }) => tasks[0]?.choice.dtype)).toEqual(['q8', 'fp32', 'fp32']);
    const good = setUp({ dtypes: ['fp32', 'q8'], published: null, sentences: [[5, 6], [7]] });
    expect((await good.run()).verdict.golden.reference).toBe('fp32 on WASM');
  });

  it('is checked once on a machine, and again when file, device or runtime are others', async () => {
    const { bench, run, started } = setUp();
    const checked = async (change: Partial<Bench>): Promise<number> => {
      started.length = 0;
      await settle({ ...bench, ...change }, new Set(), [], () => 256);
      return started[0]?.batches.length ?? 0;
    };
    await run();
    expect(await checked({})).toBe(0);
    expect(await checked({ place: ['an adapter', 'another version'] })).toBeGreaterThan(GOLDEN.length);
    expect(await checked({ sha256: async () => 'another file' })).toBeGreaterThan(GOLDEN.length);
  });
});

describe('the trial', () => {
  const slow =
    (ms: number): Change =>
    () => {
      clock += ms;
    };

  it('takes another choice than the preferred only if it is clearly faster, tells what it found, and keeps it', async () => {
    const fast = setUp({ trial: true }, ({ choice }) => slow(choice.dtype === 'q8' ? 1 : 0.05));
    const settled = await fast.run();
    expect(settled.choice.dtype).toBe('int8');
    const [first, second] = settled.trials;
    expect(first?.choice.dtype).toBe('q8');
    expect(second?.tokensPerSecond).toBeGreaterThan(1.5 * (first?.tokensPerSecond ?? Number.NaN));

    const opened = fast.started.length;
    const again = await fast.run();
    expect(again.choice).toEqual(settled.choice);
    expect(again.trials).toEqual(settled.trials);
    expect(fast.started.length, 'nothing else is loaded').toBe(opened + 1);

    const near = setUp({ trial: true }, ({ choice }) => slow(choice.dtype === 'q8' ? 1 : 0.8));
    expect((await near.run()).choice.dtype).toBe('q8');
    expect(near.started.map(({ closed }) => closed)).toEqual([false, true]);
  });

  it('takes no way to spread the work that gives other bits, or is slower, and tells what it found', async () => {
    const spreads: Spread[] = [
      { workers: 3, threads: 1 },
      { workers: 1, threads: 3 },
    ];
    let opened = 0;
    const behave = ({ threads }: RunnerTask): Change => {
      const first = opened++ === 0;
      return (vector) => {
        clock += first ? 0.1 : 1;
        if (threads > 1) vector[3] = 1e-7;
      };
    };
    const { run, started } = setUp({ trial: true, dtypes: ['q8'], spreads: () => spreads }, behave);
    const { spread, trials } = await run();
    expect(trials.map(({ choice: { workers, threads } }) => [workers, threads])).toEqual([
      [1, 1],
      [3, 1],
      [1, 3],
    ]);
    expect(trials[2]).toMatchObject({ tokensPerSecond: null, refused: expect.stringContaining('last bits') });
    // The others are slow, and hold up the first.
    expect(spread).toEqual({ workers: 1, threads: 1 });
    expect(started.filter(({ closed }) => !closed)).toHaveLength(1);
  });

  it('what passes the check and breaks at the trial, or never answers, gives way to the next', async () => {
    for (const breaks of [() => Promise.reject(new Error('out of memory')), () => new Promise<Matrix>(() => {})]) {
      const { bench, started, notes } = setUp({ trial: true }, () => slow(1));
      const spawn = (): Runner => {
        const runner = bench.spawn() as Fake;
        const { run } = runner;
        runner.run = (ids) => (runner.tasks[0]?.choice.dtype === 'q8' && ids.length > 3 ? breaks() : run(ids));
        return runner;
      };
      const { choice, trials } = await settle({ ...bench, spawn }, new Set(), notes, () => 256);
      expect(choice.dtype).toBe('int8');
      expect(notes).toEqual([
        expect.stringMatching(/^WASM \(q8\) failed at its trial: (out of memory|no answer)/),
        'Texts are embedded on WASM (int8).',
      ]);
      expect(trials[0]).toMatchObject({ tokensPerSecond: null, refused: expect.stringContaining('failed at its trial') });
      expect(started.map(({ closed }) => closed)).toEqual([true, false]);
    }
  });

  it('workers that are set are started without one', async () => {
    const { run, started } = setUp({ workers: 3 });
    const { crew, grow, spread, trials } = await run();
    expect(started, 'not before there is much work').toHaveLength(1);
    for (let i = 0; i < 2; i++) grow();
    await vi.waitFor(() => expect(crew.size).toBe(3));
    expect(spread.workers).toBe(3);
    expect(trials).toEqual([]);
    expect(started).toHaveLength(3);
    crew.close();
    expect(started.every(({ closed }) => closed)).toBe(true);
  });
});

/** A text of n letters has n tokens; the first is the code of its first letter. */
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
