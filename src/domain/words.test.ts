import { describe, expect, test } from 'vitest';
import {
  allWords,
  DEFAULT_SETTINGS,
  type LanguageShare,
  NO_LANGUAGES,
  openWordCutter,
  STOP_WORD_LANGUAGES,
  type TextLanguages,
} from './index.ts';

const { words } = DEFAULT_SETTINGS;
const share = (language: string, script = 'Latin', part = 1): LanguageShare => ({ language, script, share: part });
const written = (...shares: LanguageShare[]): TextLanguages => ({ ...NO_LANGUAGES, shares });

describe('words of a topic', () => {
  test('lower-cased, without numbers, single Latin letters, stop words and possessives', async () => {
    const cut = await openWordCutter(words, written(share('en')));
    expect(cut("The Baker’s 2 Cakes, 1,200 B-Sides & Women's 3D Art x")).toEqual([
      'baker',
      'cakes',
      'sides',
      'women',
      '3d',
      'art',
    ]);
    expect(cut("Don't don’t panic, you're it"), 'contractions with either apostrophe').toEqual(['panic']);
  });

  test.each(['', '   ', '12 34', '!?'])('"%s" has none', async (text) => {
    expect((await openWordCutter(words, written(share('en'))))(text)).toEqual([]);
  });

  test('Chinese, Japanese and Thai are cut into words without spaces', async () => {
    expect((await openWordCutter({ ...words, stopWords: false }, NO_LANGUAGES))('台灣的自由經濟')).toEqual([
      '台灣',
      '的',
      '自由',
      '經濟',
    ]);
    expect((await openWordCutter(words, written(share('zh', 'Han'))))('台灣的自由經濟')).toEqual(['台灣', '自由', '經濟']);
    expect((await openWordCutter(words, written(share('ja', 'Japanese'))))('赤いマグカップの写真')).toContain('マグカップ');
    expect((await openWordCutter(words, written(share('th', 'Thai'))))('แก้วเซรามิกสีแดง').length).toBeGreaterThan(1);
  });
});

describe('stop words go by the languages of the texts', () => {
  test.each<[string, string, string[]]>([
    ['de', 'Die rote Tasse mit dem Henkel für den Kaffee', ['rote', 'tasse', 'henkel', 'kaffee']],
    ['fr', "Le tuyau d'arrosage pour l’eau du jardin", ['tuyau', 'arrosage', 'eau', 'jardin']],
    ['es', 'La taza para el café con leche', ['taza', 'café', 'leche']],
  ])('%s', async (language, text, expected) => {
    expect((await openWordCutter(words, written(share(language))))(text)).toEqual(expected);
  });

  test('a language of few texts has no say; English has, wherever there is Latin script', async () => {
    const cut = await openWordCutter(words, written(share('es', 'Latin', 0.96), share('fr', 'Latin', 0.04)));
    expect(cut('pour para the')).toEqual(['pour']);
    const chinese = await openWordCutter(words, written(share('zh', 'Han')));
    expect(chinese('the 杯子')).toEqual(['the', '杯子']);
  });

  test('languages that are set count alone, whatever was found', async () => {
    const cut = await openWordCutter({ ...words, languages: ['de'] }, written(share('en')));
    expect(cut('der mug and die tasse')).toEqual(['mug', 'and', 'tasse']);
    const none = await openWordCutter({ ...words, languages: ['xx'] }, written(share('en')));
    expect(none('the mug')).toEqual(['the', 'mug']);
  });

  test('they stay where the settings leave them in; words of the user are left out either way', async () => {
    const cut = await openWordCutter({ stopWords: false, languages: 'auto', extra: ['mug', 'Ｓet'] }, written(share('en')));
    expect(cut('The MUG of the set')).toEqual(['the', 'of', 'the']);
    const both = await openWordCutter({ ...words, extra: ['mug'] }, written(share('en')));
    expect(both('The mug of the cat')).toEqual(['cat']);
  });
});

test('all words are those and every other, numbers too', () => {
  expect(allWords('The 2 Mugs')).toEqual(['the', '2', 'mugs']);
  expect(allWords('?!')).toEqual([]);
});

test('the languages that are told to have stop words are those that have a list', async () => {
  const { STOP_LISTS } = await import('./stop-lists.ts');
  expect([...STOP_WORD_LANGUAGES]).toEqual([...Object.keys(STOP_LISTS), 'en'].sort());
  for (const [code, list] of Object.entries(STOP_LISTS)) expect(list.length, code).toBeGreaterThan(20);
});
