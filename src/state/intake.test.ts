import { describe, expect, it } from 'vitest';
import { type ColumnProfile, DEFAULT_INTAKE, type Intake, UNASKED } from '../domain/index.ts';
import { addChoice } from './choices.ts';
import { followProposal, intakeProblems, openQuestions, tableRole, withForm, withoutTables, withRole } from './intake.ts';
import { EMPTY_MAPPING, mappingProblems } from './mapping.ts';
import { tableOf, timeProfile } from './tables.fixture.ts';

const ratings = tableOf('ratings.csv', ['user', 'film', 'when']);
const films = tableOf('films.csv', ['film', 'title']);
const links = tableOf('links.csv', ['imdb']);
const tables = [ratings, films, links];
const joined: Intake = { ...DEFAULT_INTAKE, leftOut: ['links.csv'], join: { table: 'films.csv', on: 'film', key: 'film' } };

describe('roles of tables', () => {
  it('each table has one, and there is one catalogue', () => {
    expect(tables.map(({ name }) => tableRole(joined, name))).toEqual(['events', 'catalogue', 'left-out']);
    const other = withRole(joined, tables, 'links.csv', 'catalogue');
    expect(tables.map(({ name }) => tableRole(other, name))).toEqual(['events', 'events', 'catalogue']);
    expect(withRole(joined, tables, 'films.csv', 'left-out')).toMatchObject({ join: null, leftOut: ['links.csv', 'films.csv'] });
  });

  it('a table that becomes the catalogue is joined on a column that both have, or on the first of each', () => {
    const plain = { ...DEFAULT_INTAKE, leftOut: ['links.csv'] };
    expect(withRole(plain, tables, 'films.csv', 'catalogue').join).toEqual(joined.join);
    expect(withRole(plain, [ratings, links], 'links.csv', 'catalogue').join).toEqual({
      table: 'links.csv',
      on: 'user',
      key: 'imdb',
    });
  });

  it('of several columns in common the one that repeats least in the catalogue joins, and never row numbers', () => {
    const column = (name: string, distinct: number, kind: ColumnProfile['kind'] = 'id') => ({
      ...timeProfile(name, { kind, distinct, sampled: 100, timeFormat: null }),
    });
    const events = tableOf('log.csv', ['column 1', 'shop', 'film']);
    const columns = [column('column 1', 100, 'index'), column('shop', 3), column('film', 100)];
    const catalogue = tableOf('goods.csv', ['column 1', 'shop', 'film'], { columns });
    expect(withRole(DEFAULT_INTAKE, [events, catalogue], 'goods.csv', 'catalogue').join).toEqual({
      table: 'goods.csv',
      on: 'film',
      key: 'film',
    });
  });

  it('what is proposed counts until something else is chosen', () => {
    const proposal = { mapping: EMPTY_MAPPING, reasons: {}, notes: [], ...UNASKED, decimal: ',' } as const;
    const offered = {
      ...proposal,
      join: { join: { table: 'films.csv', on: 'film', key: 'film' }, why: 'same values', leftOut: ['links.csv'] },
    };
    expect(followProposal(DEFAULT_INTAKE, [], offered)).toMatchObject({
      join: joined.join,
      leftOut: ['links.csv'],
      decimal: ',',
    });
    expect(followProposal(DEFAULT_INTAKE, ['join', 'decimal'], offered)).toEqual(DEFAULT_INTAKE);
    expect(followProposal(joined, [], proposal).join).toBeNull();
  });

  it('with a table goes what was said of it, and a lost join is told', () => {
    const intake = { ...joined, forms: { 'films.csv': { encoding: 'big5' }, 'ratings.csv': {} } } as const;
    const { intake: left, note } = withoutTables(intake, ['films.csv', 'links.csv']);
    expect(left).toMatchObject({ forms: { 'ratings.csv': {} }, leftOut: [], join: null });
    expect(left.forms).not.toHaveProperty('films.csv');
    expect(note).toContain('films.csv');
    expect(withoutTables(intake, ['links.csv'])).toMatchObject({ note: null, intake: { join: joined.join } });
  });
});

