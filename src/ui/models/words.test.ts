import { describe, expect, test } from 'vitest';
import type { ModelCard, ModelEntry, ModelWish, TextLanguages } from '../../domain/index.ts';
import { modelInfo } from '../../testing/index.ts';
import {
  choiceWords,
  chosenId,
  goldenWords,
  keptWords,
  languageWords,
  modelCaution,
  modelSummary,
  placeWords,
  sizeWords,
  trialWords,
  usualDtype,
} from './words.ts';

const card: ModelCard = {
  ...{ id: 'm', name: 'Model M', kind: 'semantic', languages: ['en'], dims: 4, licence: 'MIT', pooling: 'mean', maxTokens: 128 },
  ...{ bytes: { fp32: 90_000_000, q8: 23_000_000 }, prefix: { text: '', query: '' } },
};
const entry = (change: Partial<ModelEntry> = {}): ModelEntry => ({
  card,
  place: 'hub',
  source: null,
  dtypes: [],
  files: [],
  ...change,
});
const AUTO: ModelWish = { model: 'auto', dtype: 'auto', device: 'auto' };
const CHINESE: TextLanguages = { looked: 2, lettered: 2, shares: [{ language: 'zh', script: 'Han', share: 1 }] };
const advice = { id: 'm', known: 1, warning: null, better: [] };

describe('a model in a line', () => {
  test('languages by name up to three, then by number; any; not told', () => {
    expect(languageWords({ languages: ['en', 'de'] })).toBe('English, German');
    expect(languageWords({ languages: ['en', 'de', 'fr', 'zh'] })).toBe('4 languages');
    expect(languageWords({ languages: [] })).toBe('any');
    expect(languageWords({ languages: null })).toBe('not told');
  });

  test('sizes of all dtypes of a model of the hub, of those that are here of one that is here', () => {
    expect(sizeWords(entry())).toBe('fp32 90.0 MB, q8 23.0 MB'.replaceAll(/(?<!,) /g, '\u00a0'));
    expect(sizeWords(entry({ place: 'stored', dtypes: ['q8'] }))).toBe('q8\u00a023.0\u00a0MB');
    expect(sizeWords(entry({ card: { ...card, bytes: {} } }))).toBe('–');
    expect(usualDtype(card)).toBe('q8');
  });

  test('where it lies, and how much of the browser it takes', () => {
    const files = [5_000_000, 1_000_000].map((bytes) => ({ path: 'x', bytes, sha256: '' }));
    expect(placeWords(entry({ place: 'stored', source: 'dropped', files }))).toBe('Dropped, 6.0 MB in this browser');
    expect(placeWords(entry())).toBe('On the hub');
    expect(placeWords(entry({ place: 'built-in' }))).toBe('With the page');
  });
});

describe('the model of the next run', () => {
  test('is the one that is named, else the one that is advised', () => {
    expect(chosenId(AUTO, advice)).toBe('m');
    expect(chosenId(AUTO, null)).toBeNull();
    expect(chosenId({ ...AUTO, model: 'other' }, advice)).toBe('other');
    expect(modelSummary(AUTO, advice, [entry()], CHINESE)).toBe('Model M · texts: Chinese 100 %');
    expect(modelSummary({ ...AUTO, dtype: 'q8', device: 'wasm' }, null, [], null)).toBe(
      'by the languages of the texts · q8 · wasm',
    );
  });

  test('asks for a look where the advice warns, where it is not here, and where it does not know the texts', () => {
    const here = entry({ place: 'built-in' });
    const named: ModelWish = { ...AUTO, model: 'm' };
    expect(modelCaution(AUTO, { ...advice, warning: 'Words.' }, [here], CHINESE)).toBe('Words.');
    expect(modelCaution(AUTO, advice, [here], CHINESE)).toBeNull();
    expect(modelCaution(named, null, [entry()], null)).toContain('Model M is not in this browser');
    expect(modelCaution({ ...AUTO, model: 'gone' }, null, [here], null)).toContain('gone is not in this browser');
    expect(modelCaution({ ...AUTO, model: 'gone' }, null, [], null), 'not yet looked for').toBeNull();
    expect(modelCaution(named, null, [here], CHINESE)).toContain('knows the language of 0 % of your texts (Chinese 100 %)');
    expect(modelCaution(named, null, [entry({ place: 'stored', card: { ...card, languages: null } })], CHINESE)).toBeNull();
    expect(modelCaution({ ...AUTO, model: 'lexical' }, null, [here], CHINESE)).toBeNull();
  });
});

describe('what ran', () => {
  test('dtype, device and how the work was spread; trials by speed or by why they were refused', () => {
    expect(choiceWords(modelInfo({ workers: 2 }))).toBe('q8 on WASM, 2 workers');
    expect(choiceWords(modelInfo({ threads: 4 }))).toBe('q8 on WASM, 4 threads');
    expect(choiceWords(modelInfo({ device: 'none', dtype: 'none' }))).toBe('no network is run');
    const choice = { dtype: 'q8', device: 'wasm', workers: 1, threads: 1 } as const;
    expect(trialWords({ choice, tokensPerSecond: 12_345.6, refused: null })).toBe('12,346 tokens/s');
    expect(trialWords({ choice, tokensPerSecond: null, refused: 'cosine .41' })).toBe('cosine .41');
  });

  test('the golden check with its reference, and honestly unchecked without one', () => {
    const golden = { reference: 'the published vectors', mean: 0.9995, min: 0.9988, least: 0.99 };
    expect(goldenWords(modelInfo({ golden }))).toBe('cosine 0.9988 at least (0.99 needed), against the published vectors');
    expect(goldenWords(modelInfo({ golden: { ...golden, reference: null, mean: null, min: null } }))).toMatch(/^unchecked/);
    expect(goldenWords(modelInfo({ golden: null }))).toBe('none made');
    expect(goldenWords(modelInfo({ kind: 'lexical' }))).toBe('not needed');
  });

  test('kept vectors in all', () => {
    const one = { model: 'm', dtype: 'q8', device: 'wasm', bytes: 1_500_000, usedAt: 0 };
    expect(keptWords([])).toBe('none');
    expect(keptWords([one, { ...one, dtype: 'fp32' }])).toBe('3.0 MB of one model');
    expect(keptWords([one, { ...one, model: 'n' }])).toBe('3.0 MB of 2 models');
  });
});
