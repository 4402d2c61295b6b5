import { describe, expect, it } from 'vitest';
import {
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  type ModelEntry,
  pinnedModel,
  type RunManifest,
  recordedModel,
} from '../domain/index.ts';
import { EMPTY_MAPPING } from './mapping.ts';
import { type RunConditions, replayDifferences, sameValue } from './replay.ts';

const mapping = { ...EMPTY_MAPPING, user: 'u', time: 't', text: ['a'] };
const manifest: RunManifest = {
  manifest: 1,
  app: '1.0.0',
  files: [],
  mapping,
  intake: DEFAULT_INTAKE,
  settings: DEFAULT_SETTINGS,
  model: { id: '', dtype: '', device: '', sha256: '' },
  compute: { device: 'cpu', adapter: '' },
};
const now: RunConditions = {
  mapping,
  intake: DEFAULT_INTAKE,
  settings: DEFAULT_SETTINGS,
  environment: { webgpu: null, software: false },
  models: { entries: [] },
  version: '1.0.0',
};

describe('P2 a replay is promised only where nothing differs', () => {
  it('nothing differs', () => expect(replayDifferences(manifest, now)).toEqual([]));

  it.each<[string, Partial<RunConditions>, RegExp]>([
    ['a column', { mapping: { ...mapping, text: ['b'] } }, /columns/],
    ['how files are read', { intake: { ...DEFAULT_INTAKE, missing: [] } }, /read and cleaned/],
    ['a nested setting', { settings: { ...DEFAULT_SETTINGS, layout: { ...DEFAULT_SETTINGS.layout, epochs: 7 } } }, /settings/],
    ['the version', { version: '1.1.0' }, /1\.0\.0; this is 1\.1\.0/],
  ])('%s differs', (_, change, words) => {
    expect(replayDifferences(manifest, { ...now, ...change })).toEqual([expect.stringMatching(words)]);
  });

  it('the device differs where another is chosen, or the recorded one is not there', () => {
    const environment = { webgpu: 'a card', software: false };
    const settings = { ...DEFAULT_SETTINGS, device: 'webgpu' } as const;
    expect(replayDifferences({ ...manifest, settings }, { ...now, settings, environment })).toEqual([
      expect.stringMatching(/on the CPU; here it would be the GPU/),
    ]);
    const onGpu = { ...manifest, compute: { device: 'webgpu', adapter: 'a card' } };
    expect(replayDifferences(onGpu, now)).toEqual([expect.stringMatching(/on the GPU; here it would be the CPU/)]);
  });

  it("'auto' takes the recorded device again, whatever a probe would find now", () => {
    const environment = { webgpu: 'a card', software: false };
    for (const device of ['cpu', 'webgpu']) {
      expect(replayDifferences({ ...manifest, compute: { device, adapter: '' } }, { ...now, environment })).toEqual([]);
    }
  });

  it('the GPU is not expected where it is software or the CPU was chosen', () => {
    expect(replayDifferences(manifest, { ...now, environment: { webgpu: 'emulated', software: true } })).toEqual([]);
    const settings = { ...DEFAULT_SETTINGS, device: 'cpu' } as const;
    const environment = { webgpu: 'a card', software: false };
    expect(replayDifferences({ ...manifest, settings }, { ...now, settings, environment })).toEqual([]);
  });

  it('a run that changed to the CPU on its way is no run on either', () => {
    const changed = { ...manifest, compute: { device: 'webgpu, then cpu', adapter: '' } };
    expect(replayDifferences(changed, now)).toEqual([
      expect.stringMatching(/on the GPU, then the CPU; here it would be the CPU/),
    ]);
  });
});

