import { transfer, wrap } from 'comlink';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  type AnalysisResult,
  abilityError,
  type ColumnMapping,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  type ModelInfo,
  NO_LANGUAGES,
  nextTask,
  type SearchHits,
  silentContext,
  type TextEmbedder,
} from '../domain/index.ts';
import {
  type AnalysisApi,
  type EmbedApi,
  type EmbedOptions,
  installErrorTransfer,
  queryModels,
  remoteEmbedder,
  serveEmbedder,
} from '../protocol/index.ts';
import { blankVectors, modelInfo } from '../testing/index.ts';
import { createAnalysisService } from './analysis.ts';
import { createEmbedService, type EmbedService } from './embed.ts';
import { FakeWorker } from './fakes.ts';
import type { WorkerFactory } from './spawn.ts';

installErrorTransfer();

const mapping: ColumnMapping = {
  ...{ user: 'u', time: 't', text: ['x'], type: null, item: null, value: null, label: null },
  ...{ timeFormat: 'iso', timeOrigin: null, template: null, numbers: [] },
};
const input = { files: [], mapping, settings: DEFAULT_SETTINGS, intake: DEFAULT_INTAKE, recordedDevice: null };
const INFO = modelInfo({ id: 'use-lite', dtype: 'q8', device: 'wasm' });

let workers: FakeWorker[] = [];
/** Options of the model's workers, in the order in which they were opened, and the corpora that queries came with. */
let opened: EmbedOptions[] = [];
let corpora: (readonly string[])[] = [];
let embedQuery: (query: string) => Promise<Float32Array>;
let info: ModelInfo;
beforeEach(() => {
  [opened, corpora, info] = [[], [], INFO];
  embedQuery = async (query) => Float32Array.of(query.length, 0);
});
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
  workers = [];
});

const model = (options: EmbedOptions): TextEmbedder => {
  opened.push(options);
  return {
    describe: async () => info,
    embed: async (texts) => blankVectors(texts.length),
    embedQuery: (query, corpus) => {
      corpora.push(corpus);
      return embedQuery(query);
    },
    dispose: async () => {},
  };
};

const CORPUS = ['a', 'b'];

/** As the analysis worker: embeds in a run, and asks the model of the last link what a query is. */
function analysisApi(end: () => Promise<unknown> = async () => {}): AnalysisApi {
  const modelOf = queryModels(
    ({ port, options }) => ({ api: wrap<EmbedApi>(port), options }),
    () => NO_LANGUAGES,
  );
  return {
    async run({ run }, _ingest, linkModel, _progress, _layout, onPart) {
      const link = async () => {
        const { port, options } = await linkModel();
        return { api: wrap<EmbedApi>(port), options };
      };
      const embedder = remoteEmbedder(link, run, NO_LANGUAGES);
      await embedder.embed(['a'], silentContext);
      const result = { model: await embedder.describe() } as unknown as AnalysisResult;
      onPart({ kind: 'result', result });
      await end();
      return result;
    },
    async search(query, link) {
      const light = await modelOf(link).embedQuery(query, CORPUS);
      const toSegments = { cosine: new Float32Array(), bright: new Uint8Array() };
      const hits: SearchHits = { query, texts: [], users: [], segments: [], light, toSegments, standsOut: true, milliseconds: 1 };
      return transfer(hits, [light.buffer as ArrayBuffer]);
    },
    cancel: async () => {},
  };
}

function setUp(api = () => analysisApi()) {
  const start = (kind: object): FakeWorker => {
    const worker = new FakeWorker(kind);
    workers.push(worker);
    return worker;
  };
  const embeds: FakeWorker[] = [];
  const analyses: FakeWorker[] = [];
  const factory = {
    ingest: () => start({ connect: () => {} }),
    embed: () => {
      embeds.push(start(serveEmbedder(async (options) => model(options))));
      return embeds.at(-1) as FakeWorker;
    },
    analysis: () => {
      analyses.push(start(api()));
      return analyses.at(-1) as FakeWorker;
    },
  } as unknown as WorkerFactory;
  const embed: EmbedService = createEmbedService(factory, 50);
  return { embed, embeds, analyses, service: createAnalysisService(factory, embed, false, 50) };
}

