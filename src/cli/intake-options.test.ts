import { describe, expect, test } from 'vitest';
import { DEFAULT_CLEANING, DEFAULT_INTAKE } from '../domain/index.ts';
import { parseArguments } from './arguments.ts';
import { formsFor, overrideIntake } from './intake-options.ts';

const given = (...options: string[]) => parseArguments(['a.csv', '--out', 'o', ...options]).intake;
const intakeOf = (...options: string[]) => overrideIntake(DEFAULT_INTAKE, given(...options));

describe('how files are read, on the command line', () => {
  test('what is not said is as it was', () => {
    expect(intakeOf()).toEqual(DEFAULT_INTAKE);
    expect(given().join).toBeUndefined();
  });

  test('a form is said of all tables or of one, whose own word counts', () => {
    const said = given('--encoding', 'big5', '--delimiter', 'b.csv=;', '--delimiter', 'tab', '--skip', 'b.csv=2', '--no-header');
    expect(formsFor(['a.csv', 'b.csv'], DEFAULT_INTAKE, said)).toEqual({
      'a.csv': { encoding: 'big5', dialect: { delimiter: '\t', header: false } },
      'b.csv': { encoding: 'big5', dialect: { delimiter: ';', header: false, skip: 2 } },
    });
    expect(formsFor(['a.csv'], DEFAULT_INTAKE, given('--delimiter', '='))).toEqual({ 'a.csv': { dialect: { delimiter: '=' } } });
    expect(
      formsFor(['x'], DEFAULT_INTAKE, given('--quote', 'none', '--comment', '#', '--escape', 'backslash', '--sheet', 'May')),
    ).toEqual({
      x: { sheet: 'May', dialect: { quote: null, comment: '#', escape: 'backslash' } },
    });
  });

  test('zone, numbers, missing words, ids, tables, SQL', () => {
    const said = ['--zone', 'Asia/Tokyo', '--decimal', ',', '--missing', 'NA, ?', '--same-ids', '--leave-out', 'links.csv'];
    const sql = ['--join', 'z.zip/films.csv:film=id', '--derive', 'long=length("a") = 3', '--filter', '"b" = 1'];
    expect(intakeOf(...said, ...sql)).toEqual({
      ...DEFAULT_INTAKE,
      ...{ zone: 'Asia/Tokyo', decimal: ',', missing: ['NA', '?'], sameIds: true, leftOut: ['links.csv'] },
      join: { table: 'z.zip/films.csv', on: 'film', key: 'id' },
      derived: [{ name: 'long', sql: 'length("a") = 3' }],
      filter: '"b" = 1',
    });
    expect(given('--no-join').join).toBeNull();
    expect(given('--time-format', 'dmy', '--origin', '2024-02-29')).toMatchObject({
      timeFormat: 'dmy',
      timeOrigin: '2024-02-29',
    });
  });

  test('cleaning as a list or as JSON; what is not named stays', () => {
    const list = 'duplicates=no,repeat-seconds=2.5,missing-text=from-item,fill=median,min-user-events=3,max-day-events=500';
    const more = 'outliers=iqr:1.5:cap:price+quantity,texts=lower-case+nfkc,rule=invoice:starts-with:C,rule=quantity:negative';
    expect(intakeOf('--clean', `${list},${more}`).cleaning).toEqual({
      ...{ duplicates: false, repeatSeconds: 2.5, missingText: 'from-item', fill: 'median', minUserEvents: 3, maxDayEvents: 500 },
      outliers: { columns: ['price', 'quantity'], method: 'iqr', limit: 1.5, action: 'cap' },
      text: { ...DEFAULT_CLEANING.text, lowerCase: true, nfkc: true },
      rules: [
        { column: 'invoice', test: 'starts-with', value: 'C' },
        { column: 'quantity', test: 'negative', value: '' },
      ],
    });
    expect(intakeOf('--clean', '{"fill":"mode"}').cleaning).toEqual({ ...DEFAULT_CLEANING, fill: 'mode' });
  });

  test.each<[string, string[], RegExp]>([
    ['an encoding', ['--encoding', 'ebcdic'], /--encoding cannot be "ebcdic"/],
    ['lines to skip', ['--skip', 'a.csv=two'], /--skip cannot be "two"/],
    ['a join', ['--join', 'films.csv'], /not TABLE:ON=KEY/],
    ['a zone', ['--zone', 'Mars'], /no time zone/],
    ['a time format', ['--time-format', 'ymdh'], /none of iso/],
    ['a day that there is not', ['--origin', '2023-02-29'], /no date/],
    ['a cleaning rule', ['--clean', 'bots=3'], /"bots=3" is no rule/],
    ['a cleaning value', ['--clean', 'min-user-events=many'], /cleaning\.minUserEvents cannot be "many"/],
    ['an outlier method', ['--clean', 'outliers=guess:3'], /cleaning\.outliers cannot be/],
    ['a column without SQL', ['--derive', 'name'], /not NAME=SQL/],
  ])('%s that is wrong is refused by name', (_, options, message) => {
    expect(() => given(...options)).toThrow(message);
  });

  test('a survey needs no folder', () => {
    expect(parseArguments(['a.csv', '--survey'])).toMatchObject({ survey: true, out: '' });
    expect(() => parseArguments(['a.csv'])).toThrow('--out DIR is missing');
  });
});
