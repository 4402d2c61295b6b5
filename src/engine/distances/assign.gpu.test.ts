import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMatrix, type Matrix, silentContext } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { openNodeGpu, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import type { GpuBudget } from '../device/index.ts';
import { assignNearest, CPU } from '../index.ts';
import { assignNearestOracle } from './assign.cpu.ts';
import { openGpuRows } from './assign.gpu.ts';
import type { Assignment } from './types.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openNodeGpu();
});
afterAll(() => gpu.destroy());

async function onGpu(x: Matrix, c: Matrix, budget?: Partial<GpuBudget>): Promise<Assignment> {
  const rows = await openGpuRows(gpu, x, silentContext, budget);
  try {
    return await rows.assign(c, silentContext);
  } finally {
    rows.close();
  }
}

function squaredDistance(x: Matrix, r: number, c: Matrix, k: number): number {
  let sum = 0;
  for (let i = 0; i < x.cols; i++) sum += ((x.data[r * x.cols + i] as number) - (c.data[k * x.cols + i] as number)) ** 2;
  return sum;
}

/** Labels equal, except where the two distances differ by less than the tolerance; distances within it. */
function expectAgreement(x: Matrix, c: Matrix, found: Assignment, what: string, tolerance = 1e-5): void {
  const right = assignNearestOracle(x, c);
  for (let r = 0; r < x.rows; r++) {
    const [mine, theirs] = [found.labels[r] as number, right.labels[r] as number];
    const apart = mine === theirs ? 0 : squaredDistance(x, r, c, mine) - squaredDistance(x, r, c, theirs);
    expect(apart, `${what}, row ${r}: label ${mine} for ${theirs}`).toBeLessThan(tolerance);
    const distance = Math.abs((found.distances[r] as number) - (right.distances[r] as number));
    expect(distance, `${what}, row ${r}: distance`).toBeLessThan(tolerance);
  }
}

test('one step agrees with the CPU on unit vectors at awkward sizes', async () => {
  // A slab is 480 rows of up to 16 columns, 408 of 20; beyond 64 there are two rounds of slabs. Each width is compiled anew.
  const ks = [1, 2, 15, 16, 17, 20, 65];
  let turn = 0;
  for (const rows of [1, 2, 63, 64, 65, 407, 408, 409, 480, 481]) {
    for (const cols of [1, 4, 7, 8, 9, 64]) {
      const k = ks[turn++ % ks.length] as number;
      const [x, c] = [unitMatrix(rows, cols, 1), unitMatrix(k, cols, 2)];
      expectAgreement(x, c, await onGpu(x, c), `${rows} x ${cols}, k ${k}`);
    }
  }
  const [x, c] = [unitMatrix(65, 512, 1), unitMatrix(20, 512, 2)];
  expectAgreement(x, c, await onGpu(x, c), '65 x 512, k 20');
});

test('fuzz: one step agrees with the oracle and with WASM whatever the shape, repeated rows and centroids included', async () => {
  const shape = fc.record({
    rows: fc.integer({ min: 1, max: 500 }),
    cols: fc.integer({ min: 1, max: 40 }),
    k: fc.constantFrom(1, 2, 3, 15, 16, 17, 19, 20, 65, 67, 72),
    steps: fc.constantFrom(1, 2, 1000),
    seed: fc.nat(),
  });
  const check = async ({ rows, cols, k, steps, seed }: typeof shape extends fc.Arbitrary<infer T> ? T : never) => {
    const [x, c] = [unitMatrix(rows, cols, seed), unitMatrix(k, cols, seed + 1)];
    for (const m of [x, c]) for (let i = 0; i < m.data.length; i++) m.data[i] = Math.round((m.data[i] as number) * steps) / steps;
    const found = await onGpu(x, c);
    expectAgreement(x, c, found, JSON.stringify({ rows, cols, k, steps, seed }), 1e-5 * Math.max(1, cols / 4));
    const wasm = await assignNearest(x, c, CPU, silentContext);
    expectAgreement(x, c, wasm, 'WASM', 1e-12);
  };
  await fc.assert(fc.asyncProperty(shape, check), { numRuns: 40 });
});

test('no rows are no work', async () => {
  const found = await assignNearest(createMatrix(0, 3), uniformMatrix(2, 3, 1), { device: 'webgpu', gpu }, silentContext);
  expect(found).toEqual({ labels: new Int32Array(0), distances: new Float32Array(0) });
});

