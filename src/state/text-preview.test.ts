import { describe, expect, it } from 'vitest';
import { DEFAULT_INTAKE, type Intake, type Survey } from '../domain/index.ts';
import { EMPTY_MAPPING, type MappingDraft } from './mapping.ts';
import { NO_SURVEY } from './survey.ts';
import { tableOf } from './tables.fixture.ts';
import { numberColumns, textPreview } from './text-preview.ts';

const HEADER = ['who', 'what', 'where'];
const ROWS = [
  ['a', 'tea', 'home'],
  ['b', ' tea ', 'home'],
  ['c', 'a  cup', 'NA'],
  ['d', '', '-'],
  ['e', 'boat'],
];
const files = [tableOf('a.csv', HEADER, { rows: ROWS }), tableOf('c.csv', ['key', 'more'], { rows: [['1', 'x']] })];
const ONE: Intake = { ...DEFAULT_INTAKE, leftOut: ['c.csv'] };

const state = (mapping: Partial<MappingDraft>, survey = NO_SURVEY, intake = ONE) => ({
  ...{ mapping: { ...EMPTY_MAPPING, text: ['what', 'where'], ...mapping }, previews: files, survey, intake },
});
const surveyed = { ...NO_SURVEY, survey: { texts: ['1', '2', '3', '4', '5'] } as unknown as Survey };

describe('the preview of texts', () => {
  it('is made of the first rows as reading makes them, each text once', () => {
    expect(textPreview(state({ template: '{what} ({where})' }))).toEqual({
      texts: ['tea (home)', 'a cup', 'boat'],
      from: 'first rows',
    });
    expect(textPreview(state({ template: null })).texts).toEqual(['tea home', 'a cup', 'boat']);
  });

  it('comes from all files once they are surveyed as they are read now', () => {
    expect(textPreview(state({}, surveyed))).toEqual({ texts: ['1', '2', '3', '4'], from: 'files' });
    expect(textPreview(state({}, { ...surveyed, going: true })).from).toBe('first rows');
  });

  it('is empty while the template can’t be read, without text columns, and for columns that first rows do not have', () => {
    expect(textPreview(state({ template: '{what' })).texts).toEqual([]);
    expect(textPreview(state({ text: [] })).texts).toEqual([]);
    expect(textPreview(state({ text: ['what', 'computed'] })).texts).toEqual([]);
  });
});

describe('columns for more numbers', () => {
  const profile = (name: string, kind: 'number' | 'id' | 'text' | 'time', examples: readonly string[]) => ({
    ...{ name, kind, examples, missing: 0, distinct: 3, sampled: 9, timeFormat: null, timeAmbiguous: false },
  });
  const table = tableOf('n.csv', ['user', 'stars', 'seconds', 'day', 'note', 'price'], {
    columns: [
      profile('user', 'id', ['1', '2']),
      profile('stars', 'id', ['1', '5']),
      profile('seconds', 'number', ['2,5']),
      profile('day', 'time', ['1704067200']),
      profile('note', 'text', ['hello', '3']),
      profile('price', 'number', ['1']),
    ],
  });

  it('are those that hold numbers and play no other part, the computed ones, and those that are chosen', () => {
    const intake = { ...DEFAULT_INTAKE, derived: [{ name: 'double', sql: 'stars * 2' }] };
    const mapping = { ...EMPTY_MAPPING, user: 'user', value: 'price', numbers: ['gone'] };
    expect(numberColumns({ mapping, previews: [table], intake })).toEqual(['stars', 'seconds', 'double', 'gone']);
  });
});
