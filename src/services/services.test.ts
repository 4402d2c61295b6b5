import { afterEach, expect, test, vi } from 'vitest';
import { type AnalysisResult, type ColumnMapping, DEFAULT_SETTINGS, inputError, type Progress } from '../domain/index.ts';
import type { AnalysisApi } from '../protocol/index.ts';
import { installErrorTransfer } from '../protocol/index.ts';
import { createAnalysisService } from './analysis.ts';
import { createEmbedService } from './embed.ts';
import { FakeWorker } from './fakes.ts';
import { createIngestService } from './ingest.ts';
import type { WorkerFactory } from './spawn.ts';

installErrorTransfer();

const mapping: ColumnMapping = {
  user: 'u',
  time: 't',
  text: ['x'],
  type: null,
  item: null,
  value: null,
  label: null,
  timeFormat: 'iso',
};
const input = { files: [], mapping, settings: DEFAULT_SETTINGS };
const workers: FakeWorker[] = [];
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

const make = (api: object): FakeWorker => {
  const worker = new FakeWorker(api);
  workers.push(worker);
  return worker;
};

/** Fakes whose analysis does `run`; remembers what was started. */
function setUp(run: AnalysisApi['run'], inspect: () => unknown = () => null) {
  const started = { ingest: [] as FakeWorker[], embed: [] as FakeWorker[], analysis: [] as FakeWorker[] };
  const cancelEmbed = vi.fn();
  const start = (kind: keyof typeof started, api: object): FakeWorker => {
    const worker = make(api);
    started[kind].push(worker);
    return worker;
  };
  const factory: WorkerFactory = {
    ingest: () => start('ingest', { connect: () => {}, inspect }),
    embed: () => start('embed', { connect: () => {}, cancel: cancelEmbed }),
    analysis: () => start('analysis', { run }),
  };
  const service = createAnalysisService(factory, createEmbedService(factory), false);
  return { factory, service, started, cancelEmbed };
}

const never = (): Promise<AnalysisResult> => new Promise(() => {});

test('P7 Cancel ends a busy run within 200 ms and frees its workers, but keeps the model', async () => {
  const { service, started, cancelEmbed } = setUp(never);
  const run = service.run(input, () => {});
  const start = performance.now();
  run.cancel();
  await expect(run.result).rejects.toMatchObject({ name: 'CancelledError' });
  expect(performance.now() - start).toBeLessThan(200);
  expect([...started.analysis, ...started.ingest].every((w) => w.terminated)).toBe(true);
  expect(started.embed[0]?.terminated).toBe(false);
  await vi.waitFor(() => expect(cancelEmbed).toHaveBeenCalledOnce());
});

test('progress arrives while the run goes on, and its workers end with it', async () => {
  const told: Progress[] = [];
  const { service, started } = setUp(async (_input, _ingest, _embed, onProgress) => {
    await (onProgress as (p: Progress) => Promise<void>)({ stage: 'read', done: 1, total: 2 });
    return { users: ['a'] } as unknown as AnalysisResult;
  });
  const run = service.run(input, (p) => told.push(p));
  await expect(run.result).resolves.toEqual({ users: ['a'] });
  expect(told).toEqual([{ stage: 'read', done: 1, total: 2 }]);
  expect(started.analysis[0]?.terminated).toBe(true);
});

test('an error of the run keeps its hint', async () => {
  const { service } = setUp(() => Promise.reject(inputError('x', 'No valid time.', 'Choose another column.')));
  await expect(service.run(input, () => {}).result).rejects.toMatchObject({ kind: 'input', hint: 'Choose another column.' });
});

test('a worker that dies ends the run with an error, not with silence', async () => {
  const { service, started } = setUp(never);
  const run = service.run(input, () => {});
  started.analysis[0]?.crash('out of memory');
  await expect(run.result).rejects.toMatchObject({ code: 'worker-died', message: expect.stringContaining('out of memory') });
});

test('a model worker that died is replaced at the next run', async () => {
  const { service, started } = setUp(never);
  const run = service.run(input, () => {});
  started.embed[0]?.crash('gone');
  await expect(run.result).rejects.toMatchObject({ code: 'worker-died' });
  const again = service.run(input, () => {});
  expect(started.embed).toHaveLength(2);
  again.cancel();
  await expect(again.result).rejects.toMatchObject({ name: 'CancelledError' });
});

test('an ingest worker that died is replaced at the next file', async () => {
  const { factory, started } = setUp(never, () => new Promise(() => {}));
  const ingest = createIngestService(factory);
  const first = ingest.inspect(new File(['a'], 'a.csv'));
  started.ingest[0]?.crash('gone');
  await expect(first).rejects.toMatchObject({ code: 'worker-died' });
  ingest.inspect(new File(['b'], 'b.csv')).catch(() => undefined);
  expect(started.ingest).toHaveLength(2);
});

test('choosing another device starts a model worker of its own', () => {
  const { factory, started } = setUp(never);
  const embed = createEmbedService(factory);
  expect(embed.use('auto')).toBe(embed.use('auto'));
  expect(embed.use('wasm')).not.toBe(embed.use('auto'));
  expect(started.embed.map((worker) => worker.terminated)).toEqual([true, true, false]);
});
