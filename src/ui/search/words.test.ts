import { expect, test } from 'vitest';
import { BEHAVIOURS, type ModelInfo } from '../../domain/index.ts';
import { modelInfo } from '../../testing/index.ts';
import { knownWords, queryNote, searchName } from './words.ts';

const TEXTS = { weight: 0, features: BEHAVIOURS };
const noteOf = (query: string, model: ModelInfo) => queryNote(query, model, TEXTS);

const knows = (...languages: string[]) => modelInfo({ name: 'Lite', languages });

test('a query in a script that none of the model’s languages is written in is told as such', () => {
  expect(noteOf('星空', knows('en'))).toMatch(/^Lite does not know the language/);
  expect(noteOf('звёзды', knows('en', 'de'))).toMatch(/by chance/);
  expect(noteOf('space', knows('zh'))).toMatch(/by chance/);
  for (const [query, language] of [
    ['space', 'en'],
    ['étoiles', 'fr'],
    ['звёзды', 'ru'],
    ['星空', 'zh'],
    ['ほしぞら 星', 'ja'],
    ['별 하늘', 'ko'],
    ['ดาว', 'th'],
    ['نجوم', 'ar'],
  ] as const) {
    expect(noteOf(query, knows('de', language)), query).toBeNull();
  }
});

test('one strange letter among many, digits, and a model that tells no languages bring no note', () => {
  expect(noteOf('space π', knows('en'))).toBeNull();
  expect(noteOf('2024', knows('en'))).toBeNull();
  expect(noteOf('星空', modelInfo({ languages: null }))).toBeNull();
  expect(noteOf('星空', knows())).toBeNull();
});

test('a lexical model is told as one, whatever the query', () => {
  expect(noteOf('space', modelInfo({ kind: 'lexical', languages: [] }))).toMatch(/the same words/);
});

test('where profiles are made of behaviour alone only texts can be near, and that is told; not so where no feature is chosen', () => {
  expect(queryNote('space', knows('en'), { weight: 1, features: BEHAVIOURS })).toMatch(/behaviour alone/);
  expect(queryNote('space', knows('en'), { weight: 1, features: [] })).toBeNull();
  expect(queryNote('space', knows('en'), { weight: 0.9, features: BEHAVIOURS })).toBeNull();
});

test('what the model knows is told in a few words; a lexical one, or one that does not tell, says nothing', () => {
  expect(knownWords(knows('en'))).toBe('knows English');
  expect(knownWords(knows('en', 'de', 'fr'))).toBe('knows English, German, French');
  expect(knownWords(knows('en', 'de', 'fr', 'zh', 'ja'))).toBe('knows English, German, French and 2 more');
  expect(knownWords(knows())).toBeNull();
  expect(knownWords(modelInfo({ languages: null }))).toBeNull();
  expect(knownWords(modelInfo({ kind: 'lexical', languages: [] }))).toBeNull();
});

test('the field is named by what the model compares', () => {
  expect(searchName(knows('en'))).toBe('Search by meaning');
  expect(searchName(modelInfo({ kind: 'lexical' }))).toBe('Search by words');
});
