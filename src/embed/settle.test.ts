import { describe, expect, it, vi } from 'vitest';
import type { Matrix } from '../domain/index.ts';
import type { Spread } from './choices.ts';
import { checkGolden, GOLDEN } from './gate.ts';
import type { Runner, RunnerTask } from './runner.ts';
import { byOthers, byShape, type Change, clock, type Fake, fakeRunner, PUBLISHED, setUp, wrong } from './runners.fixture.ts';
import { type Bench, settle } from './settle.ts';

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
      clock.ms += ms;
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
        clock.ms += first ? 0.1 : 1;
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
