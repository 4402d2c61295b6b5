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

test('relative days are told to be no dates', async () => {
  const { mapping, notes } = await propose('id_student,date_submitted,score\n1,18,78\n2,-3,70\n');
  expect(mapping).toMatchObject({ user: 'id_student', time: null });
  expect(notes.join(' ')).toMatch(/"date_submitted" sounds like one, but its values \(such as 18, -3\) are no dates/);
});

test('dates that fit both ways are told', async () => {
  const { mapping, notes } = await propose('user,date,text\nu1,1/2/2011,x\nu2,3/4/2011,y\n');
  expect(mapping.timeFormat).toBe('mdy');
  expect(notes.join(' ')).toMatch(/month first and day first alike; month first was taken/);
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
