import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FilePreview } from '../../domain/index.ts';
import { look } from '../test-files.fixture.ts';
import { proposeJoin, stackable } from './propose-join.ts';
import { commonHashes, sketchOf } from './sketch.ts';

const table = (name: string, header: string, count: number, row: (i: number) => string): Promise<FilePreview> =>
  look(name, `${header}\n${Array.from({ length: count }, (_, i) => row(i)).join('\n')}\n`);

const events = (name = 'ratings.csv', count = 400): Promise<FilePreview> =>
  table(name, 'userId,movieId,rating,timestamp', count, (i) => `${i % 20},${(i * 7) % 90},${i % 5},${964982703 + i}`);
const movies = (): Promise<FilePreview> =>
  table('movies.csv', 'movieId,title,genres', 100, (i) => `${i},The film no. ${i} of many,Drama`);
const links = (): Promise<FilePreview> =>
  table('links.csv', 'movieId,imdbId,tmdbId', 100, (i) => `${i},0${114709 + i},${862 + i}`);
const tags = (): Promise<FilePreview> =>
  table('tags.csv', 'userId,movieId,tag,timestamp', 60, (i) => `${i % 9},${i % 50},quite funny,${1445714994 + i}`);

describe('proposeJoin', () => {
  test('events and a catalogue are joined on the column of the same name whose values overlap', async () => {
    const proposal = proposeJoin([await events(), await movies()]);
    expect(proposal?.join).toEqual({ table: 'movies.csv', on: 'movieId', key: 'movieId' });
    expect(proposal?.leftOut).toEqual([]);
    expect(proposal?.why).toContain('each value stands once in movies.csv, and about 100 %');
  });

  test('P2 of many tables the catalogue with words goes to the largest events, in whatever order the tables come; the others are named', async () => {
    const all = [await links(), await tags(), await events(), await movies()];
    for (const order of [all, [...all].reverse()]) {
      const proposal = proposeJoin(order);
      expect(proposal?.join).toEqual({ table: 'movies.csv', on: 'movieId', key: 'movieId' });
      expect([...(proposal?.leftOut ?? [])].sort()).toEqual(['links.csv', 'tags.csv']);
      expect(proposal?.why).toMatch(/Left out, .*: .*links\.csv/);
    }
  });

  test('tables of one shape stay together and share the catalogue', async () => {
    const proposal = proposeJoin([await events('2019.csv'), await movies(), await events('2020.csv')]);
    expect(proposal?.join.table).toBe('movies.csv');
    expect(proposal?.leftOut).toEqual([]);
  });

  test('where no value is shared nothing is proposed, though the names are the same', async () => {
    const other = await table('movies.csv', 'movieId,title', 50, (i) => `${100000 + i},The film no. ${i} of many`);
    expect(proposeJoin([await events(), other])).toBeNull();
  });

  test('a key that repeats in both tables joins nothing', async () => {
    expect(proposeJoin([await events(), await tags()])).toBeNull();
  });

  test.each([
    [30, 2, true],
    [30, 4, false],
    [8, 1, false],
    [300, 6, true],
    [300, 20, false],
  ])('a catalogue of %i rows of which %i repeat a key is one: %j', async (rows, repeats, expected) => {
    const films = await table(
      'movies.csv',
      'movieId,title',
      rows,
      (i) => `${Math.min(i, rows - 1 - repeats)},The film no. ${i} of many`,
    );
    expect(proposeJoin([await events(), films]) !== null).toBe(expected);
  });

  test('two tables that both name people and times are joined by what is unique in one, never by the time', async () => {
    const votes = await table(
      'votes.csv',
      'timestamp,comment-id,voter-id,vote',
      300,
      (i) => `${1435654192 + (i % 40)},${i % 40},${i % 11},1`,
    );
    const comments = await table(
      'comments.csv',
      'timestamp,comment-id,author-id,comment-body',
      40,
      (i) => `${1435654192 + i},${i},${i % 7},What ${i} people wrote`,
    );
    expect(proposeJoin([comments, votes])?.join).toEqual({ table: 'comments.csv', on: 'comment-id', key: 'comment-id' });
  });

  test('two exports of one log are no events with a catalogue, though their running numbers coincide', async () => {
    const january = await table(
      'january.csv',
      'user,date,text,order',
      60,
      (i) => `u${i % 9},2024-01-05,tea no. ${i} of many,${i}`,
    );
    const february = await table(
      'february.csv',
      'user,date,text,order_no',
      60,
      (i) => `u${i % 9},2024-02-05,tea no. ${i} of many,${i}`,
    );
    expect(proposeJoin([january, february])).toBeNull();
  });

  test('the id of products.csv is the product_id of the orders', async () => {
    const orders = await table(
      'orders.csv',
      'order_id,customer_id,product_id,date',
      80,
      (i) => `o${i},c${i % 9},p${i % 12},2024-01-02`,
    );
    const products = await table('products.csv', 'id,title', 12, (i) => `p${i},A thing of kind ${i}`);
    expect(proposeJoin([orders, products])?.join).toEqual({ table: 'products.csv', on: 'product_id', key: 'id' });
  });

  test('the catalogue may bring user and time; tables without any user or time are no events', async () => {
    const lines = await table('lines.csv', 'order_id,product', 80, (i) => `o${i % 20},A thing of kind ${i % 5}`);
    const orders = await table('orders.csv', 'order_id,customer,date', 20, (i) => `o${i},c${i % 4},2024-01-02`);
    expect(proposeJoin([lines, orders])?.join).toEqual({ table: 'orders.csv', on: 'order_id', key: 'order_id' });
    const stock = await table('stock.csv', 'order_id,shelf', 20, (i) => `o${i},s${i}`);
    expect(proposeJoin([lines, stock])).toBeNull();
  });

  test('a catalogue of which only a sample was seen matches as one that was seen whole', async () => {
    const large = await table('movies.csv', 'movieId,title', 20000, (i) => `${i},The film no. ${i} of many`);
    const some = await table('ratings.csv', 'userId,movieId,timestamp', 3000, (i) => `${i % 50},${i * 6},${964982703 + i}`);
    expect(large.columns[0]?.sampled).toBeLessThan(5001);
    expect(Number(/about (\d+) %/.exec(proposeJoin([some, large])?.why ?? '')?.[1])).toBeGreaterThan(80);
  });

  test('no table and one table propose nothing', async () => {
    expect(proposeJoin([])).toBeNull();
    expect(proposeJoin([await events()])).toBeNull();
  });
});

test.each([
  [['a', 'b', 'c'], ['c', 'a', 'b'], true],
  [['a', 'b', 'c'], ['a', 'b', 'c', 'd'], true],
  [['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'e'], false],
  [['a'], ['b'], false],
  [[], [], false],
])('tables with the columns %j and %j are stacked: %j', (a, b, expected) => {
  expect(stackable(a, b)).toBe(expected);
});

test('two sketches share as many hashes as their sets share values', () => {
  const words = fc.uniqueArray(fc.string(), { maxLength: 50 });
  fc.assert(
    fc.property(words, words, (a, b) => {
      expect(commonHashes(sketchOf(a), sketchOf(b))).toBe(a.filter((word) => b.includes(word)).length);
    }),
    { seed: 5 },
  );
});
