import { describe, expect, it } from 'vitest';
import { markAt, quoteColumn } from './sql-words.ts';

describe('SQL in the page', () => {
  it('a name is quoted, quotes in it too', () => expect(quoteColumn('a "b"')).toBe('"a ""b"""'));

  it('the caret stands under its character, in its line', () => {
    expect(markAt('price > 3', 6)).toBe('price > 3\n      ^');
    expect(markAt('a = 1\nand b ~ 2', 12)).toBe('and b ~ 2\n      ^');
    expect(markAt('a\nb', 1)).toBe('a\n ^');
    expect(markAt('', 0)).toBe('\n^');
  });

  it('at the end of the text, and beyond, it stands behind it', () => {
    expect(markAt('a +', 3)).toBe('a +\n   ^');
    expect(markAt('a +', 99)).toBe('a +\n   ^');
  });

  it('of a long line the part around it is shown, and the caret is still right', () => {
    const text = `${'x'.repeat(100)}!${'y'.repeat(100)}`;
    const [line = '', mark = ''] = markAt(text, 100).split('\n');
    expect(line[mark.indexOf('^')]).toBe('!');
    expect(line.startsWith('…') && line.endsWith('…')).toBe(true);
    expect(line.length).toBeLessThan(130);
  });
});
