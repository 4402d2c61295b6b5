import { describe, expect, test } from 'vitest';
import { knownShare, type LanguageShare, type ModelCard, type ModelEntry, type TextLanguages } from '../domain/index.ts';
import { modelInfo } from '../testing/index.ts';
import { adviseModel, languageNote } from './index.ts';
import { LEXICAL_CARD } from './lexical/index.ts';

const card = (id: string, languages: readonly string[] | null): ModelCard => ({
  ...LEXICAL_CARD,
  ...{ id, name: id, kind: 'semantic', languages, dims: 4, maxTokens: 128 },
});
const entry = (id: string, languages: readonly string[] | null, place: ModelEntry['place']): ModelEntry => ({
  ...{ card: card(id, languages), place, source: null, dtypes: ['q8'], files: [] },
});
const ENGLISH = entry('english', ['en'], 'built-in');
const LEXICAL: ModelEntry = { ...ENGLISH, card: LEXICAL_CARD };
const MANY = ['en', 'zh', 'de', 'fr'];

/** 'de .7, en .3' */
function written(shares: string): TextLanguages {
  const told = shares.split(', ').map((one): LanguageShare => {
    const [language = '', share = ''] = one.split(' ');
    return { language, script: language === 'zh' ? 'Han' : 'Latin', share: Number(share) };
  });
  return { looked: 100, lettered: 100, shares: told };
}

describe('the model that is advised', () => {
  test('English texts keep the English model, and nothing is said; brand names that pass for other languages change nothing', () => {
    for (const shares of ['en 1', 'en .93, und .07', 'en .85, it .1, und .05', 'en .5, und .3, nl .2']) {
      const advice = adviseModel(written(shares), [ENGLISH, LEXICAL, entry('zh', ['zh'], 'hub')]);
      expect(advice).toMatchObject({ id: 'english', warning: null, better: [] });
    }
  });

  test('Chinese texts where only the English model is here: by words, with what is lost and which models would do', () => {
    const advice = adviseModel(written('zh .92, en .08'), [
      ENGLISH,
      LEXICAL,
      entry('zh', ['zh'], 'hub'),
      entry('many', MANY, 'hub'),
    ]);
    expect(advice).toMatchObject({ id: 'lexical', known: 0.08, better: ['many', 'zh'] });
    expect(advice.warning).toMatch(/Chinese 92 %, English 8 %.*by words, not by meaning.*drop a folder or \.zip/i);
  });

  test('one that is here and knows them is taken, the built-in where both know as much', () => {
    const stored = [ENGLISH, entry('zh', ['zh'], 'stored'), entry('many', MANY, 'stored')];
    expect(adviseModel(written('zh .9, de .1'), stored)).toMatchObject({ id: 'many', known: 1, warning: null });
    expect(adviseModel(written('zh 1'), stored).id).toBe('zh');
    expect(adviseModel(written('en 1'), stored).id).toBe('english');
  });

  test('half and half: the model that knows half is taken, and the loss is told', () => {
    const advice = adviseModel(written('en .6, de .4'), [ENGLISH, entry('many', MANY, 'hub')]);
    expect(advice).toMatchObject({ id: 'english', known: 0.6, better: ['many'] });
    expect(advice.warning).toMatch(/60 % of your texts \(English 60 %, German 40 %\)/);
    expect(adviseModel(written('en .49, de .51'), [ENGLISH]).id).toBe('lexical');
  });

  test('the share that is known agrees with the shares that are told beside it, and those add up', () => {
    const many = written('en .32, fr .2, it .13, es .1, und .25');
    const { warning } = adviseModel(many, [ENGLISH]);
    expect(warning).toContain('(English 32 %, French 20 %, Italian 13 %, others 35 %). english knows 32 % of them.');
    const part = adviseModel(written('en .55, de .25, und .2'), [ENGLISH]).warning;
    expect(part).toMatch(
      /knows the language of 55 % of your texts \(English 55 %, German 25 %, not told \(Latin script\) 20 %\)/,
    );
    expect(languageNote(modelInfo({ languages: ['en'] }), many)).toMatch(/language of 32 % of your texts/);
  });

  test('a model whose languages nobody told is for the user to name', () => {
    expect(adviseModel(written('zh 1'), [ENGLISH, entry('dropped', null, 'stored')]).id).toBe('lexical');
    expect(adviseModel(written('zh 1'), [entry('dropped', null, 'stored')]).warning).toContain('(Chinese 100 %). Segments');
  });

  test('without letters the first model that is here; without any model the words', () => {
    const none = { looked: 3, lettered: 0, shares: [] };
    expect(adviseModel(none, [entry('away', ['en'], 'hub'), ENGLISH])).toEqual({
      id: 'english',
      known: 1,
      warning: null,
      better: [],
    });
    expect(adviseModel(none, [])).toMatchObject({ id: 'lexical', warning: null });
    expect(adviseModel(written('en 1'), []).id).toBe('lexical');
  });

  test('texts of which nothing is known are known by no model', () => {
    expect(knownShare(ENGLISH.card, written('und 1'))).toBe(0);
    expect(knownShare(LEXICAL_CARD, written('zh 1'))).toBe(1);
  });
});

describe('the note of a result', () => {
  const chinese = written('zh 1');

  test('is the warning of the advice', () => {
    const advice = { id: 'lexical', known: 0, warning: 'Words.', better: [] };
    expect(languageNote(modelInfo({ advice }), chinese)).toBe('Words.');
    expect(languageNote(modelInfo({ advice: { ...advice, warning: null } }), chinese)).toBeNull();
  });

  test('tells of a model that was named and knows less than half; not where nobody told its languages', () => {
    expect(languageNote(modelInfo({ languages: ['en'] }), chinese)).toMatch(
      /knows the language of 0 % of your texts \(Chinese 100 %\)/,
    );
    expect(languageNote(modelInfo({ languages: null }), chinese)).toBeNull();
    expect(languageNote(modelInfo({ languages: ['en'] }), written('en .6, de .4'))).toBeNull();
    expect(languageNote(modelInfo({ languages: [] }), chinese)).toBeNull();
  });
});
