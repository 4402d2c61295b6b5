import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureSample } from './index.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'murmuration-sample-'));
});
afterAll(() => rm(root, { recursive: true }));

const truthPath = (): string => join(root, 'public/samples/library-truth.json');

test('the sample is written once, and again when it is missing, cut short or of another version', async () => {
  const made = await ensureSample(root);
  const csv = await readFile(made.path, 'utf8');
  expect(csv.trimEnd().split('\n')).toHaveLength(made.rows + 1);
  expect(made.bytes).toBeLessThan(6_000_000);

  const { mtimeMs } = await stat(made.path);
  expect(await ensureSample(root)).toEqual(made);
  expect((await stat(made.path)).mtimeMs).toBe(mtimeMs);

  await writeFile(made.path, csv.slice(0, 1000));
  expect(await ensureSample(root)).toEqual(made);
  expect(await readFile(made.path, 'utf8')).toBe(csv);

  const truth = JSON.parse(await readFile(truthPath(), 'utf8'));
  expect(truth.events).toHaveLength(5);
  await writeFile(truthPath(), JSON.stringify({ ...truth, key: 'older' }));
  await ensureSample(root);
  expect(JSON.parse(await readFile(truthPath(), 'utf8')).key).toBe(truth.key);
});
