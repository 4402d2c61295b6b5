import { describe, expect, test } from 'vitest';
import type { ColumnMapping } from '../domain/index.ts';
import { checkMapping, proposeMapping } from './index.ts';
import { roleRank, wordsOf } from './names.ts';
import { look } from './test-files.fixture.ts';

const propose = async (...files: string[]) => proposeMapping(await Promise.all(files.map((f, i) => look(`${i}.csv`, f))));
const rows = (n: number, row: (i: number) => string): string => Array.from({ length: n }, (_, i) => row(i)).join('\n');

test('a shop export with every part is mapped whole', async () => {
  const time = (i: number): string => `2024-01-${String(1 + (i % 28)).padStart(2, '0')}T10:00:00Z`;
  const text = `user_id,timestamp,event_type,item_id,title,quantity,interest\n${rows(
    200,
    (i) =>
      `u${i % 20},${time(i)},${i % 3 ? 'view' : 'buy'},i${i % 60},Title of thing ${i % 60},${1 + (i % 4)},${i % 2 ? 'garden' : 'music'}`,
  )}\n`;
  const { mapping, notes, reasons } = await propose(text);
  expect(mapping).toEqual({
    user: 'user_id',
    time: 'timestamp',
    text: ['title'],
    type: 'event_type',
    item: 'item_id',
    value: 'quantity',
    label: 'interest',
    timeFormat: 'iso',
    timeOrigin: null,
  });
  expect(notes).toEqual([]);
  expect(Object.keys(reasons).length).toBe(7);
});

test('what is missing is said, and nothing is made up for it', async () => {
  const { mapping, notes } = await propose(`author_flair,created,title\n${rows(60, (i) => `red,2024-01-02,A title of ${i}`)}\n`);
  expect(mapping.user).toBeNull();
  expect(notes.join(' ')).toMatch(/There is no user column: none of author_flair, created, title names a person/);
});

test('a file that holds no behaviour at all gets no mapping', async () => {
  const { mapping, notes } = await propose('movieId,imdbId\n1,0114709\n2,0113497\n');
  expect(mapping).toMatchObject({ user: null, time: null, text: [], item: null });
  expect(notes.length).toBe(3);
});

test('relative days are a time whose first day is asked', async () => {
  const { mapping, questions, notes } = await propose('id_student,date_submitted,score\n1,18,78\n2,-3,70\n');
  expect(mapping).toMatchObject({ user: 'id_student', time: 'date_submitted', timeFormat: 'relative-days', timeOrigin: null });
  expect(questions).toEqual([{ kind: 'time-origin', column: 'date_submitted', examples: ['18', '-3'] }]);
  expect(notes.join(' ')).not.toMatch(/no time column/);
});

