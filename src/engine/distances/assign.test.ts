import { expect, test } from 'vitest';
import { createMatrix, silentContext } from '../../domain/index.ts';
import { blobMatrix, uniformMatrix } from '../../testing/index.ts';
import { chunksOf } from '../device/index.ts';
import { assignNearest, CPU } from '../index.ts';
import { assignNearestCpu, assignNearestOracle } from './assign.cpu.ts';

test('the blocked CPU path gives the bits of the oracle at awkward sizes', async () => {
  for (const rows of [0, 1, 63, 64, 65]) {
    for (const cols of [1, 3, 64]) {
      for (const k of [1, 2, 3, 4, 5, 20]) {
        const [x, c] = [uniformMatrix(rows, cols, 1), uniformMatrix(k, cols, 2)];
        expect(await assignNearestCpu(x, c, silentContext), `${rows} x ${cols}, k ${k}`).toEqual(assignNearestOracle(x, c));
      }
    }
  }
});

test('ties go to the lowest index, duplicates and constant columns included', async () => {
  const x = createMatrix(5, 3);
  const twice = { rows: 4, cols: 3, data: new Float32Array(12).fill(2) };
  const found = await assignNearest(x, twice, CPU, silentContext);
  expect([...found.labels]).toEqual([0, 0, 0, 0, 0]);
  expect([...found.distances]).toEqual([12, 12, 12, 12, 12]);
});

test('P7 a long assignment lets messages in', async () => {
  let checkpoints = 0;
  const ctx = { ...silentContext, checkpoint: () => Promise.resolve(void checkpoints++) };
  await assignNearest(blobMatrix(20_000, 64, 20, 0.1, 1), uniformMatrix(20, 64, 2), CPU, ctx);
  expect(checkpoints).toBeGreaterThan(5);
});

test('rows and centroids of different width are our mistake, told as such', async () => {
  const mixed = assignNearest(createMatrix(2, 3), createMatrix(1, 4), CPU, silentContext);
  await expect(mixed).rejects.toMatchObject({ kind: 'bug', code: 'shape' });
});

test('values that are no numbers are refused', async () => {
  const x = uniformMatrix(3, 2, 1);
  x.data[5] = Number.NaN;
  await expect(assignNearest(x, createMatrix(1, 2), CPU, silentContext)).rejects.toThrow('Row 2 of the profiles holds NaN');
  await expect(assignNearest(createMatrix(1, 2), x, CPU, silentContext)).rejects.toThrow('Row 2 of the centroids holds NaN');
});

test('chunks cover every row once and fit the limit', () => {
  for (const [rows, cols, bytes] of [
    [0, 3, 100],
    [10, 3, 100],
    [7, 512, 16],
    [1000, 1, 4096],
  ] as const) {
    const chunks = chunksOf(rows, cols, bytes);
    const covered = chunks.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
    expect(covered).toEqual(Array.from({ length: rows }, (_, i) => i));
    for (const { start, end } of chunks) expect((end - start) * cols * 4 <= bytes || end - start === 1).toBe(true);
  }
});
