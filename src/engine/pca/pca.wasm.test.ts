import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { type Matrix, silentContext } from '../../domain/index.ts';
import { uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { pca, projectPca } from '../index.ts';
import { enableSimd } from '../wasm/index.ts';

afterEach(() => enableSimd(true));

async function modelAndRows(x: Matrix, dims: number) {
  const model = await pca(x, dims, CPU, silentContext);
  return { model, projected: await projectPca(model, x, CPU, silentContext) };
}

async function expectSameBits(x: Matrix, dims: number, what: string): Promise<void> {
  enableSimd(true);
  const wasm = await modelAndRows(x, dims);
  enableSimd(false);
  expect(wasm, what).toEqual(await modelAndRows(x, dims));
}

test('P2 WASM gives the bits of the plain loops, model and projection', async () => {
  await expectSameBits(unitMatrix(700, 130, 1), 40, 'unit');
  for (const rows of [1, 2, 63, 64, 65, 127, 128, 129, 257]) {
    for (const cols of [1, 3, 4, 17]) await expectSameBits(uniformMatrix(rows, cols, rows), 5, `${rows} x ${cols}`);
  }
});

test('fuzz: the same bits at any shape, for rows far from the origin and very long ones', async () => {
  const shape = fc.record({
    rows: fc.integer({ min: 1, max: 300 }),
    cols: fc.integer({ min: 1, max: 24 }),
    dims: fc.integer({ min: 1, max: 24 }),
    seed: fc.nat(),
    offset: fc.constantFrom(0, 1000),
    scale: fc.constantFrom(1, 2 ** -90, 2 ** 90),
  });
  const check = async ({ rows, cols, dims, seed, offset, scale }: typeof shape extends fc.Arbitrary<infer T> ? T : never) => {
    const x = uniformMatrix(rows, cols, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = ((x.data[i] as number) + offset) * scale;
    await expectSameBits(x, dims, 'shape');
  };
  await fc.assert(fc.asyncProperty(shape, check), { numRuns: 100 });
});

test('P7 both steps can be cancelled while they work, and work again after', async () => {
  const stop = Object.assign(new Error('stop'), { name: 'CancelledError' });
  const stopping = (after: number) => {
    let left = after;
    return { progress: () => {}, checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(stop)) };
  };
  const x = uniformMatrix(2000, 16, 1);
  await expect(pca(x, 4, CPU, stopping(3))).rejects.toBe(stop);
  await expect(projectPca(await pca(x, 4, CPU, silentContext), x, CPU, stopping(3))).rejects.toBe(stop);
  await expectSameBits(x, 4, 'after');
});