describe('the model of the recorded run', () => {
  const entry = (id: string, place: ModelEntry['place'], change: Partial<ModelEntry['card']> = {}): ModelEntry => ({
    card: {
      ...{ id, name: `Model ${id}`, kind: 'semantic', languages: ['en'], dims: 4, licence: null, bytes: {}, pooling: 'mean' },
      ...{ prefix: { text: '', query: '' }, maxTokens: 8 },
      ...change,
    },
    ...{ place, source: null, dtypes: ['q8', 'int8'], files: [] },
  });
  const entries = [entry('a', 'built-in'), entry('b', 'hub'), entry('words', 'built-in', { kind: 'lexical' })];
  const of = (id: string, dtype: string, model = 'auto') => {
    const settings = { ...DEFAULT_SETTINGS, embedding: { ...DEFAULT_SETTINGS.embedding, model } };
    const recipe = { ...manifest, settings, model: { id, dtype, device: 'wasm', sha256: '' } };
    return replayDifferences(recipe, { ...now, settings, models: { entries } });
  };

  it('is here as it was, or never told: nothing differs', () => {
    for (const [id, dtype] of [
      ['a', 'q8'],
      ['a', ''],
      ['words', 'none'],
      ['', ''],
    ] as const)
      expect(of(id, dtype)).toEqual([]);
  });

  it('is not here, or in another form only', () => {
    expect(of('b', 'q8')).toEqual([expect.stringMatching(/embedded with Model b, which is not here/)]);
    expect(of('gone', 'q8', 'gone')).toEqual([expect.stringMatching(/embedded with gone, which is not here/)]);
    expect(of('a', 'fp16')).toEqual([expect.stringMatching(/Model a as fp16; here it is as q8, int8/)]);
  });

  it('is another file by that name: its hash tells, where it is known', () => {
    const stored = (path: string): ModelEntry => ({ ...entry('own', 'stored'), files: [{ path, bytes: 1, sha256: 'aa' }] });
    const differs = (files: ModelEntry, sha256: string) =>
      replayDifferences(
        { ...manifest, model: { id: 'own', dtype: 'q8', device: 'wasm', sha256 } },
        { ...now, models: { entries: [files] } },
      );
    expect(differs(stored('onnx/model_quantized.onnx'), 'bb')).toEqual([expect.stringMatching(/another file of Model own/)]);
    for (const sha256 of ['aa', '']) expect(differs(stored('onnx/model_quantized.onnx'), sha256)).toEqual([]);
    expect(differs(stored('onnx/model_quantized.onnx_data'), 'bb'), 'the hash is of both files').toEqual([]);
    expect(differs(entry('own', 'built-in'), 'bb')).toEqual([]);
  });

  it('is not asked about before the models that are here are known, nor where another is named', () => {
    const recipe = { ...manifest, model: { id: 'gone', dtype: 'q8', device: 'wasm', sha256: '' } };
    expect(replayDifferences(recipe, now)).toEqual([]);
    expect(of('gone', 'q8', 'a')).toEqual([]);
  });

  it('is what "auto" asks for, and nothing of it where another model is named', () => {
    const recorded = { id: 'a', dtype: 'q8', device: 'wasm', sha256: '' };
    const wish = { model: 'auto', dtype: 'auto', device: 'auto' } as const;
    expect(pinnedModel(wish, recorded)).toEqual({ model: 'a', dtype: 'q8', device: 'wasm' });
    expect(pinnedModel({ ...wish, model: 'a', dtype: 'int8' }, recorded)).toEqual({ model: 'a', dtype: 'int8', device: 'wasm' });
    expect(pinnedModel({ ...wish, model: 'b' }, recorded)).toEqual({ ...wish, model: 'b' });
    expect(pinnedModel(wish, { ...recorded, id: 'words', dtype: 'none', device: 'none' })).toEqual({ ...wish, model: 'words' });
    expect(pinnedModel(wish, null)).toEqual(wish);
  });

  it('is what a run is asked to take, and nothing where none is recorded', () => {
    const model = { id: 'a', dtype: 'q8', device: 'wasm', sha256: 'ff' };
    expect(recordedModel({ ...manifest, model })).toEqual(model);
    expect(recordedModel(manifest)).toBeNull();
    expect(recordedModel(null)).toBeNull();
  });
});

it('values are compared, not objects: the order of keys is nothing, of entries is something', () => {
  expect(sameValue({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
  expect(sameValue({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  expect(sameValue({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  expect(sameValue({}, null)).toBe(false);
});
