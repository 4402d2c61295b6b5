import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openFiles } from './files.ts';

const root = await mkdtemp(join(tmpdir(), 'murmuration-files-'));
afterAll(() => rm(root, { recursive: true }));

test('a folder stands for the tables below it, with the folder in their names, sorted', async () => {
  await mkdir(join(root, 'export/sub'), { recursive: true });
  await mkdir(join(root, 'export/.git'));
  for (const path of ['b.csv', 'sub/a.jsonl', '.DS_Store', '.git/x.csv', 'README.md'])
    await writeFile(join(root, 'export', path), path);
  await writeFile(join(root, 'alone.csv'), 'x');
  const files = await openFiles([join(root, 'export'), join(root, 'alone.csv')]);
  expect(files.map(({ name, size }) => [name, size])).toEqual([
    ['export/b.csv', 5],
    ['export/sub/a.jsonl', 11],
    ['alone.csv', 1],
  ]);
});

test('what is not there, and a folder without files, is refused by its name', async () => {
  await mkdir(join(root, 'empty'));
  await expect(openFiles([join(root, 'empty')])).rejects.toThrow('empty is a folder without files');
  await expect(openFiles([join(root, 'gone.csv')])).rejects.toThrow('gone.csv');
});
