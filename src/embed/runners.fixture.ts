import { createMatrix, type Dtype, type Matrix, rowOf } from '../domain/index.ts';
import { listChoices, NO_ADAPTER } from './choices.ts';
import { GOLDEN, type Reference } from './gate.ts';
import { BUILT_IN_CARD } from './registry.ts';
import type { Runner, RunnerTask } from './runner.ts';
import { type Bench, settle } from './settle.ts';
import { memoryVerdicts } from './verdicts.ts';

export type Change = (vector: Float32Array, batch: readonly (readonly number[])[]) => void;

/** A runner that knows the golden vectors by their ids and gives any other row its first id as a direction. */
export function fakeRunner(change: Change = () => {}) {
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
export type Fake = ReturnType<typeof fakeRunner>;

export const PUBLISHED: Reference = { what: 'the published vectors', items: GOLDEN };

/** The time of a bench, which passes while a runner is at work. */
export const clock = { ms: 0 };

/** A bench whose runners behave by the task that they are opened with. */
export function setUp(
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
    now: () => clock.ms,
    ...more,
  };
  const notes: string[] = [];
  const run = (broken: readonly string[] = []) => settle(bench, new Set(broken), notes, () => 256);
  return { bench, started, notes, run };
}

/** Scales by all of the batch, or by its shape alone. */
export const byOthers: Change = (v, batch) => {
  v[0] = (v[0] ?? 0) + 1e-8 * batch.flat().reduce((sum, id) => sum + id, 0);
};
export const byShape: Change = (v, batch) => {
  v[0] = (v[0] ?? 0) + 1e-4 * batch.length;
};
export const wrong: Change = (vector) => vector.reverse();
