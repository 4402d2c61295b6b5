import { transfer, wrap } from 'comlink';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type AnalysisResult,
  abilityError,
  type ColumnMapping,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  inputError,
  type LayoutFrame,
  NO_LANGUAGES,
  nextTask,
  type Progress,
  silentContext,
  type TextEmbedder,
} from '../domain/index.ts';
import {
  type AnalysisApi,
  buffersOf,
  type EmbedApi,
  type EmbedOptions,
  installErrorTransfer,
  remoteEmbedder,
  serveEmbedder,
} from '../protocol/index.ts';
import { blankVectors, modelInfo } from '../testing/index.ts';
import { createAnalysisService } from './analysis.ts';
import { createEmbedService, type EmbedService } from './embed.ts';
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
  timeOrigin: null,
  template: null,
  numbers: [],
};
const input = { files: [], mapping, settings: DEFAULT_SETTINGS, intake: DEFAULT_INTAKE, recordedDevice: null };
const workers: FakeWorker[] = [];
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

const make = (api: object): FakeWorker => {
  const worker = new FakeWorker(api);
  workers.push(worker);
  return worker;
};

interface Fakes {
  readonly inspect?: () => unknown;
  /** What the model's worker does; started anew with every worker. */
  readonly embed?: () => object;
  /** What an analysis does when it is told to stop. */
  readonly cancel?: () => Promise<void>;
}

/** Fakes whose analysis does `run`; remembers what was started. */
function setUp(run: AnalysisApi['run'], { inspect = () => null, embed, cancel = async () => {} }: Fakes = {}) {
  const started = { ingest: [] as FakeWorker[], embed: [] as FakeWorker[], analysis: [] as FakeWorker[] };
  const cancelEmbed = vi.fn();
  const start = (kind: keyof typeof started, api: object): FakeWorker => {
    const worker = make(api);
    started[kind].push(worker);
    return worker;
  };
  const factory: WorkerFactory = {
    ingest: () => start('ingest', { connect: () => {}, inspect }),
    embed: () => start('embed', embed?.() ?? { connect: () => {}, cancel: cancelEmbed }),
    analysis: () => start('analysis', { run, cancel }),
  };
  const service = createAnalysisService(factory, createEmbedService(factory, 50), false, 50);
  return { factory, service, started, cancelEmbed };
}

const never = (): Promise<AnalysisResult> => new Promise(() => {});

test('P7 Cancel ends a busy run within 200 ms and frees its workers, but keeps the model', async () => {
  const { service, started, cancelEmbed } = setUp(never);
  const run = service.run(input, () => {});
  await vi.waitFor(() => expect(started.embed).toHaveLength(1));
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
  expect(started.ingest[0]?.terminated).toBe(true);
});

describe('the worker of a finished run waits for data that are added', () => {
  const done = async () => ({ users: ['a'] }) as unknown as AnalysisResult;
  const added = { ...input, append: true };
  const ended = (list: readonly FakeWorker[]): boolean[] => list.map((worker) => worker.terminated);

  test('they go to it, and a run on its own ends it', async () => {
    const inputs: unknown[] = [];
    const { service, started } = setUp((task) => {
      inputs.push(task.append);
      return done();
    });
    await service.run(input, () => {}).result;
    await service.run(added, () => {}).result;
    expect(ended(started.analysis)).toEqual([false]);
    await service.run(input, () => {}).result;
    expect(ended(started.analysis)).toEqual([true, false]);
    expect(inputs).toEqual([false, true, false]);
    expect(ended(started.ingest)).toEqual([true, true, true]);
  });

  test('cancelling them is immediate for the page, and the worker lives on', async () => {
    const cancel = vi.fn(async () => {});
    let work: () => Promise<AnalysisResult> = done;
    const { service, started } = setUp(() => work(), { cancel });
    await service.run(input, () => {}).result;
    work = never;
    const run = service.run(added, () => {});
    await nextTask();
    run.cancel();
    await expect(run.result).rejects.toMatchObject({ name: 'CancelledError' });
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce());
    work = done;
    await expect(service.run(added, () => {}).result).resolves.toEqual({ users: ['a'] });
    expect(ended(started.analysis)).toEqual([false]);
  });

  test('one that does not stop soon is ended, and the next data go to a new worker', async () => {
    let work: () => Promise<AnalysisResult> = done;
    const { service, started } = setUp(() => work(), { cancel: () => new Promise(() => {}) });
    await service.run(input, () => {}).result;
    work = never;
    const run = service.run(added, () => {});
    await nextTask();
    run.cancel();
    await expect(run.result).rejects.toMatchObject({ name: 'CancelledError' });
    await vi.waitFor(() => expect(ended(started.analysis)).toEqual([true]));
    work = done;
    await service.run(added, () => {}).result;
    expect(ended(started.analysis)).toEqual([true, false]);
  });

  test('a run that has told its result keeps its worker when its trust is stopped', async () => {
    let work: AnalysisApi['run'] = (_input, _ingest, _link, _progress, _layout, onPart) => {
      onPart({ kind: 'result', result: { users: ['a'] } as unknown as AnalysisResult });
      return never();
    };
    const { service, started } = setUp((...args) => work(...args));
    const told = vi.fn();
    const run = service.run(input, () => {}, undefined, told);
    await vi.waitFor(() => expect(told).toHaveBeenCalledOnce());
    run.cancel();
    await expect(run.result).rejects.toMatchObject({ name: 'CancelledError' });
    work = done;
    await service.run(added, () => {}).result;
    expect(ended(started.analysis)).toEqual([false]);
  });

  test.each([
    ['trouble with the data leaves it', inputError('x', 'No valid time.', ''), [false]],
    ['any other trouble ends it', new Error('broken'), [true]],
  ])('%s', async (_, error, expected) => {
    let work: () => Promise<AnalysisResult> = done;
    const { service, started } = setUp(() => work());
    await service.run(input, () => {}).result;
    work = () => Promise.reject(error);
    await expect(service.run(added, () => {}).result).rejects.toBeDefined();
    expect(ended(started.analysis)).toEqual(expected);
  });

  test('one that died is replaced', async () => {
    const { service, started } = setUp(done);
    await service.run(input, () => {}).result;
    started.analysis[0]?.crash('out of memory');
    await service.run(added, () => {}).result;
    expect(ended(started.analysis)).toEqual([true, false]);
  });
});

