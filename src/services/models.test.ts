import { afterEach, describe, expect, test, vi } from 'vitest';
import { CancelledError, DEFAULT_SETTINGS, inputError, NO_LANGUAGES } from '../domain/index.ts';
import { installErrorTransfer, type ModelsApi } from '../protocol/index.ts';
import { createEmbedService } from './embed.ts';
import { FakeWorker } from './fakes.ts';
import { createModelsService } from './models.ts';

installErrorTransfer();

const workers: FakeWorker[] = [];
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

const ENTRY = { card: { id: 'm' }, place: 'stored' };

function setUp(api: Partial<Record<keyof ModelsApi, unknown>> = {}) {
  const started: FakeWorker[] = [];
  const renew = vi.fn();
  const persist = vi.fn();
  const models = (): FakeWorker => {
    const worker = new FakeWorker({
      list: () => [ENTRY],
      add: () => ENTRY,
      remove: () => undefined,
      download: () => ENTRY,
      ...api,
    });
    started.push(worker);
    workers.push(worker);
    return worker;
  };
  const service = createModelsService({ models }, { renew }, { policy: async () => "connect-src 'self'", persist });
  return { service, started, renew, persist };
}

const silent = (): void => {};

test('the worker starts at the first use, and serves all that follows', async () => {
  const { service, started } = setUp();
  expect(started).toHaveLength(0);
  await Promise.all([service.list(), service.list()]);
  await service.list();
  expect(started).toHaveLength(1);
});

test('the page`s content policy goes along with a plan and a download', async () => {
  const heard: unknown[] = [];
  const hear = (_id: string, _dtype: string, policy: string): void => void heard.push(policy);
  const { service } = setUp({ plan: hear, download: hear });
  await service.plan('m', 'q8');
  await service.download('m', 'q8', silent);
  expect(heard).toEqual(["connect-src 'self'", "connect-src 'self'"]);
});

describe('when the models that are here change', () => {
  test('the model that is loaded is not used again: after an add, a download and a removal, and after nothing else', async () => {
    const { service, renew } = setUp({ advise: () => ({}), plan: () => ({}) });
    await service.list();
    await service.advise(NO_LANGUAGES);
    await service.plan('m', 'q8');
    expect(renew).not.toHaveBeenCalled();
    await service.add([], silent);
    await service.download('m', 'q8', silent);
    await service.remove('m');
    expect(renew).toHaveBeenCalledTimes(3);
  });

  test('a failed add changes nothing, and its error comes whole', async () => {
    const { service, renew, persist } = setUp({
      add: () => {
        throw inputError('model-file', 'tiny/config.json can’t be used', 'drop it again');
      },
    });
    await expect(service.add([], silent)).rejects.toMatchObject({ code: 'model-file', hint: 'drop it again' });
    expect(renew).not.toHaveBeenCalled();
    expect(persist).not.toHaveBeenCalled();
  });

  test('the browser is asked once to keep them', async () => {
    const { service, persist } = setUp();
    await service.list();
    expect(persist).not.toHaveBeenCalled();
    await service.add([], silent);
    await service.add([], silent);
    expect(persist).toHaveBeenCalledOnce();
  });
});

test('cancelling ends the worker at once; the next use starts another', async () => {
  const { service, started } = setUp({ add: () => new Promise(() => {}) });
  service.cancel();
  const adding = service.add([], silent);
  await vi.waitFor(() => expect(started).toHaveLength(1));
  service.cancel();
  await expect(adding).rejects.toThrow(CancelledError);
  expect(started[0]?.terminated).toBe(true);
  await expect(service.list()).resolves.toEqual([ENTRY]);
  expect(started).toHaveLength(2);
});

test('a worker that dies is told, and replaced at the next use', async () => {
  const { service, started } = setUp({ add: () => new Promise(() => {}) });
  const adding = service.add([], silent);
  await vi.waitFor(() => expect(started).toHaveLength(1));
  started[0]?.crash('out of memory');
  await expect(adding).rejects.toMatchObject({ code: 'worker-died' });
  await expect(service.list()).resolves.toEqual([ENTRY]);
});

test('a renewed model goes on for the run that has it, and is another one for the next', async () => {
  const embedded: FakeWorker[] = [];
  const never = (): never => {
    throw new Error('not asked for');
  };
  const embed = createEmbedService({
    ingest: never,
    analysis: never,
    embed: () => {
      const worker = new FakeWorker({});
      embedded.push(worker);
      workers.push(worker);
      return worker;
    },
  });
  const { embedding, words } = DEFAULT_SETTINGS;
  const wish = { ...embedding, words, allowSoftwareGpu: false };
  const first = await embed.use(wish);
  embed.renew();
  expect(embedded[0]?.terminated).toBe(false);
  const second = await embed.use(wish);
  expect(second.client).not.toBe(first.client);
  expect(embedded.map(({ terminated }) => terminated)).toEqual([true, false]);
  expect((await embed.use(wish)).client).toBe(second.client);
});
