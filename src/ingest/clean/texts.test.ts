import { describe, expect, test } from 'vitest';
import { wordsOf } from './draft.fixture.ts';
import { stripHtml } from './html.ts';
import oracle from './oracle.json' with { type: 'json' };
import { normaliseText, normaliseTexts } from './texts.ts';

const OFF = { collapse: false, lowerCase: false, nfkc: false, stripHtml: false };

describe('text normalisation', () => {
  test('whitespace: ends are always cut, runs become one space where asked', () => {
    expect(normaliseText(' a \t b\u00a0\n', OFF)).toBe('a \t b');
    expect(normaliseText(' a \t b\u00a0\n', { ...OFF, collapse: true })).toBe('a b');
  });

  test('lower case knows no locale', () => {
    expect(normaliseText('TITLE ÄÖ ΣΑΣ', { ...OFF, lowerCase: true })).toBe('title äö σας');
  });

  test('NFKC joins what Unicode holds for compatible', () => {
    expect(normaliseText('ﬁne ＴＥＡ ①', { ...OFF, nfkc: true })).toBe('fine TEA 1');
    expect(normaliseText('e\u0301', { ...OFF, nfkc: true })).toBe('é');
  });

  test('all together are settled: once more changes nothing', () => {
    const all = { collapse: true, lowerCase: true, nfkc: true, stripHtml: true };
    for (const text of ['<p>\u1e9e ﬁ</p>', 'İstanbul', 'ᾼ ΩΣ', '\u2126 K', '&nbsp;A&#x2460;', 'a\u00a8']) {
      const once = normaliseText(text, { ...all });
      expect(normaliseText(once, { ...all, stripHtml: false })).toBe(once);
    }
  });

  test('texts that become equal are one, one that becomes empty is none', () => {
    const texts = wordsOf(['Tea', 'tea ', null, '<br>', 'TEA', 'cake']);
    const { words, id } = normaliseTexts(texts, { ...OFF, lowerCase: true, stripHtml: true });
    expect(words).toEqual(['tea', 'cake']);
    expect(Array.from(id, (i) => words[i])).toEqual(['tea', 'tea', undefined, undefined, 'tea', 'cake']);
  });
});

describe('HTML', () => {
  test.each([
    ['<b>bold</b>ly', 'boldly'],
    ['<p>one</p><p>two</p>', ' one  two '],
    ['a<br/>b', 'a b'],
    ['<a href="x>y" title=\'>\'>link</a>', 'link'],
    ['if a <b and c> d', 'if a  d'],
    ['if a <x and c> d', 'if a <x and c> d'],
    ['I <3 you, 1 < 2 > 0', 'I <3 you, 1 < 2 > 0'],
    ['x<!-- <b> hidden -->y', 'x y'],
    ['x<script>var a = "<p>";</script>y', 'x y'],
    ['&lt;b&gt; is no tag', '<b> is no tag'],
    ['&unknown; &amp', '&unknown; &amp'],
    ['<', '<'],
    ['', ''],
  ])('%s', (html, text) => {
    expect(stripHtml(html)).toBe(text);
  });

  test('entities are those of Python`s html', () => {
    for (const [entity, text] of oracle.entities) expect([entity, stripHtml(entity as string)]).toEqual([entity, text]);
  });

  test('many openings without an end take no time that grows with their square', () => {
    const start = process.cpuUsage();
    for (const piece of ['<b ', '<!-- ', '<script>', '&', "<a '", '<p/']) stripHtml(piece.repeat(20_000));
    const { user } = process.cpuUsage(start);
    expect(user / 1000).toBeLessThan(3000);
  });
});