test('frames of the map move to the page while the run goes on, and none comes after a cancel', async () => {
  const frame: LayoutFrame = { positions: Float32Array.of(1, 2), epoch: 3, epochs: 9 };
  const told: LayoutFrame[] = [];
  let show: (frame: LayoutFrame) => unknown = () => {};
  const { service } = setUp(async (_input, _ingest, _embed, _progress, onLayout) => {
    show = onLayout;
    await (onLayout(transfer(frame, buffersOf(frame))) as unknown as Promise<void>);
    return never();
  });
  const run = service.run(
    input,
    () => {},
    (found) => told.push(found),
  );
  await vi.waitFor(() => expect(told).toEqual([{ positions: Float32Array.of(1, 2), epoch: 3, epochs: 9 }]));
  expect(frame.positions.length).toBe(0);
  run.cancel();
  await expect(run.result).rejects.toMatchObject({ name: 'CancelledError' });
  void show({ positions: new Float32Array(2), epoch: 4, epochs: 9 });
  await nextTask();
  expect(told).toHaveLength(1);
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
  await vi.waitFor(() => expect(started.embed).toHaveLength(1));
  started.embed[0]?.crash('gone');
  await expect(run.result).rejects.toMatchObject({ code: 'worker-died' });
  const again = service.run(input, () => {});
  await vi.waitFor(() => expect(started.embed).toHaveLength(2));
  again.cancel();
  await expect(again.result).rejects.toMatchObject({ name: 'CancelledError' });
});

test('an ingest worker that died is replaced at the next file', async () => {
  const { factory, started } = setUp(never, { inspect: () => new Promise(() => {}) });
  const ingest = createIngestService(factory);
  const first = ingest.inspect(new File(['a'], 'a.csv'), {});
  started.ingest[0]?.crash('gone');
  await expect(first).rejects.toMatchObject({ code: 'worker-died' });
  ingest.inspect(new File(['b'], 'b.csv'), {}).catch(() => undefined);
  expect(started.ingest).toHaveLength(2);
});

test('cancelling a look at a file ends its worker, which would read on; the next look has another', async () => {
  const { factory, started } = setUp(never, { inspect: () => new Promise(() => {}) });
  const ingest = createIngestService(factory);
  ingest.cancel();
  const first = ingest.inspect(new File(['a'], 'a.csv'), {});
  ingest.cancel();
  await expect(first).rejects.toMatchObject({ name: 'CancelledError' });
  expect(started.ingest[0]?.terminated).toBe(true);
  ingest.inspect(new File(['b'], 'b.csv'), {}).catch(() => undefined);
  expect(started.ingest).toHaveLength(2);
});

