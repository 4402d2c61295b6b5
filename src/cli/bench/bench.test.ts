import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type BenchArguments, parseBench } from './arguments.ts';
import { bench } from './bench.ts';
import { openPython, threadVariables } from './python.ts';
import type { Report } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'murmuration-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program in the place of Python. */
function program(name: string, lines: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${lines}\n`);
  chmodSync(file, 0o755);
  return file;
}

const x = { rows: 2, cols: 1, data: Float32Array.of(1, 2) };
const job = { by: 'scikit-learn', once: false, threads: 1, work: 'ward', x, task: { seed: 1, k: 2, parameter: 0 } } as const;

test('a small benchmark runs the packages beside ours, agrees with them, and stores what it printed', async () => {
  const json = join(folder, 'results.json');
  const printed: string[] = [];
  const args = ['kernels', '--only', 'ward', '--factor', '10', '--rounds', '2', '--peers', 'js', '--json', json];
  expect(await bench(parseBench(args) as BenchArguments, (text) => printed.push(text))).toBe(0);
  const { results, versions, shrunkBy, machine } = JSON.parse(readFileSync(json, 'utf8')) as Report;
  expect([shrunkBy, results.length, results[0]?.rows, results[0]?.ours.wall.length]).toEqual([10, 1, 200, 2]);
  expect(results[0]?.peers.map(({ by, refused, times }) => [by, refused, times?.wall.length])).toEqual([
    ['druid', false, 2],
    ['ml-hclust', false, 2],
  ]);
  expect(versions).toContain('ml-hclust 4.0.0');
  expect(printed.join('\n')).toContain('ROWS DIVIDED BY 10');
  expect(printed[0]).toContain(machine);
});

test('a Python peer runs whenever it is asked, with what it found in files', async () => {
  const python = program(
    'fake',
    'echo ready\nwhile read seed; do echo "{\\"wall\\": $seed, \\"cpu\\": 1, \\"value\\": 7, \\"parts\\": []}"; done',
  );
  const runner = await openPython({ ...job, python });
  const runs = [await runner.run(3), await runner.run(4)];
  await runner.close();
  expect(runs).toEqual([
    { output: { value: 7 }, wall: 3, cpu: 1 },
    { output: { value: 7 }, wall: 4, cpu: 1 },
  ]);
});

test('a Python peer that fails is told with its last words', async () => {
  await expect(openPython({ ...job, python: program('broken', 'echo "no module" >&2; exit 3') })).rejects.toThrow('no module');
  await expect(openPython({ ...job, python: join(folder, 'missing') })).rejects.toThrow('scikit-learn failed');
});

test('one thread is one thread for every library that a Python peer may use', () => {
  expect(Object.keys(threadVariables(1))).toEqual([
    'OMP_NUM_THREADS',
    'OPENBLAS_NUM_THREADS',
    'MKL_NUM_THREADS',
    'NUMBA_NUM_THREADS',
  ]);
  expect(threadVariables(null)).toEqual({});
});
