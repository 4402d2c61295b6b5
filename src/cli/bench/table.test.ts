import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Report } from './report.ts';
import { README, resultFiles, table, tables, withTable } from './table.ts';

const peer = { by: 'umap-js', times: { wall: [12.5], cpu: null }, quoted: null, score: 0.94, agreement: '', refused: false };
const report: Report = {
  ...{
    machine: 'a machine',
    date: '2026-01-02',
    place: 'Node',
    device: 'cpu',
    software: false,
    versions: ['Node 20', 'umap-js 1'],
  },
  ...{ threads: 'one thread', clock: 'wall', data: 'rows', shrunkBy: 1, load: [0.1, 0.2], peaks: [] },
  results: [
    {
      ...{ name: 'UMAP', rows: 10_000, cols: 384, k: 20, score: 0.935, scored: 'trustworthiness', missed: [], gpu: null },
      ours: { wall: [0.3, 0.1, 0.2], cpu: null },
      peers: [
        { ...peer, ratio: 62.5, target: 6, met: true },
        { ...peer, by: 'druid', ratio: null, refused: true, target: 6, met: false },
        { ...peer, by: 'embedding-atlas', times: null, quoted: 22, score: null, ratio: null, target: 6, met: null },
      ],
    },
  ],
};

test('the README`s table is the one made from the results files', () => {
  expect(resultFiles().length).toBeGreaterThan(0);
  const text = readFileSync(README, 'utf8');
  expect(withTable(text, tables(resultFiles())), 'run: npm run bench -- table').toBe(text);
});

test('a row has the median of ours, how good it is, and each peer with its ratio', () => {
  const rows = table(report).split('\n');
  expect(rows.at(-1)).toBe(
    '| UMAP | 10,000 | .200, trustworthiness .935 | umap-js 12.5, .940 (63 x) · druid 12.5, .940 (answer refused) · embedding-atlas 22 (quoted) |',
  );
  expect(rows[0]).toBe('a machine; Node, cpu; Node 20, umap-js 1; one thread; 2026-01-02, load 0.1 to 0.2.');
});

test('results of fewer rows make no table', () => {
  expect(() => table({ ...report, shrunkBy: 10 })).toThrow('fewer rows');
});

test('a text without the markers is told so, and one with them changes between them only', () => {
  expect(() => withTable('no markers', 'made')).toThrow('no place for the table');
  const text = 'before\n<!-- benchmark: made by `npm run bench -- table` -->\nold\n<!-- /benchmark -->\nafter\n';
  expect(withTable(text, 'made')).toBe(text.replace('\nold\n', '\n\nmade\n\n'));
});

test('results name no path and no host', () => {
  for (const file of resultFiles())
    expect(readFileSync(file, 'utf8')).not.toMatch(/\/(home|root|tmp|usr|work)\b|localhost|https?:/);
});