test('a query goes to the model that the run has loaded, and its corpus crosses once', async () => {
  const { service, embeds } = setUp();
  await service.run(input, () => {}).result;
  for (const query of ['s', 'sp', 'spa']) expect([...(await service.search(query)).light]).toEqual([query.length, 0]);
  expect(embeds).toHaveLength(1);
  expect(corpora).toEqual([CORPUS, CORPUS, CORPUS]);
  // The very list of the first query, so that what was counted over it holds for the others.
  expect(corpora[1]).toBe(corpora[0]);
  expect(corpora[2]).toBe(corpora[0]);
});

test('a model whose worker has ended is loaded again: the very one that made the result', async () => {
  info = modelInfo({ id: 'e5', dtype: 'fp16', device: 'webgpu' });
  const { service, embed, embeds } = setUp();
  await service.run(input, () => {}).result;
  await service.search('s');
  embed.drop();
  expect((await service.search('sp')).light.length).toBe(2);
  await service.search('spa');
  expect(embeds.map(({ terminated }) => terminated)).toEqual([true, false]);
  // The run and the search each on a port of their own; then the search on that to the new worker.
  expect(opened.map(({ model, dtype, device }) => [model, dtype, device])).toEqual([
    ['auto', 'auto', 'auto'],
    ['auto', 'auto', 'auto'],
    ['e5', 'fp16', 'webgpu'],
  ]);
});

test('a result is searched as soon as it is told, while its trust is measured', async () => {
  const { service } = setUp(() => analysisApi(() => new Promise(() => {})));
  const told = vi.fn();
  const run = service.run(input, () => {}, undefined, told);
  await vi.waitFor(() => expect(told).toHaveBeenCalledOnce());
  expect((await service.search('space')).query).toBe('space');
  run.cancel();
  await expect(run.result).rejects.toMatchObject({ name: 'CancelledError' });
  expect((await service.search('bread')).query).toBe('bread');
});

test('without a result, and once a new run has ended its worker, a search is refused in words', async () => {
  const { service } = setUp();
  await expect(service.search('space')).rejects.toMatchObject({ kind: 'ability', code: 'no-result' });
  await service.run(input, () => {}).result;
  const next = service.run(input, () => {});
  await expect(service.search('space')).rejects.toMatchObject({ code: 'no-result' });
  await next.result;
  await expect(service.search('space')).resolves.toMatchObject({ query: 'space' });
});

test('a search whose worker is ended meanwhile is cancelled, not left without an answer', async () => {
  const { service } = setUp();
  await service.run(input, () => {}).result;
  embedQuery = () => new Promise(() => {});
  const search = service.search('space');
  await nextTask();
  const next = service.run(input, () => {});
  await expect(search).rejects.toMatchObject({ name: 'CancelledError' });
  await next.result;
});

test('a model that breaks down at a query is told, and the next search loads it anew', async () => {
  const { service, embeds } = setUp();
  await service.run(input, () => {}).result;
  embedQuery = () => Promise.reject(abilityError('no-embedding-device', 'WebGPU (int8) failed: device lost', ''));
  await expect(service.search('space')).rejects.toMatchObject({
    kind: 'ability',
    message: expect.stringContaining('device lost'),
  });
  embedQuery = async () => new Float32Array(2);
  await expect(service.search('space')).resolves.toMatchObject({ query: 'space' });
  expect(embeds.map(({ terminated }) => terminated)).toEqual([true, false]);
  expect(opened.map(({ device }) => device)).toEqual(['auto', 'auto', 'wasm']);
});

test('a run that has another model at work is not robbed of it', async () => {
  let end = (): void => {};
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  let first = true;
  const { service, embed, embeds } = setUp(() => {
    const api = analysisApi();
    const run: AnalysisApi['run'] = async (...args) => {
      if (!first) await held;
      first = false;
      return api.run(...args);
    };
    return { ...api, run };
  });
  await service.run(input, () => {}).result;
  embed.renew();
  const added = service.run({ ...input, append: true }, () => {});
  await vi.waitFor(() => expect(embeds).toHaveLength(2));
  await expect(service.search('space')).rejects.toMatchObject({ kind: 'ability', code: 'model-busy' });
  expect(embeds[1]?.terminated).toBe(false);
  end();
  await added.result;
  await expect(service.search('space')).resolves.toMatchObject({ query: 'space' });
});
