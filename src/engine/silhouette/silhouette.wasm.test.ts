import { afterEach, expect, test } from 'vitest';
import { silentContext } from '../../domain/index.ts';
import { blobMatrix, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { silhouette, silhouetteForMany } from '../index.ts';
import { largestDifference } from '../reference/index.ts';
import { enableSimd } from '../wasm/index.ts';
import { sumDistancesWasm } from './silhouette.wasm.ts';

afterEach(() => enableSimd(true));

test('WASM and plain float64 loops agree: values to 1e-5, means to 1e-6, at sizes across tiles', async () => {
  for (const [x, k] of [
    [unitMatrix(300, 384, 1), 20],
    [unitMatrix(257, 64, 2), 3],
    [blobMatrix(321, 8, 5, 0.3, 3), 5],
    [uniformMatrix(200, 1, 4), 2],
    [uniformMatrix(193, 3, 5), 1],
  ] as const) {
    const labels = Int32Array.from({ length: x.rows }, (_, i) => (i * i) % k);
    const wasm = await silhouette(x, labels, CPU, silentContext);
    enableSimd(false);
    const plain = await silhouette(x, labels, CPU, silentContext);
    enableSimd(true);
    expect(largestDifference(wasm.values, plain.values), `${x.rows} x ${x.cols}`).toBeLessThan(1e-5);
    expect(Math.abs(wasm.mean - plain.mean), `${x.rows} x ${x.cols}`).toBeLessThan(1e-6);
  }
});

test('small sizes agree too, though they run in plain loops elsewhere', async () => {
  for (const rows of [1, 2, 63, 64, 65, 129]) {
    const x = unitMatrix(rows, 5, rows);
    const labels = Int32Array.from({ length: rows }, (_, i) => i % 2);
    const sizes = Float64Array.of(Math.ceil(rows / 2), Math.floor(rows / 2));
    const sums = { labels, sizes, toCluster: new Float64Array(rows * 2).fill(Number.NaN) };
    expect(await sumDistancesWasm(x, [sums], silentContext)).toBe(true);
    for (let r = 0; r < rows; r++) {
      for (const c of [0, 1]) {
        let right = 0;
        for (let other = c; other < rows; other += 2) right += distance(x.data, r * 5, other * 5);
        expect(Math.abs((sums.toCluster[r * 2 + c] as number) - right)).toBeLessThan(1e-5 * rows);
      }
    }
  }
});

function distance(data: Float32Array, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < 5; i++) sum += ((data[a + i] as number) - (data[b + i] as number)) ** 2;
  return Math.sqrt(sum);
}

test('P2 the same bits twice, one labelling or many', async () => {
  const x = unitMatrix(400, 32, 1);
  const labelings = [2, 5, 9].map((k) => Int32Array.from({ length: 400 }, (_, i) => i % k));
  const many = await silhouetteForMany(x, labelings, CPU, silentContext);
  expect(await silhouetteForMany(x, labelings, CPU, silentContext)).toEqual(many);
  for (const [i, mean] of many.entries()) {
    expect((await silhouette(x, labelings[i] as Int32Array, CPU, silentContext)).mean).toBe(mean);
  }
});
