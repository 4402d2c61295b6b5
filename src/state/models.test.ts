import { describe, expect, test, vi } from 'vitest';
import {
  CancelledError,
  type DownloadPlan,
  inputError,
  type ModelAdvice,
  type ModelEntry,
  NO_LANGUAGES,
  type Survey,
  type TextLanguages,
} from '../domain/index.ts';
import { NO_MODELS } from './models.ts';
import type { DroppedFile, ModelsService } from './services.ts';
import { file, NO_MODELS_HERE, RESULT, running, settled, setUp } from './store.fixture.ts';

const entry = (id: string, place: ModelEntry['place'] = 'stored'): ModelEntry => ({
  card: {
    ...{ id, name: id, kind: 'semantic', languages: ['en'], dims: 2, licence: null, bytes: { q8: 5 } },
    ...{ pooling: 'mean', prefix: { text: '', query: '' }, maxTokens: 8 },
  },
  ...{ place, source: null, dtypes: [], files: [] },
});

const BUILT_IN = entry('use-lite', 'built-in');
const PLAN: DownloadPlan = { id: 'm', dtype: 'q8', host: 'huggingface.co', files: [], refused: null };
const DROPPED: DroppedFile[] = [{ path: 'm/config.json', file: file('config.json') }];
const ADVICE: ModelAdvice = { id: 'use-lite', known: 1, warning: null, better: [] };
const ZH: TextLanguages = { looked: 1, lettered: 1, shares: [{ language: 'zh', script: 'Han', share: 1 }] };

/** A service with one model; work goes on until the test ends it. */
function withModels(change: Partial<ModelsService> = {}) {
  let here = [BUILT_IN];
  const ends: ((error?: unknown) => void)[] = [];
  const tells: ((done: number, total: number) => void)[] = [];
  const work = (tell: (done: number, total: number) => void = () => {}): Promise<ModelEntry> => {
    tells.push(tell);
    return new Promise((resolve, reject) => {
      ends.push((error) => {
        if (error !== undefined) return reject(error);
        here = [BUILT_IN, entry('m')];
        resolve(entry('m'));
      });
    });
  };
  const models: ModelsService = {
    ...NO_MODELS_HERE,
    list: vi.fn(() => Promise.resolve(here)),
    add: vi.fn((_files, tell) => work(tell)),
    plan: vi.fn(() => Promise.resolve(PLAN)),
    download: vi.fn((_id, _dtype, tell) => work(tell)),
    remove: vi.fn(async () => {
      here = [BUILT_IN];
    }),
    advise: vi.fn(() => Promise.resolve(ADVICE)),
    cancel: vi.fn(),
    ...change,
  };
  const app = setUp({ models });
  return { ...app, models, end: (error?: unknown) => ends.at(-1)?.(error), tell: (d: number, t: number) => tells.at(-1)?.(d, t) };
}

describe('adding a model', () => {
  test('shows how far it is, and what is here afterwards', async () => {
    const { get, actions, end, tell } = withModels();
    const adding = actions.addModel(DROPPED);
    expect(get().models.work).toEqual({ kind: 'adding', id: '', done: 0, total: 0 });
    tell(3, 10);
    expect(get().models.work).toMatchObject({ done: 3, total: 10 });
    end();
    await adding;
    expect(get().models).toMatchObject({ work: null, error: null });
    expect(get().models.entries.map(({ card }) => card.id)).toEqual(['use-lite', 'm']);
  });

  test('chooses it for the next run, by a trial of its own; the next piece of work ends the word of it', async () => {
    const { get, actions, end } = withModels();
    actions.setSettings({ embedding: { model: 'use-lite', dtype: 'int8', device: 'wasm' } });
    const adding = actions.addModel(DROPPED);
    end();
    await adding;
    expect(get().settings.embedding).toEqual({ model: 'm', dtype: 'auto', device: 'auto' });
    expect(get().models.added).toBe('m');
    await actions.removeModel('m');
    expect(get().models.added).toBeNull();
    expect(get().settings.embedding.model).toBe('auto');
  });

  test('that fails tells why, and what was here stays', async () => {
    const { get, actions, end } = withModels();
    await actions.loadModels();
    const { embedding } = get().settings;
    const adding = actions.addModel(DROPPED);
    end(inputError('model-file', 'm/config.json can’t be used', 'drop it again'));
    await adding;
    expect(get().models).toMatchObject({ work: null, entries: [BUILT_IN], error: { code: 'model-file' }, added: null });
    expect(get().settings.embedding).toEqual(embedding);
    actions.dismissModelError();
    expect(get().models.error).toBeNull();
  });

  test('is one piece of work at a time', async () => {
    const { actions, models } = withModels();
    void actions.addModel(DROPPED);
    await actions.addModel(DROPPED);
    await actions.removeModel('m');
    expect(models.add).toHaveBeenCalledOnce();
    expect(models.remove).not.toHaveBeenCalled();
  });

  test('P7 is cancelled at once; what it says afterwards is dropped', async () => {
    const { get, actions, models, end, tell } = withModels();
    const adding = actions.addModel(DROPPED);
    actions.cancelModel();
    expect(get().models.work).toBeNull();
    expect(models.cancel).toHaveBeenCalledOnce();
    tell(5, 10);
    end(new CancelledError());
    await adding;
    expect(get().models).toMatchObject({ work: null, error: null });
    actions.cancelModel();
    expect(models.cancel).toHaveBeenCalledOnce();
  });

  test('one that was cancelled is not chosen, though it had come to its end', async () => {
    const { get, actions, end } = withModels();
    const adding = actions.addModel(DROPPED);
    actions.cancelModel();
    end();
    await adding;
    expect(get().models.added).toBeNull();
    expect(get().settings.embedding.model).toBe('auto');
  });

  test('a late word of a cancelled one does not touch the next', async () => {
    const { get, actions, end } = withModels();
    await actions.planDownload('m', 'q8');
    const first = actions.addModel(DROPPED);
    actions.cancelModel();
    await actions.planDownload('m', 'q8');
    end(inputError('model-file', 'late', ''));
    const second = actions.download();
    await first;
    expect(get().models).toMatchObject({ error: null, work: { kind: 'downloading', id: 'm' } });
    end();
    await second;
    expect(get().models.work).toBeNull();
  });
});

