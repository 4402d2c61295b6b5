import { describe, expect, test } from 'vitest';
import type { ColumnMapping, Intake } from '../domain/index.ts';
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
    template: null,
    numbers: [],
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

describe('events with a catalogue', () => {
  const named = async (files: Record<string, string>, intake?: Pick<Intake, 'join' | 'leftOut'>) =>
    proposeMapping(await Promise.all(Object.entries(files).map(([name, text]) => look(name, text))), intake);
  const ratings = `userId,movieId,rating,timestamp\n${rows(300, (i) => `${i % 20},${i % 40},${i % 5},${964982703 + i}`)}\n`;
  const movies = `movieId,title,genres\n${rows(50, (i) => `${i},The film of ${i} towns,${i % 2 ? 'Comedy|Drama' : 'Horror'}`)}\n`;
  const links = `movieId,imdbId\n${rows(50, (i) => `${i},${114709 + i}`)}\n`;
  const join = { table: 'movies.csv', on: 'movieId', key: 'movieId' };

  test('who and when come from the events, words from the catalogue', async () => {
    const proposal = await named({ 'ratings.csv': ratings, 'movies.csv': movies, 'links.csv': links });
    expect(proposal.join).toMatchObject({ join, leftOut: ['links.csv'] });
    expect(proposal.mapping).toEqual({
      user: 'userId',
      time: 'timestamp',
      text: ['title', 'genres'],
      type: null,
      item: 'movieId',
      value: 'rating',
      label: null,
      timeFormat: 'unix-seconds',
      timeOrigin: null,
      template: null,
      numbers: [],
    });
    expect(proposal.notes).toEqual([]);
    expect(proposal.reasons.text).toMatch(/"title" and "genres" hold words/);
  });

  test('words of the event itself go before those of its item', async () => {
    const tags = `userId,movieId,tag,timestamp\n${rows(90, (i) => `${i % 9},${i % 40},quite ${i} funny,${1445714994 + i}`)}\n`;
    const { mapping } = await named({ 'tags.csv': tags, 'movies.csv': movies });
    expect(mapping.text).toEqual(['tag']);
  });

  test('where the catalogue has no words its classes are taken, and that is said', async () => {
    const results = `id_test,id_student,date_submitted,score\n${rows(200, (i) => `${i % 30},s${i % 40},${i % 200},${i % 100}`)}\n`;
    const tests = `id_test,module,kind,year,weight\n${rows(30, (i) => `${i},${i % 2 ? 'ART' : 'LAW'},${i % 3 ? 'exam' : 'essay'},201${i % 3}J,10`)}\n`;
    const { mapping, reasons, questions } = await named({ 'results.csv': results, 'tests.csv': tests });
    expect(mapping).toMatchObject({ user: 'id_student', time: 'date_submitted', text: ['module', 'kind'], value: 'score' });
    expect(reasons.text).toMatch(/No column holds words, so "module" and "kind" tell what it was about/);
    expect(questions).toMatchObject([{ kind: 'time-origin', column: 'date_submitted', examples: ['0', '1', '2'] }]);
  });

  test('a log about few things: the column of phrases is the text, though it has few values', async () => {
    const goods = ['Müller Käse', 'Gartenstuhl blau', 'Roter Tee', 'Neue Lampe'];
    const log = `Kunde;Datum;Artikel;Ort\n${rows(120, (i) => `k${i % 9};2024-01-${10 + (i % 9)};${goods[i % 4]};Ulm`)}\n`;
    expect((await named({ 'log.csv': log })).mapping).toMatchObject({ user: 'Kunde', time: 'Datum', text: ['Artikel'] });
  });

  test.each<[string, readonly string[]]>([
    ['标题', ['金边红色陶瓷杯', '无线鼠标', '手工编织羊毛毯', '女士防水登山鞋']],
    ['商品名', ['白いケーキ型3個セット', '抹茶のケーキ', '手編みのウール毛布', 'お茶']],
    ['ชื่อสินค้า', ['แก้วเซรามิกสีแดงขอบทอง', 'ชุดพิมพ์เค้กสีขาว', 'สายยางรดน้ำ', 'ผ้าห่ม']],
    ['title', ['Gartenstuhl', 'Wolldecke', 'Lampe', 'Tee']],
    ['title', ['Red mug', 'Blanket', 'Garden hose', 'Tea']],
  ])('few titles in a column "%s" are words: %j', async (name, titles) => {
    const log = `user_id,time,${name}\n${rows(120, (i) => `u${i % 9},2024-01-${10 + (i % 9)},${titles[i % 4]}`)}\n`;
    const { mapping, reasons } = await named({ 'log.csv': log });
    expect(mapping.text).toEqual([name]);
    expect(reasons.text).toContain('holds words to find interests in');
  });

  test('a column of both has the name of the catalogue behind it', async () => {
    const votes = `voter-id,comment-id,timestamp,vote\n${rows(300, (i) => `${i % 20},${i % 40},${1472552518501 + i},${i % 3}`)}\n`;
    const comments = `comment-id,author-id,timestamp,vote,comment-body\n${rows(40, (i) => `${i},${i % 7},${1472552518501 + i},1,What I think of ${i}`)}\n`;
    const { mapping } = await named({ 'votes.csv': votes, 'comments.csv': comments });
    expect(mapping).toMatchObject({
      user: 'voter-id',
      time: 'timestamp',
      text: ['comment-body'],
      item: 'comment-id',
      value: 'vote',
    });
  });

  test('a join that was chosen is kept, tables left out play no part', async () => {
    const files = { 'ratings.csv': ratings, 'movies.csv': movies, 'links.csv': links };
    const chosen = { ...join, table: 'links.csv' };
    const proposal = await named(files, { join: chosen, leftOut: ['movies.csv'] });
    expect(proposal.join?.join).toEqual(chosen);
    expect(proposal.mapping.text).toEqual([]);
    expect((await named(files, { join: null, leftOut: ['movies.csv', 'links.csv'] })).join).toBeNull();
  });
});

