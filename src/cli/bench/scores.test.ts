import { expect, test } from 'vitest';
import { silentContext } from '../../domain/index.ts';
import { CPU, knn, trustworthiness } from '../../engine/index.ts';
import { blobMatrix, mixtureMatrix, uniformMatrix } from '../../testing/index.ts';
import { inertia, NEIGHBOURS, neighbourDistance, recall, sampledTrust } from './scores.ts';

const x = blobMatrix(300, 5, 4, 0.5, 1);
const exact = async () => Int32Array.from((await knn(x, NEIGHBOURS, CPU, silentContext)).ids);

test('inertia is about the means of the labels, whatever centroids a package had', async () => {
  const rows = { rows: 4, cols: 2, data: Float32Array.of(0, 0, 2, 0, 10, 1, 10, 5) };
  expect(await inertia(rows, { labels: Int32Array.of(0, 0, 1, 1) })).toBeCloseTo(1 + 1 + 4 + 4, 12);
});

test('exact neighbours have recall 1; with every last one exchanged 13 of 14 are left', async () => {
  const ids = await exact();
  expect(await recall(x, { ids })).toBe(1);
  const spoilt = ids.map((id, i) => (i % NEIGHBOURS === NEIGHBOURS - 1 ? farthestOf(Math.floor(i / NEIGHBOURS)) : id));
  expect(await recall(x, { ids: spoilt })).toBeCloseTo(13 / 14, 12);
});

test('lists without the row itself have the same recall: a package may leave it out', async () => {
  const { ids } = await knn(x, NEIGHBOURS + 1, CPU, silentContext);
  const others = Int32Array.from(ids.filter((_, i) => i % (NEIGHBOURS + 1) > 0));
  expect(await recall(x, { ids: others })).toBe(1);
});

test('a list that names a row twice has no distance', async () => {
  const ids = await exact();
  const { distances } = await knn(x, NEIGHBOURS, CPU, silentContext);
  expect(await neighbourDistance(x, { ids })).toBeCloseTo(distances.reduce((sum, d) => sum + d, 0) / distances.length, 6);
  ids[2] = ids[1] as number;
  expect(await neighbourDistance(x, { ids })).toBeNaN();
});

test('trustworthiness over all rows is the engine`s; over a sample it is near', async () => {
  const layout = uniformMatrix(300, 2, 3);
  expect(await sampledTrust(x, { layout: layout.data })).toBeCloseTo(
    await trustworthiness(x, layout, NEIGHBOURS, silentContext),
    6,
  );
  const [rows, flat] = [mixtureMatrix(600, 16, 5), uniformMatrix(600, 2, 6)];
  const all = await trustworthiness(rows, flat, NEIGHBOURS, silentContext);
  expect(Math.abs((await sampledTrust(rows, { layout: flat.data })) - all)).toBeLessThan(0.02);
});

/** Never among the 15 nearest. */
function farthestOf(row: number): number {
  const distance = (r: number): number =>
    Array.from(
      { length: x.cols },
      (_, i) => ((x.data[row * x.cols + i] as number) - (x.data[r * x.cols + i] as number)) ** 2,
    ).reduce((sum, square) => sum + square, 0);
  return Array.from({ length: x.rows }, (_, r) => r).reduce((best, r) => (distance(r) > distance(best) ? r : best), row);
}