test('ties and repeated centroids go to the lowest index; rows on a centroid are at 0, never below', async () => {
  const c = unitMatrix(8, 64, 3);
  const twice = { rows: 16, cols: 64, data: Float32Array.of(...c.data, ...c.data) };
  const found = await onGpu(c, twice);
  expect([...found.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  for (const distance of found.distances) {
    expect(distance).toBeGreaterThanOrEqual(0);
    expect(distance).toBeLessThan(1e-5);
  }
});

test('a column that is constant and far from 0 costs no digits', async () => {
  const [x, c] = [unitMatrix(130, 5, 4), unitMatrix(7, 5, 5)];
  for (const m of [x, c]) for (let r = 0; r < m.rows; r++) m.data[r * 5 + 2] = 4096;
  expectAgreement(x, c, await onGpu(x, c), 'constant column', 2e-5);
});

test('P2 the same device gives the same bits twice', async () => {
  const [x, c] = [unitMatrix(1000, 64, 6), unitMatrix(20, 64, 7)];
  expect(await onGpu(x, c)).toEqual(await onGpu(x, c));
});

test('chunked rows, chunked centroids and split dispatches give the same labels as one piece', async () => {
  const [x, c] = [unitMatrix(733, 24, 8), unitMatrix(67, 24, 9)];
  const whole = await onGpu(x, c);
  const budgets = [
    { bindingBytes: 24 * 4 * 150 },
    { dispatchGroups: 1 },
    { dispatchWork: 1 },
    { bindingBytes: 24 * 4 * 52, dispatchGroups: 1 },
  ];
  for (const budget of budgets) expect(await onGpu(x, c, budget), JSON.stringify(budget)).toEqual(whole);
});

/** Same bindings as the real kernel, but only even rows get a label. */
const FORGETFUL = `
struct Params { firstRow: u32, endRow: u32 }
override TX = 0u; override TY = 0u; override PITCH = 0u; override SLOTS = 0u;
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> xNorms: array<f32>;
@group(0) @binding(3) var<storage, read> centroids: array<f32>;
@group(0) @binding(4) var<storage, read> norms: array<f32>;
@group(0) @binding(5) var<storage, read_write> labels: array<u32>;
@group(0) @binding(6) var<storage, read_write> distances: array<f32>;
@group(0) @binding(7) var<storage, read> halt: array<u32>;
@compute @workgroup_size(256) fn assign(@builtin(global_invocation_id) id: vec3u) {
  let row = params.firstRow + id.x;
  if (row < params.endRow && row % 2u == 0u) {
    labels[row] = 0u;
    distances[row] = x[0] + xNorms[0] + centroids[0] + norms[0] + f32(halt[0]);
  }
}`;

test('outputs are pre-filled with what is no label: a kernel that skips rows is refused', async () => {
  const forgetful: GpuContext = {
    ...gpu,
    isLost: false,
    pipeline: () => gpu.pipeline(FORGETFUL, 'assign'),
    createStorage: (label, bytes) => gpu.createStorage(label, bytes),
    upload: (label, data) => gpu.upload(label, data),
    createUniform: (label, bytes) => gpu.createUniform(label, bytes),
    guarded: (what, work) => gpu.guarded(what, work),
    read: (parts) => gpu.read(parts),
    finished: () => gpu.finished(),
    destroy: () => {},
  };
  const rows = await openGpuRows(forgetful, uniformMatrix(65, 3, 1), silentContext);
  const refused = rows.assign(uniformMatrix(2, 3, 2), silentContext);
  await expect(refused).rejects.toMatchObject({ kind: 'ability', code: 'gpu-wrong' });
  rows.close();
});

test('a step whose numbers place no row leaves no label of the step before', async () => {
  const [x, c] = [uniformMatrix(65, 3, 1), uniformMatrix(2, 3, 2)];
  const rows = await openGpuRows(gpu, x, silentContext);
  await rows.assign(c, silentContext);
  c.data.fill(Number.NaN);
  await expect(rows.assign(c, silentContext)).rejects.toMatchObject({ kind: 'ability', code: 'gpu-wrong' });
  rows.close();
});

test('P5 numbers beyond float32 fall back to the CPU and say so', async () => {
  const x = { rows: 2, cols: 1, data: Float32Array.of(-1e30, 1e30) };
  const told: string[] = [];
  const found = await assignNearest(x, x, { device: 'webgpu', gpu, onFallback: (reason) => told.push(reason) }, silentContext);
  expect([...found.labels]).toEqual([0, 1]);
  expect(told).toEqual([expect.stringContaining('beyond its range')]);
});

test('P7 cancelling stops between dispatches and is no reason to fall back', async () => {
  let left = 3;
  const cancelled = Object.assign(new Error('stop'), { name: 'CancelledError' });
  const ctx = { ...silentContext, checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(cancelled)) };
  const rows = await openGpuRows(gpu, unitMatrix(5000, 3, 1), silentContext, { dispatchWork: 1 });
  await expect(rows.assign(unitMatrix(3, 3, 2), ctx)).rejects.toBe(cancelled);
  rows.close();
});