describe('columns are known by their names in other languages', () => {
  test.each<[string, Record<string, string>]>([
    [
      'Kundennummer,Bestelldatum,Artikelbezeichnung,Artikelnummer,Menge',
      { user: 'Kundennummer', time: 'Bestelldatum', text: 'Artikelbezeichnung', item: 'Artikelnummer', value: 'Menge' },
    ],
    ['client,date de création,titre,quantité', { user: 'client', time: 'date de création', text: 'titre', value: 'quantité' }],
    ['usuario,fecha,título,cantidad', { user: 'usuario', time: 'fecha', text: 'título', value: 'cantidad' }],
    [
      '用户ID,下单时间,商品名称,商品编号,数量',
      { user: '用户ID', time: '下单时间', text: '商品名称', item: '商品编号', value: '数量' },
    ],
    [
      'ユーザーID,購入日時,商品名,商品コード,数量',
      { user: 'ユーザーID', time: '購入日時', text: '商品名', item: '商品コード', value: '数量' },
    ],
    ['사용자,일시,제목,수량', { user: '사용자', time: '일시', text: '제목', value: '수량' }],
  ])('%s', async (header, parts) => {
    const cell = (name: string, i: number): string => {
      if (name === parts.user) return `u${i % 9}`;
      if (name === parts.time) return `2024-01-${10 + (i % 20)} 10:00`;
      if (name === parts.text) return `A thing of ${i} words`;
      return name === parts.item ? `a${i % 30}` : String(i % 7);
    };
    const names = header.split(',');
    const { mapping, notes } = await propose(`${header}\n${rows(60, (i) => names.map((name) => cell(name, i)).join(','))}\n`);
    const { text, ...others } = parts;
    expect(mapping).toMatchObject({ ...others, text: [text] });
    expect(notes).toEqual([]);
  });
});

test('ids of both writings, and numbers that do not tell their decimal mark, are told', async () => {
  const { notes, decimal } = await propose('user_id,date,text,price\n17850,2024-01-01,x y,1.234\n17850.0,2024-01-02,y z,2.345\n');
  expect(notes).toEqual([
    expect.stringMatching(/"price" \(such as 1\.234\) do not tell what their decimal mark is; a point was taken/),
    expect.stringMatching(/"user_id" holds whole numbers and the same written as decimals/),
  ]);
  expect(decimal).toBe('.');
});

test('the decimal mark is that of the value column', async () => {
  const { decimal } = await propose('user;date;text;price;lat\nu;2024-01-01;x;1,5;1.5\nu;2024-01-02;y;2,5;2.5\n');
  expect(decimal).toBe(',');
});

test.each([
  ['CustomerID', ['customer', 'id']],
  ['Kundennummer', ['kunden', 'nummer']],
  ['Käufer-Nr.', ['kaufer', 'nr']],
  ['用户编号', ['用户', '编号']],
  ['ユーザーID', ['ユーザー', 'id']],
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
    template: null,
    numbers: [],
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
