import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TINY_BERT, writeTinyBert } from '../build/tiny-bert/index.ts';
import { DEFAULT_SETTINGS } from '../domain/index.ts';
import { type Folder, type Run, runCli, temporaryFolder } from './process.fixture.ts';
import { toursCsv } from './small-log.fixture.ts';

const TIMEOUT = 180_000;
const OPTIONS = ['--windows', 'PT6H', '--k', '2', '--device', 'cpu', '--threads', '1', '--json'];

let folder: Folder;
let file: string;
let tiny: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  file = await folder.write('tours.csv', toursCsv());
  tiny = folder.path(TINY_BERT.id);
  writeTinyBert(tiny);
});
afterAll(() => folder.remove());

const analyze = (out: string, ...options: string[]): Promise<Run> =>
  runCli([file, ...OPTIONS, '--out', folder.path(out), ...options], { timeout: TIMEOUT });
const manifestOf = async (out: string) => JSON.parse(await folder.read(`${out}/manifest.json`));

describe('a model in a folder', () => {
  beforeAll(async () => {
    expect(await analyze('tiny', '--model', tiny, '--dtype', 'fp32')).toMatchObject({ code: 0 });
  }, TIMEOUT);

  test('makes the vectors, and is recorded by its id, not by the path', async () => {
    const { settings, model } = await manifestOf('tiny');
    expect(settings.embedding).toEqual({ model: TINY_BERT.id, dtype: 'fp32', device: 'auto' });
    expect(model).toMatchObject({
      id: TINY_BERT.id,
      dtype: 'fp32',
      device: 'wasm',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('P2 a replay with it writes the same, also where the model is "auto" and only the run says which it was', {
    timeout: TIMEOUT,
  }, async () => {
    const manifest = await manifestOf('tiny');
    const auto = { ...manifest, settings: { ...manifest.settings, embedding: DEFAULT_SETTINGS.embedding } };
    const path = await folder.write('auto.json', JSON.stringify(auto));
    expect(await analyze('again', '--manifest', folder.path('tiny/manifest.json'), '--model', tiny)).toMatchObject({ code: 0 });
    expect(await folder.read('again/assignments.csv')).toBe(await folder.read('tiny/assignments.csv'));
    const without = await analyze('lost', '--manifest', path);
    expect([without.code, without.told]).toEqual([
      1,
      [expect.stringMatching(/"tiny-bert" was asked for, and it is not here.*--model FOLDER/)],
    ]);
  });

  test('another model than the manifest`s is told', { timeout: TIMEOUT }, async () => {
    const run = await analyze('other', '--manifest', folder.path('tiny/manifest.json'), '--model', 'use-lite', '--dtype', 'auto');
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/run used the model tiny-bert, this one use-lite/);
  });
});

test('weights, behaviour and words are recorded, and a replay writes the same', { timeout: TIMEOUT }, async () => {
  const said = ['--type-weight', 'loan=2', '--half-life', '3', '--idf', '--behaviour', '.4:recency+entropy+frequency'];
  const run = await analyze('said', ...said, '--stop-words', 'en', '--extra-stop-words', 'baking');
  expect(run).toMatchObject({ code: 0 });
  const { settings } = await manifestOf('said');
  expect(settings).toMatchObject({
    ...{ typeWeights: { loan: 2 }, halfLifeDays: 3, idf: true },
    behaviour: { weight: 0.4, features: ['recency', 'entropy', 'frequency'] },
    words: { stopWords: true, languages: ['en'], extra: ['baking'] },
  });
  const again = ['--manifest', folder.path('said/manifest.json'), '--out', folder.path('replayed')];
  expect(await runCli([file, ...again], { timeout: TIMEOUT })).toMatchObject({ code: 0 });
  for (const name of ['assignments.csv', 'tracks.json', 'manifest.json'])
    expect(await folder.read(`replayed/${name}`)).toBe(await folder.read(`said/${name}`));
});

test('a weight of a type that is not there is told, and the run goes on', { timeout: TIMEOUT }, async () => {
  const run = await analyze('typo', '--type-weight', 'laon=2');
  expect([run.code, run.stderr]).toEqual([0, expect.stringMatching(/no event is of type "laon".*The types there are: loan\./)]);
});

test.each<[string, string[], RegExp]>([
  ['a folder that is not there', ['--model', './no-such-folder'], /There is no folder .*no-such-folder/],
  ['a model that is not here', ['--model', 'Xenova/bge-small-zh-v1.5'], /"Xenova\/bge-small-zh-v1.5".*not here.*--model FOLDER/],
  ['a form that the model has not', ['--model', 'use-lite', '--dtype', 'q4'], /q4; it is here as q8, int8/],
  ['a part of behaviour that is none', ['--behaviour', '.3:clicks'], /"clicks" is no part of behaviour/],
  ['a template with an unknown column', ['--template', '{nothing}'], /nothing/],
])('%s is one clear line, and nothing is written', { timeout: TIMEOUT }, async (_, options, message) => {
  const run = await analyze('refused', ...options);
  expect([run.code, run.told]).toEqual([1, [expect.stringMatching(message)]]);
  await expect(folder.read('refused/manifest.json')).rejects.toThrow();
});