describe('what keeps tables from being read', () => {
  it.each<[string, Intake, RegExp]>([
    ['all are left out', { ...DEFAULT_INTAKE, leftOut: tables.map(({ name }) => name) }, /No table holds events/],
    ['no table', { ...joined, join: { table: 'gone.csv', on: 'film', key: 'film' } }, /gone\.csv is not loaded/],
    [
      'no column of the events',
      { ...joined, join: { table: 'films.csv', on: 'movie', key: 'film' } },
      /events have no column “movie”/,
    ],
    ['no key', { ...joined, join: { table: 'films.csv', on: 'film', key: 'id' } }, /films\.csv has no column “id”/],
  ])('%s', (_, intake, words) => {
    expect(intakeProblems(intake, tables)).toEqual([expect.stringMatching(words)]);
  });

  it('nothing does where all is there, or nothing is loaded', () => {
    expect(intakeProblems(joined, tables)).toEqual([]);
    expect(intakeProblems(DEFAULT_INTAKE, [])).toEqual([]);
  });

  it('columns of the catalogue and derived ones can be mapped, and only the tables that lack a column are told', () => {
    const draft = { ...EMPTY_MAPPING, user: 'user', time: 'when', text: ['title'], type: 'grade' };
    const intake = { ...joined, derived: [{ name: 'grade', sql: '1' }] };
    expect(mappingProblems(draft, tables, intake)).toEqual([]);
    expect(mappingProblems(draft, tables, joined)).toEqual(['ratings.csv has no column “grade”.']);
    const more = tableOf('more.csv', ['user', 'film']);
    expect(mappingProblems(draft, [...tables, more], intake)).toEqual(['more.csv has no column “when”.']);
  });
});

describe('the form of a table', () => {
  it('choices add up, each by itself, and can be taken back', () => {
    const first = withForm({}, 'a.csv', { dialect: { delimiter: ';' } });
    const second = withForm(first, 'a.csv', { encoding: 'big5', dialect: { skip: 2 } });
    expect(second).toEqual({ 'a.csv': { encoding: 'big5', dialect: { delimiter: ';', skip: 2 } } });
    expect(withForm({ ...second, 'b.csv': {} }, 'a.csv', null)).toEqual({ 'b.csv': {} });
  });
});

describe('questions', () => {
  const mapping = { ...EMPTY_MAPPING, time: 'when', timeFormat: 'dmy' } as const;
  const asked = (column: Parameters<typeof timeProfile>[1], more: object = {}) =>
    openQuestions({
      ...{
        mapping,
        choices: {},
        intake: DEFAULT_INTAKE,
        previews: [tableOf('a', ['when'], { columns: [timeProfile('when', column)] })],
      },
      ...more,
    });

  it('day first or month first is asked where the whole column does not tell, and answered by saying how it is written', () => {
    expect(asked({ timeAmbiguous: true })).toEqual([
      { kind: 'date-order', column: 'when', examples: ['03/04/2024', '05/06/2024'] },
    ]);
    expect(asked({})).toEqual([]);
    expect(asked({ timeAmbiguous: true }, { choices: addChoice({}, { timeFormat: 'dmy' }, { time: 'when', text: [] }) })).toEqual(
      [],
    );
    expect(
      asked({ timeAmbiguous: true }, { choices: addChoice({}, { timeFormat: 'dmy' }, { time: 'other', text: [] }) }),
    ).toHaveLength(1);
  });

  it('one file that leaves no doubt answers for the others', () => {
    const sure = tableOf('b', ['when'], { columns: [timeProfile('when')] });
    const unsure = tableOf('a', ['when'], { columns: [timeProfile('when', { timeAmbiguous: true })] });
    expect(asked({}, { previews: [unsure, sure] })).toEqual([]);
    expect(asked({}, { previews: [unsure, sure], intake: { ...DEFAULT_INTAKE, leftOut: ['b'] } })).toHaveLength(1);
  });

  it('a catalogue answers for its own columns only, whatever they are called', () => {
    const visits = tableOf('visits', ['film', 'when'], { columns: [timeProfile('when', { timeAmbiguous: true })] });
    const shown = tableOf('shown', ['film', 'when'], { columns: [timeProfile('when', { timeFormat: 'mdy' })] });
    const joins = { previews: [visits, shown], intake: { ...DEFAULT_INTAKE, join: { table: 'shown', on: 'film', key: 'film' } } };
    expect(asked({}, joins)).toMatchObject([{ kind: 'date-order', column: 'when' }]);
    expect(asked({}, { ...joins, mapping: { ...mapping, time: 'when (shown)' } })).toEqual([]);
    const swapped = { ...joins, intake: { ...joins.intake, join: { ...joins.intake.join, table: 'visits' } } };
    expect(asked({}, { ...swapped, mapping: { ...mapping, time: 'when (visits)' } })).toHaveLength(1);
  });

  it('relative days ask for their day 0', () => {
    const days = { ...mapping, timeFormat: 'relative-days' } as const;
    const column = { timeFormat: 'relative-days', examples: ['12', '-3'] } as const;
    expect(asked(column, { mapping: days })).toEqual([{ kind: 'time-origin', column: 'when', examples: ['12', '-3'] }]);
    expect(asked(column, { mapping: { ...days, timeOrigin: '2024-02-01' } })).toEqual([]);
    expect(asked(column, { mapping: { ...days, time: null } })).toEqual([]);
  });
});
