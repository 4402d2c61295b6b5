import { describe, expect, test } from 'vitest';
import { silentContext } from '../../domain/index.ts';
import { checkModel } from './check.ts';
import { modelFolder } from './folder.ts';
import { droppedFiles, type OnnxParts, onnxBytes, wholeModel } from './models.fixture.ts';

type Change = Parameters<typeof wholeModel>[0];

async function check(change: Change = {}, folder = 'tiny') {
  const members = droppedFiles(wholeModel(change), folder).map(({ path, file }) => ({
    path,
    size: file.size,
    stream: () => file.stream(),
    file,
  }));
  const { name, wanted } = modelFolder(members, 'dropped.zip');
  return checkModel(name, new Map(wanted.map(({ path, file }) => [path, file as Blob])), silentContext);
}

const withGraph = (parts: OnnxParts): Change => ({ 'onnx/model.onnx': onnxBytes(parts), 'onnx/model_quantized.onnx': null });

test('the card of a model that is in order says what its files say', async () => {
  const files = wholeModel();
  expect(await check()).toEqual({
    card: {
      id: 'tiny',
      name: 'tiny',
      kind: 'semantic',
      languages: ['en', 'de'],
      dims: 16,
      licence: 'Apache-2.0',
      bytes: {
        fp32: (files['onnx/model.onnx'] as Uint8Array).length,
        q8: (files['onnx/model_quantized.onnx'] as Uint8Array).length,
      },
      pooling: 'cls',
      prefix: { text: '', query: '' },
      maxTokens: 48,
    },
    dtypes: ['fp32', 'q8'],
    notes: [],
  });
});

describe('a model is refused by the file that is wrong, with what was found', () => {
  const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 90387606\n';
  const cut = onnxBytes().slice(0, 200);
  const wrong: [string, Change, RegExp][] = [
    ['no config.json', { 'config.json': null }, /tiny.*config\.json is missing\. There are /],
    ['no tokenizer.json', { 'tokenizer.json': null }, /tokenizer\.json is missing/],
    ['no tokenizer_config.json', { 'tokenizer_config.json': null }, /tokenizer_config\.json is missing/],
    ['no ONNX file', { 'onnx/model.onnx': null, 'onnx/model_quantized.onnx': null }, /onnx\/model\.onnx is missing/],
    [
      'PyTorch only',
      { 'onnx/model.onnx': null, 'onnx/model_quantized.onnx': null, 'pytorch_model.bin': 'x' },
      /weights as pytorch_model\.bin.*onnx\/model\.onnx is needed/,
    ],
    [
      'safetensors only',
      { 'onnx/model.onnx': null, 'onnx/model_quantized.onnx': null, 'model.safetensors': 'x' },
      /weights as model\.safetensors/,
    ],
    [
      'another dtype only',
      { 'onnx/model.onnx': null, 'onnx/model_quantized.onnx': null, 'onnx/model_bnb4.onnx': onnxBytes() },
      /no ONNX file that is run here: found onnx\/model_bnb4\.onnx/,
    ],
    [
      'an encoder and a decoder',
      { 'onnx/model.onnx': null, 'onnx/model_quantized.onnx': null, 'onnx/decoder_model_merged.onnx': onnxBytes() },
      /writes text.*decoder_model_merged/,
    ],
    [
      'config.json cut off',
      { 'config.json': '{"model_type": "be' },
      /config\.json can’t be used: it is no JSON, or only the beginning/,
    ],
    ['config.json empty', { 'config.json': '' }, /config\.json can’t be used: it is empty/],
    ['config.json a list', { 'config.json': '[]' }, /config\.json can’t be used: it holds no JSON object/],
    ['config.json of nothing', { 'config.json': {} }, /config\.json can’t be used: it does not say which kind/],
    [
      'tokenizer.json a web page',
      { 'tokenizer.json': '<!DOCTYPE html><html>' },
      /tokenizer\.json can’t be used: it is a web page/,
    ],
    ['tokenizer.json a pointer', { 'tokenizer.json': LFS }, /tokenizer\.json can’t be used: it is only the Git LFS pointer/],
    [
      'tokenizer.json without a model',
      { 'tokenizer.json': { version: '1.0' } },
      /tokenizer\.json can’t be used: it holds no tokenizer/,
    ],
    ['the model a pointer', { 'onnx/model.onnx': LFS }, /onnx\/model\.onnx can’t be used: it is only the Git LFS pointer/],
    ['the model a web page', { 'onnx/model.onnx': '\n<html>' }, /onnx\/model\.onnx can’t be used: it is a web page/],
    ['the model empty', { 'onnx/model.onnx': '' }, /onnx\/model\.onnx can’t be used: it is empty/],
    ['the model cut off', { 'onnx/model.onnx': cut }, /onnx\/model\.onnx can’t be used: it is cut off/],
    [
      'one dtype of two cut off',
      { 'onnx/model_quantized.onnx': cut },
      /onnx\/model_quantized\.onnx can’t be used: it is cut off/,
    ],
    [
      'a generative model',
      { 'config.json': { model_type: 'gpt2', architectures: ['GPT2LMHeadModel'] } },
      /writes text.*GPT2LMHeadModel/,
    ],
    ['a model with a memory', withGraph({ inputs: ['input_ids', 'past_key_values.0.key'] }), /writes text.*past_key_values/],
    ['a model of images', withGraph({ inputs: ['pixel_values'] }), /no model of texts: it wants pixel_values/],
    ['a classifier', withGraph({ outputs: ['logits'] }), /gives logits, and no vectors/],
    [
      'weights elsewhere that did not come',
      withGraph({ dataFile: 'model.onnx_data' }),
      /onnx\/model\.onnx_data, which is missing/,
    ],
    [
      'pooling by the last token',
      { '1_Pooling/config.json': { pooling_mode_lasttoken: true, pooling_mode_mean_tokens: false } },
      /not known here.*pooling_mode_lasttoken/,
    ],
    [
      'layers after the pooling',
      {
        'modules.json': JSON.stringify([
          { type: 'sentence_transformers.models.Pooling' },
          { type: 'sentence_transformers.models.Dense' },
        ]),
      },
      /goes on after its ONNX file with Dense/,
    ],
  ];
  test.each(wrong)('%s', async (_, change, message) => {
    await expect(check(change)).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w/),
    });
  });

  test('two models at once', async () => {
    const both = [...droppedFiles(wholeModel(), 'both/a'), ...droppedFiles(wholeModel(), 'both/b')];
    const members = both.map(({ path, file }) => ({ path, size: file.size, stream: () => file.stream() }));
    expect(() => modelFolder(members, 'both')).toThrow(/several models: both\/a\/, both\/b\//);
  });

  test('nothing at all', () => {
    expect(() => modelFolder([], 'empty')).toThrow(/config\.json is missing\. The folder is empty\./);
  });
});