describe('day first or month first', () => {
  const dates = (...cells: string[]): string => `user,date,text\n${cells.map((cell, i) => `u${i % 3},${cell},x`).join('\n')}\n`;
  const months = (n: number): string[] => Array.from({ length: n }, (_, i) => `${1 + (i % 12)}/${13 + (i % 15)}/2011`);

  test('no date tells: the user is asked', async () => {
    const { questions, notes } = await propose(dates('1/2/2011', '3/4/2011'));
    expect(questions).toEqual([{ kind: 'date-order', column: 'date', examples: ['1/2/2011', '3/4/2011'] }]);
    expect(notes).toEqual([]);
  });

  test('one date tells: nothing is asked', async () => {
    const { mapping, questions } = await propose(dates('1/2/2011', '3/4/2011', '25/4/2011'));
    expect(mapping.timeFormat).toBe('dmy');
    expect(questions).toEqual([]);
  });

  test('dates of both orders: the column is told to be unclean, and asked about with a date of each', async () => {
    const { questions, notes } = await propose(dates('1/2/2011', '25/4/2011', '4/26/2011', '4/27/2011'));
    expect(questions).toEqual([{ kind: 'date-order', column: 'date', examples: ['25/4/2011', '4/26/2011', '1/2/2011'] }]);
    expect(notes.join(' ')).toMatch(/1 date of "date" can only be day first and 2 dates only month first: it is no clean column/);
  });

  test('one slip in 100 that tell the other order asks nothing and is told; two do ask', async () => {
    const one = await propose(dates(...months(99), '25/4/2011'));
    expect([one.mapping.timeFormat, one.questions]).toEqual(['mdy', []]);
    expect(one.notes.join(' ')).toMatch(
      /1 date of "date" can only be day first and 99 dates only month first; all are read month first/,
    );
    const two = await propose(dates(...months(98), '25/4/2011', '26/4/2011'));
    expect(two.questions).toMatchObject([{ kind: 'date-order' }]);
  });

  test('files that are each sure of another order: the user is asked', async () => {
    const { questions } = await propose(dates('25/4/2011'), dates('4/25/2011'));
    expect(questions).toEqual([{ kind: 'date-order', column: 'date', examples: ['25/4/2011', '4/25/2011'] }]);
  });

  test('months with names need no order', async () => {
    const { mapping, questions } = await propose(dates('05-Jan-11', '06-Feb-11'));
    expect([mapping.timeFormat, questions]).toEqual(['dmy', []]);
  });
});

test('of several files only common columns are used, and dates that fit both ways follow the file that tells', async () => {
  const { mapping, notes } = await propose('user,date,text,extra\nu1,1/2/2011,x,1\n', 'user,date,text\nu1,25/2/2011,z\n');
  expect(mapping).toMatchObject({ user: 'user', time: 'date', text: ['text'], timeFormat: 'dmy', timeOrigin: null });
  expect(notes.join(' ')).toMatch(/0\.csv/);
});

test('files without a common column: that is the one thing told', async () => {
  const { mapping, notes } = await propose('user,date,text\nu1,1/2/2011,x\n', 'Kunde,Datum\nu1,25/2/2011\n');
  expect(mapping).toMatchObject({ user: null, time: null, text: [] });
  expect(notes).toEqual([expect.stringContaining('no column in common')]);
});

test.each([
  ['CustomerID', ['customer', 'id']],
  ['customerid', ['customer', 'id']],
  ['author-id', ['author', 'id']],
  ['HTTPStatus', ['http', 'status']],
  ['Created At', ['created', 'at']],
])('the words of %s', (name, words) => {
  expect(wordsOf(name)).toEqual(words);
});

test.each(['author_flair_css_class', 'Country', 'user_agent', 'customer_since', 'name', 'id'])('%s names no person', (name) => {
  expect(roleRank('user', name)).toBeNull();
});

describe('a mapping that does not fit is refused with what is there', () => {
  const mapping: ColumnMapping = {
    user: 'user',
    time: 'date',
    text: ['text'],
    type: null,
    item: null,
    value: null,
    label: null,
    timeFormat: 'mdy',
    timeOrigin: null,
  };
  const preview = look('shop.csv', 'user,date,text\nu1,1/2/2011,x\n');

  test('it fits', async () => {
    expect(() => checkMapping([], mapping)).toThrow(/no file/);
    const previews = [await preview];
    expect(() => checkMapping(previews, mapping)).not.toThrow();
  });

  test.each<[Partial<ColumnMapping>, RegExp]>([
    [{ user: 'customer' }, /shop\.csv has no column "customer"\. Its columns are user, date, text\./],
    [{ text: ['text', 'body'] }, /shop\.csv has no column "body"/],
    [{ label: 'class' }, /no column "class"/],
    [{ text: [] }, /No text column is chosen/],
    [{ user: '' }, /No user column is chosen/],
  ])('%j', async (change, message) => {
    const previews = [await preview];
    expect(() => checkMapping(previews, { ...mapping, ...change })).toThrow(message);
  });
});
