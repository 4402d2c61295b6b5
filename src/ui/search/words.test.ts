import { expect, test } from 'vitest';
import { modelInfo } from '../../testing/index.ts';
import { queryNote } from './words.ts';

const knows = (...languages: string[]) => modelInfo({ name: 'Lite', languages });

test('a query in a script that none of the model’s languages is written in is told as such', () => {
  expect(queryNote('星空', knows('en'))).toMatch(/^Lite does not know the language/);
  expect(queryNote('звёзды', knows('en', 'de'))).toMatch(/by chance/);
  expect(queryNote('space', knows('zh'))).toMatch(/by chance/);
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
    expect(queryNote(query, knows('de', language)), query).toBeNull();
  }
});

test('one strange letter among many, digits, and a model that tells no languages bring no note', () => {
  expect(queryNote('space π', knows('en'))).toBeNull();
  expect(queryNote('2024', knows('en'))).toBeNull();
  expect(queryNote('星空', modelInfo({ languages: null }))).toBeNull();
  expect(queryNote('星空', knows())).toBeNull();
});

test('a lexical model is told as one, whatever the query', () => {
  expect(queryNote('space', modelInfo({ kind: 'lexical', languages: [] }))).toMatch(/the same words/);
});
