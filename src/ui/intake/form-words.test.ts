import { describe, expect, it } from 'vitest';
import type { TableForm } from '../../domain/index.ts';
import { delimiterOf, formWords, surenessWord } from './form-words.ts';

const DIALECT = { delimiter: ',', newline: '\n', quote: '"', escape: 'doubled', comment: null, skip: 0, header: true } as const;
const FORM: TableForm = { format: 'text', packed: null, encoding: 'utf-8', dialect: DIALECT, sheet: null, sheets: [] };

describe('how a table is read, in words', () => {
  it('a plain file is told in three words, an odd one wholly', () => {
    expect(formWords({ form: FORM })).toBe('UTF-8 · comma · header on line 1');
    const odd = { ...DIALECT, delimiter: '::', quote: "'", escape: 'backslash', comment: '#', skip: 2 } as const;
    expect(formWords({ form: { ...FORM, packed: 'gzip', encoding: 'big5', dialect: odd } })).toBe(
      'gzipped · Chinese (Big5) · “::” · header on line 3 · backslash escapes · single quotes · comments begin with #',
    );
    const bare = { ...DIALECT, delimiter: '\t', quote: null, header: false };
    expect(formWords({ form: { ...FORM, dialect: bare } })).toBe('UTF-8 · tab · no header · no quotes');
  });

  it('other formats by their names, with the sheet', () => {
    const excel: TableForm = { ...FORM, format: 'xlsx', encoding: null, dialect: null, sheet: 'May', sheets: ['May', 'June'] };
    expect(formWords({ form: excel })).toBe('Excel · sheet May');
    expect(formWords({ form: { ...excel, dialect: { ...DIALECT, quote: null, skip: 2 } } })).toBe(
      'Excel · sheet May · header on row 3',
    );
  });

  it('the least sure finding is told; what was not to be found is not', () => {
    const at = (share: number) => ({ share, why: '' });
    expect(surenessWord({})).toBe('');
    expect(surenessWord({ encoding: at(1), delimiter: at(0.95) })).toBe('sure');
    expect(surenessWord({ encoding: at(1), header: at(0.7) })).toBe('fairly sure');
    expect(surenessWord({ encoding: at(0.2) })).toBe('please check');
  });

  it('a delimiter can be typed by its name, as \\t, or as it is; a blank is one too', () => {
    expect(['tab', String.raw`\t`, '\t', ';', 'Semicolon', '::', ' ', ' | ', ''].map(delimiterOf)).toEqual([
      '\t',
      '\t',
      '\t',
      ';',
      ';',
      '::',
      ' ',
      '|',
      null,
    ]);
  });
});