test('choosing another device starts a model worker of its own', async () => {
  const { factory, started } = setUp(never);
  const embed = createEmbedService(factory);
  expect(await embed.use(WISH)).toBe(await embed.use(WISH));
  expect(await embed.use({ ...WISH, device: 'wasm' })).not.toBe(await embed.use(WISH));
  expect(started.embed.map((worker) => worker.terminated)).toEqual([true, true, false]);
});

const WISH: EmbedOptions = { ...DEFAULT_SETTINGS.embedding, words: DEFAULT_SETTINGS.words, allowSoftwareGpu: false };

const modelOn = ({ device }: EmbedOptions, embed: TextEmbedder['embed']): TextEmbedder => ({
  describe: async () => modelInfo({ device: device === 'webgpu' ? 'webgpu' : 'wasm' }),
  embed,
  embedQuery: async () => new Float32Array(2),
  dispose: async () => {},
});

/** An analysis that does nothing but embed, then describe the model. */
const embedOnly: AnalysisApi['run'] = async ({ run }, _ingest, linkModel) => {
  const link = async () => {
    const { port, options } = await linkModel();
    return { api: wrap<EmbedApi>(port), options };
  };
  const embedder = remoteEmbedder(link, run, NO_LANGUAGES);
  const { vectors } = await embedder.embed(['a', 'b'], silentContext);
  return { distinctTexts: vectors.rows, model: await embedder.describe() } as unknown as AnalysisResult;
};

test.each(['opening', 'the work'])(
  'a model that breaks at %s ends the run with its error, and the next run has a new worker',
  async (when) => {
    const broken = abilityError('no-embedding-device', 'WebGPU (int8) failed: device lost', '');
    let started = 0;
    const create = async (options: EmbedOptions): Promise<TextEmbedder> => {
      if (started++ > 0) return modelOn(options, async (texts) => blankVectors(texts.length));
      if (when === 'opening') throw broken;
      return modelOn(options, () => Promise.reject(broken));
    };
    const { service, started: workers } = setUp(embedOnly, { embed: () => serveEmbedder(create) });
    await expect(service.run(input, () => {}).result).rejects.toMatchObject({ code: 'no-embedding-device' });
    expect((await service.run(input, () => {}).result).distinctTexts).toBe(2);
    expect(workers.embed.map((worker) => worker.terminated)).toEqual([true, false]);
  },
);

test('P7 a pause holds the run back until it may go on', async () => {
  const begun: string[] = [];
  const create = async (options: EmbedOptions) =>
    modelOn(options, async (texts, ctx) => {
      begun.push('opened');
      await ctx.checkpoint();
      begun.push('embedded');
      return blankVectors(texts.length);
    });
  const { service } = setUp(embedOnly, { embed: () => serveEmbedder(create) });
  const run = service.run(input, () => {});
  run.pause(true);
  await vi.waitFor(() => expect(begun).toEqual(['opened']));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(begun).toEqual(['opened']);
  run.pause(false);
  expect((await run.result).distinctTexts).toBe(2);
});

test('P7 a model worker that is not idle soon after Cancel is ended, and the next run waits for that', async () => {
  const embed = vi.fn<TextEmbedder['embed']>(() => new Promise(() => {}));
  const { service, started } = setUp(embedOnly, { embed: () => serveEmbedder(async (options) => modelOn(options, embed)) });
  const run = service.run(input, () => {});
  await vi.waitFor(() => expect(embed).toHaveBeenCalledOnce());
  run.cancel();
  await expect(run.result).rejects.toMatchObject({ name: 'CancelledError' });
  embed.mockImplementation(async (texts) => blankVectors(texts.length));
  const result = await service.run(input, () => {}).result;
  expect(result.distinctTexts).toBe(2);
  expect(started.embed.map((worker) => worker.terminated)).toEqual([true, false]);
});

test('runs leave no listener with the long-lived model worker', async () => {
  const { factory } = setUp(async () => ({}) as AnalysisResult);
  const embed = createEmbedService(factory);
  const model = await embed.use(WISH);
  const listeners = new Set<(reason: Error) => void>();
  const onEnd = vi.fn((listener: (reason: Error) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  });
  const counted: EmbedService = { ...embed, use: async () => ({ ...model, client: { ...model.client, onEnd } }) };
  const service = createAnalysisService(factory, counted, false);
  await service.run(input, () => {}).result;
  expect(onEnd).toHaveBeenCalledOnce();
  expect(listeners.size).toBe(0);
  const cancelled = service.run(input, () => {});
  cancelled.cancel();
  await expect(cancelled.result).rejects.toMatchObject({ name: 'CancelledError' });
  await nextTask();
  expect(listeners.size).toBe(0);
});
