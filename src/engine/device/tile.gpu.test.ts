import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMatrix, type Matrix, silentContext } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { openNodeGpu, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { bindAll, budgetOf, destroyAll, type GpuBudget, openDeviceRows, SIDE, submitPass, tileShader } from './index.ts';

/** Writes every squared distance, which no kernel of the engine does: only to look at the tiles. */
const STORE = `
struct Params { left: u32, right: u32, stride: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;
@compute @workgroup_size(256)
fn store(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tileSquared(group.y * SIDE, params.left, group.x * SIDE, params.right, params.stride, lane);
  for (var r = 0u; r < 4u; r++) {
    for (var c = 0u; c < 4u; c++) {
      let row = group.y * SIDE + (lane / 16u) * 4u + r;
      let column = group.x * SIDE + (lane % 16u) * 4u + c;
      if (row < params.left && column < params.right) { out[row * params.right + column] = tile[r][c]; }
    }
  }
}`;

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openNodeGpu();
});
afterAll(() => gpu.destroy());

/** Squared distances of all rows of x to all of y; both must fit into one chunk. */
async function squaredOnDevice(x: Matrix, y: Matrix): Promise<Float32Array> {
  const left = await openDeviceRows(gpu, x, budgetOf(gpu), silentContext);
  const right = await openDeviceRows(gpu, y, budgetOf(gpu), silentContext, left.mean);
  const [a, b] = [left.chunks[0], right.chunks[0]];
  if (!a || !b) throw new Error('no rows');
  const pipeline = await gpu.pipeline(tileShader + STORE, 'store');
  const params = gpu.createUniform('params', 12);
  const out = gpu.upload('out', new Float32Array(x.rows * y.rows).fill(-1));
  await gpu.guarded('store', () => {
    gpu.device.queue.writeBuffer(params, 0, Uint32Array.of(x.rows, y.rows, left.stride));
    const bind = bindAll(gpu, pipeline, [params, a.data, b.data, a.norms, b.norms, out]);
    submitPass(gpu, [{ pipeline, bind, groups: [Math.ceil(y.rows / SIDE), Math.ceil(x.rows / SIDE)] }]);
  });
  const [bytes] = await gpu.read([{ buffer: out, bytes: x.rows * y.rows * 4 }]);
  destroyAll([params, out]);
  left.close();
  right.close();
  return new Float32Array(bytes as ArrayBuffer);
}

function squared(x: Matrix, r: number, y: Matrix, s: number): number {
  let sum = 0;
  for (let i = 0; i < x.cols; i++) sum += ((x.data[r * x.cols + i] as number) - (y.data[s * x.cols + i] as number)) ** 2;
  return sum;
}

async function expectRight(x: Matrix, y: Matrix, tolerance: number): Promise<void> {
  const found = await squaredOnDevice(x, y);
  for (let r = 0; r < x.rows; r++) {
    for (let s = 0; s < y.rows; s++) {
      const value = found[r * y.rows + s] as number;
      expect(value, `${x.rows} and ${y.rows} rows of ${x.cols}: (${r}, ${s})`).toBeGreaterThanOrEqual(0);
      if (Math.abs(value - squared(x, r, y, s)) > tolerance) {
        expect(value, `${x.rows} and ${y.rows} rows of ${x.cols}: (${r}, ${s})`).toBeCloseTo(squared(x, r, y, s), 6);
      }
    }
  }
}

test('tiles hold the squared distances at awkward sizes', async () => {
  for (const rows of [1, 3, 63, 64, 65, 130]) {
    for (const cols of [1, 3, 4, 15, 16, 17, 33, 384])
      await expectRight(unitMatrix(rows, cols, 1), unitMatrix(67, cols, 2), 3e-6);
  }
});

test('rows far from the origin keep their digits', async () => {
  const x = uniformMatrix(70, 5, 3);
  for (let i = 0; i < x.data.length; i++) x.data[i] = (x.data[i] as number) + 1000;
  await expectRight(x, x, 1e-5);
});

test('rows without columns, and no rows, are no trouble', async () => {
  const none = await openDeviceRows(gpu, createMatrix(0, 3), budgetOf(gpu), silentContext);
  expect(none.chunks.length).toBe(0);
  none.close();
  await expectRight(createMatrix(3, 0), createMatrix(2, 0), 0);
});

test('more rows than a binding holds come in several buffers that hold all of them', async () => {
  const x = uniformMatrix(100, 6, 4);
  const budget: GpuBudget = { ...budgetOf(gpu), bindingBytes: 8 * 4 * 30 };
  const rows = await openDeviceRows(gpu, x, budget, silentContext, new Float64Array(6));
  expect(rows.chunks.map(({ start, end }) => [start, end])).toEqual([
    [0, 30],
    [30, 60],
    [60, 90],
    [90, 100],
  ]);
  const parts = await gpu.read(rows.chunks.map(({ data, start, end }) => ({ buffer: data, bytes: (end - start) * 32 })));
  const all = parts.flatMap((part) => [...new Float32Array(part)]);
  for (let r = 0; r < 100; r++) {
    expect(all.slice(r * 8, r * 8 + 8)).toEqual([...x.data.subarray(r * 6, r * 6 + 6), 0, 0]);
  }
  rows.close();
  rows.close();
});

test('the largest squared length is told, infinite beyond float32', async () => {
  const of = async (...data: number[]): Promise<number> => {
    const x = { rows: data.length, cols: 1, data: Float32Array.from(data) };
    const rows = await openDeviceRows(gpu, x, budgetOf(gpu), silentContext, new Float64Array(1));
    rows.close();
    return rows.largestNorm;
  };
  expect([await of(), await of(1, -3, 2), await of(1, 1e30)]).toEqual([0, 9, Number.POSITIVE_INFINITY]);
});

test('rows that find no room are an ability error that says how many would', async () => {
  const greedy = { ...budgetOf(gpu), bindingBytes: gpu.device.limits.maxBufferSize * 4 };
  const huge = { rows: 2 ** 30, cols: 4, data: new Float32Array(0) };
  const opening = openDeviceRows(gpu, huge, greedy, silentContext, new Float64Array(4));
  await expect(opening).rejects.toMatchObject({ kind: 'ability', code: 'gpu-memory' });
  await expect(opening).rejects.toThrow('1,073,741,824 rows need 20.00 GiB of graphics memory; 0 of them');
});