describe('P1 a download', () => {
  test('is asked for after its plan was shown, and not before', async () => {
    const { get, actions, models, end } = withModels();
    await actions.download();
    expect(models.download).not.toHaveBeenCalled();
    await actions.planDownload('m', 'q8');
    expect(get().models.plan).toEqual(PLAN);
    expect(models.download).not.toHaveBeenCalled();
    const downloading = actions.download();
    expect(get().models).toMatchObject({ plan: null, work: { kind: 'downloading', id: 'm' }, fetched: ['m'] });
    end();
    await downloading;
    expect(models.download).toHaveBeenCalledExactlyOnceWith('m', 'q8', expect.anything());
  });

  test('that the deployment refuses is never asked for', async () => {
    const { get, actions, models } = withModels({ plan: () => Promise.resolve({ ...PLAN, refused: 'not allowed here' }) });
    await actions.planDownload('m', 'q8');
    await actions.download();
    expect(models.download).not.toHaveBeenCalled();
    expect(get().models.plan?.refused).toBe('not allowed here');
  });

  test('that was declined is not asked for', async () => {
    const { get, actions, models } = withModels();
    await actions.planDownload('m', 'q8');
    actions.dismissPlan();
    await actions.download();
    expect(get().models.plan).toBeNull();
    expect(models.download).not.toHaveBeenCalled();
  });

  test('that can’t be planned is told', async () => {
    const { get, actions } = withModels({ plan: () => Promise.reject(inputError('no-such-model', 'no', '')) });
    await actions.planDownload('m', 'q4');
    expect(get().models).toMatchObject({ plan: null, error: { code: 'no-such-model' } });
  });
});

describe('removing a model', () => {
  test('takes it off the list, and off the wish', async () => {
    const { get, actions } = withModels();
    actions.setSettings({ embedding: { model: 'm', dtype: 'q8', device: 'wasm' } });
    await actions.removeModel('m');
    expect(get().models.entries).toEqual([BUILT_IN]);
    expect(get().settings.embedding).toEqual({ model: 'auto', dtype: 'auto', device: 'auto' });
  });

  test('leaves a wish for another one', async () => {
    const { get, actions } = withModels();
    actions.setSettings({ embedding: { model: 'other', dtype: 'q8', device: 'wasm' } });
    await actions.removeModel('m');
    expect(get().settings.embedding.model).toBe('other');
  });

  test('waits for the analysis that may need it', async () => {
    const { get, actions } = await running();
    await actions.removeModel('m');
    expect(get().models).toMatchObject({ work: null, error: { code: 'model-in-use' } });
  });
});

describe('advice follows the texts', () => {
  const surveyed = (languages: TextLanguages): Survey => ({ languages }) as Survey;
  const show = (app: ReturnType<typeof withModels>, languages: TextLanguages): void =>
    app.store.setState((s) => ({ survey: { ...s.survey, survey: surveyed(languages) } }));

  test('nothing is looked for before there are texts', async () => {
    const { models, get } = withModels();
    await settled();
    expect(models.list).not.toHaveBeenCalled();
    expect(get().models).toEqual(NO_MODELS);
  });

  test('of a survey, with the list of models', async () => {
    const app = withModels();
    show(app, ZH);
    await settled();
    expect(app.models.advise).toHaveBeenCalledExactlyOnceWith(ZH);
    expect(app.get().models).toMatchObject({ advice: ADVICE, entries: [BUILT_IN] });
  });

  test('else of the result; and goes with both', async () => {
    const app = withModels();
    app.store.setState({ result: { ...RESULT, languages: ZH } });
    await settled();
    expect(app.models.advise).toHaveBeenCalledExactlyOnceWith(ZH);
    app.store.setState({ result: null });
    expect(app.get().models.advice).toBeNull();
  });

  test('is asked anew when the models that are here change', async () => {
    const app = withModels();
    show(app, ZH);
    await settled();
    const adding = app.actions.addModel(DROPPED);
    app.end();
    await adding;
    await settled();
    expect(app.models.advise).toHaveBeenCalledTimes(2);
  });

  test('that comes after the texts have changed is dropped', async () => {
    const answers: ((advice: ModelAdvice) => void)[] = [];
    const app = withModels({ advise: () => new Promise((resolve) => answers.push(resolve)) });
    show(app, ZH);
    await settled();
    show(app, NO_LANGUAGES);
    await settled();
    answers[1]?.(ADVICE);
    answers[0]?.({ ...ADVICE, id: 'late' });
    await settled();
    expect(app.get().models.advice).toEqual(ADVICE);
  });

  test('that fails is told, and keeps nobody waiting', async () => {
    const app = withModels({ advise: () => Promise.reject(new Error('broken')) });
    show(app, ZH);
    await settled();
    expect(app.get().models).toMatchObject({ advice: null, error: { kind: 'bug' } });
  });
});