describe('what a model leaves open is told, and taken as usual', () => {
  test('without a word of its pooling the mean is taken', async () => {
    const { card, notes } = await check({ '1_Pooling/config.json': null });
    expect(card.pooling).toBe('mean');
    expect(notes).toEqual([expect.stringContaining('their mean is taken')]);
  });

  test('without a model card its languages and licence are not told', async () => {
    const { card, notes } = await check({ 'README.md': null });
    expect([card.languages, card.licence]).toEqual([null, null]);
    expect(notes).toEqual([expect.stringContaining('which languages')]);
  });

  test('lengths beyond any are none; positions of the RoBERTa family begin at 2', async () => {
    const config = { model_type: 'xlm-roberta', hidden_size: 8, max_position_embeddings: 514 };
    const { card } = await check({ 'config.json': config, 'tokenizer_config.json': { model_max_length: 1e30 } });
    expect(card.maxTokens).toBe(512);
    const none = await check({ 'config.json': { model_type: 'bert' }, 'tokenizer_config.json': {} });
    expect(none.card).toMatchObject({ maxTokens: 512, dims: null });
  });
});

describe('what sentence-transformers writes is heard', () => {
  test('prompts of queries and documents, by both of their names', async () => {
    const of = async (prompts: object, further: object = {}) =>
      (await check({ 'config_sentence_transformers.json': { prompts, ...further } })).card.prefix;
    expect(await of({ query: 'query: ', passage: 'passage: ' })).toEqual({ query: 'query: ', text: 'passage: ' });
    expect(await of({ query: 'Q ', document: '' })).toEqual({ query: 'Q ', text: '' });
    expect(await of({ all: 'both: ' }, { default_prompt_name: 'all' })).toEqual({ query: 'both: ', text: 'both: ' });
  });

  test('a length that is shorter than the tokenizer`s', async () => {
    expect((await check({ 'sentence_bert_config.json': { max_seq_length: 20 } })).card.maxTokens).toBe(20);
  });

  test('a file that gives the sentence itself needs no pooling, whatever comes after', async () => {
    const outputs = ['token_embeddings', 'sentence_embedding'];
    const { card } = await check({ ...withGraph({ outputs }), '1_Pooling/config.json': null });
    expect(card).toMatchObject({ pooling: 'output', dims: null });
  });
});

describe('a folder is found as it comes', () => {
  const name = async (folder: string): Promise<string> => (await check({}, folder)).card.id;
  test('below others, in the hub`s own cache, and without any', async () => {
    expect(await name('downloads/models/tiny')).toBe('tiny');
    expect(await name('models--Xenova--bge-m3/snapshots/4de1325')).toBe('Xenova/bge-m3');
    expect(await name('')).toBe('dropped');
    expect(await name('/tiny')).toBe('tiny');
    expect(await name('C:\\models\\tiny')).toBe('tiny');
  });

  test('an ONNX file beside config.json counts as one in onnx/, with its data', async () => {
    const { dtypes, card } = await check({
      'onnx/model.onnx': null,
      'onnx/model_quantized.onnx': null,
      'model.onnx': onnxBytes({ dataFile: 'model.onnx_data' }),
      'model.onnx_data': new Uint8Array(1000),
    });
    expect(dtypes).toEqual(['fp32']);
    expect(card.bytes.fp32).toBe(onnxBytes({ dataFile: 'model.onnx_data' }).length + 1000);
  });

  test('what a Mac adds to an archive is no model', async () => {
    expect((await check({ '__MACOSX/config.json': 'x', '._config.json': 'x', '.DS_Store': 'x' })).dtypes).toEqual(['fp32', 'q8']);
  });
});
