import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMatrix, type Matrix, silentContext, takeRows } from '../../domain/index.ts';
import { uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { borrowArena, enableSimd, hasSimd, openRows, returnArena } from '../wasm/index.ts';
import { assignNearestOracle } from './assign.cpu.ts';
import { assignNearestWasm, WasmAssigner } from './assign.wasm.ts';

const byWasm = (x: Matrix, c: Matrix) => assignNearestWasm(x, c, silentContext);

test('the WASM path can be had here, and can be left', async () => {
  expect(hasSimd()).toBe(true);
  enableSimd(false);
  expect(await byWasm(createMatrix(1, 1), createMatrix(1, 1))).toBeNull();
  enableSimd(true);
});

test('labels and distances have the bits of the oracle at awkward sizes', async () => {
  for (const rows of [0, 1, 2, 63, 64, 65]) {
    for (const cols of [1, 3, 4, 5, 64, 384, 512]) {
      for (const k of [1, 2, 3, 4, 5, 20]) {
        const [x, c] = [unitMatrix(rows, cols, 1), unitMatrix(k, cols, 2)];
        expect(await byWasm(x, c), `${rows} x ${cols}, k ${k}`).toEqual(assignNearestOracle(x, c));
      }
    }
  }
});

test('fuzz: the bits of the oracle whatever the shape, the scale and the distance from the origin', async () => {
  const shape = fc.record({
    rows: fc.integer({ min: 1, max: 150 }),
    cols: fc.integer({ min: 1, max: 40 }),
    k: fc.integer({ min: 1, max: 30 }),
    seed: fc.nat(),
    scale: fc.constantFrom(1e-30, 1e-12, 1, 1e6, 1e25),
    offset: fc.constantFrom(0, 1, 4096, 1e6),
    copies: fc.boolean(),
  });
  const check = async ({
    rows,
    cols,
    k,
    seed,
    scale,
    offset,
    copies,
  }: typeof shape extends fc.Arbitrary<infer T> ? T : never) => {
    const placed = (m: Matrix): Matrix => ({ ...m, data: m.data.map((v) => scale * (v + offset)) });
    const x = placed(uniformMatrix(rows, cols, seed));
    const c = copies
      ? takeRows(
          x,
          Array.from({ length: k }, (_, i) => (i * 7) % rows),
        )
      : placed(uniformMatrix(k, cols, seed + 1));
    const found = await byWasm(x, c);
    // Beyond 1e18 float32 cannot hold a squared length: such rows are refused, and the plain path takes them.
    if (found !== null || scale <= 1) expect(found).toEqual(assignNearestOracle(x, c));
  };
  await fc.assert(fc.asyncProperty(shape, check), { numRuns: 300 });
});

test('centroids too long for float32 are no danger', async () => {
  const [x, c] = [unitMatrix(40, 7, 1), unitMatrix(5, 7, 2)];
  for (let i = 0; i < 7; i++) c.data[i] = 3e38;
  expect(await byWasm(x, c)).toEqual(assignNearestOracle(x, c));
});

test('bounds change nothing: one assigner for many sets of centroids, near and far, agrees with the oracle each time', async () => {
  const x = unitMatrix(500, 24, 1);
  for (const arenaBytes of [2 ** 30, 100 * 24 * 4]) {
    const rows = await openRows(x, silentContext, null, arenaBytes);
    if (!rows) throw new Error('no SIMD');
    expect(rows.parts.length).toBe(arenaBytes === 2 ** 30 ? 1 : 5);
    const assigner = new WasmAssigner(rows, 9);
    for (let step = 0; step < 12; step++) {
      const [from, noise] = [unitMatrix(9, 24, step < 9 ? 2 : step), unitMatrix(9, 24, 100 + step)];
      const c = { ...from, data: from.data.map((v, i) => v + (noise.data[i] as number) * 0.3 ** step) };
      await assigner.assign(c, silentContext);
      const right = assignNearestOracle(x, c);
      expect(assigner.labels()).toEqual(right.labels);
      expect(Float32Array.from(await assigner.ownSquared(c, silentContext))).toEqual(right.distances);
    }
    rows.close();
  }
});

test('a thousand calls leave the memory as large as the largest of them needs', async () => {
  const c = unitMatrix(7, 33, 2);
  const bytesNow = (): number => {
    const arena = borrowArena();
    if (!arena) throw new Error('no SIMD');
    returnArena(arena);
    return arena.bytes;
  };
  await byWasm(unitMatrix(200, 33, 1), c);
  const before = bytesNow();
  for (let i = 0; i < 1000; i++) await byWasm(unitMatrix(1 + (i % 200), 33, i), c);
  expect(bytesNow()).toBe(before);
});
