import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CancelledError, createMatrix, type JobContext, type Matrix, silentContext, takeRows } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { blobMatrix, openNodeGpu, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { CPU, type GpuCompute } from '../compute.ts';
import type { GpuBudget } from '../device/index.ts';
import { knn, knnBetween, kthDistances, type Neighbours } from './index.ts';

const TOLERANCE = 1e-5;

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openNodeGpu();
});
afterAll(() => gpu.destroy());

/** The device, and a failure where it was given up. */
const onGpu = (budget: Partial<GpuBudget> = {}, on: GpuContext = gpu): GpuCompute => ({
  device: 'webgpu',
  gpu: on,
  budget,
  onFallback: (reason) => expect.fail(`fell back: ${reason}`),
});

function distance(x: Matrix, a: number, y: Matrix, b: number): number {
  let sum = 0;
  for (let i = 0; i < x.cols; i++) sum += ((x.data[a * x.cols + i] as number) - (y.data[b * y.cols + i] as number)) ** 2;
  return Math.sqrt(sum);
}

/** The same ids but where two distances are all but equal; distances within the tolerance; no id twice. */
function expectAgreement(x: Matrix, y: Matrix, found: Neighbours, right: Neighbours, what: string, tolerance = TOLERANCE): void {
  expect([found.k, found.ids.length, found.distances.length], what).toEqual([right.k, right.ids.length, right.ids.length]);
  for (let q = 0; q < x.rows; q++) {
    const mine = [...found.ids.subarray(q * found.k, (q + 1) * found.k)];
    if (new Set(mine).size !== mine.length) expect.fail(`${what}: query ${q} has an id twice: ${mine}`);
    for (const [place, id] of mine.entries()) {
      const at = q * found.k + place;
      const [told, expected] = [found.distances[at] as number, right.distances[at] as number];
      if (!(Math.abs(told - expected) < tolerance)) expect.fail(`${what}: query ${q}, place ${place}: ${told} for ${expected}`);
      if (id === right.ids[at]) continue;
      const apart = Math.abs(distance(x, q, y, id) - expected);
      if (!(apart < tolerance)) expect.fail(`${what}: query ${q}, place ${place}: ${id} for ${right.ids[at]}, ${apart} apart`);
    }
  }
}

async function expectOwn(x: Matrix, k: number, what: string, budget?: Partial<GpuBudget>, tolerance?: number) {
  const found = await knn(x, k, onGpu(budget), silentContext);
  expectAgreement(x, x, found, await knn(x, k, CPU, silentContext), what, tolerance);
  for (let q = 0; q < x.rows; q++) expect([found.ids[q * found.k], found.distances[q * found.k]]).toEqual([q, 0]);
  return found;
}

async function expectBetween(x: Matrix, y: Matrix, k: number, what: string, budget?: Partial<GpuBudget>) {
  const found = await knnBetween(x, y, k, onGpu(budget), silentContext);
  expectAgreement(x, y, found, await knnBetween(x, y, k, CPU, silentContext), what);
}

test('neighbours are those of the CPU at awkward sizes, k beyond the rows among them', async () => {
  for (const rows of [1, 2, 3, 63, 64, 65, 130]) {
    for (const cols of [1, 17]) {
      const x = unitMatrix(rows, cols, rows);
      for (const k of rows === 65 ? [1, 7, 65] : [2]) {
        await expectOwn(x, k, `${rows} x ${cols}, k ${k}`);
        await expectBetween(unitMatrix(66, cols, 9), x, k, `between, ${rows} x ${cols}, k ${k}`);
      }
    }
  }
});

test('no rows, no queries, no columns and k = 0 are no trouble', async () => {
  expect((await knn(createMatrix(0, 2), 5, onGpu(), silentContext)).ids.length).toBe(0);
  expect((await knn(uniformMatrix(5, 2, 1), 0, onGpu(), silentContext)).ids.length).toBe(0);
  expect((await knnBetween(createMatrix(0, 2), uniformMatrix(3, 2, 1), 2, onGpu(), silentContext)).ids.length).toBe(0);
  expect((await knnBetween(uniformMatrix(3, 2, 1), createMatrix(0, 2), 2, onGpu(), silentContext)).k).toBe(0);
  expect([...(await knn(createMatrix(3, 0), 2, onGpu(), silentContext)).ids]).toEqual([0, 1, 1, 0, 2, 0]);
});

test('embeddings and long lists', async () => {
  await expectOwn(unitMatrix(300, 384, 1), 15, 'embeddings');
  await expectOwn(blobMatrix(400, 8, 7, 0.2, 2), 300, 'k 300');
});

test('where a few queries leave a large device idle, several lists a query give the same answer', async () => {
  const x = unitMatrix(4200, 3, 3);
  await expectBetween(takeRows(x, [0, 17, 4199]), x, 20, 'two lists a query');
});

test('ties go to the lowest index; a row comes before its duplicates, all at exactly 0', async () => {
  for (const rows of [70, 1000]) {
    const { ids, distances } = await knn(createMatrix(rows, 3), 3, onGpu(), silentContext);
    expect([...ids.slice(0, 3)]).toEqual([0, 1, 2]);
    expect([...ids.slice((rows - 1) * 3)]).toEqual([rows - 1, 0, 1]);
    expect(distances.every((d) => d === 0)).toBe(true);
  }
  const rows = uniformMatrix(10, 37, 1);
  const x = takeRows(
    rows,
    Array.from({ length: 200 }, (_, r) => r % 10),
  );
  const { ids, distances } = await knn(x, 20, onGpu(), silentContext);
  expect(distances.every((d) => d === 0)).toBe(true);
  expect([...ids.slice(13 * 20, 14 * 20)]).toEqual([13, 3, ...Array.from({ length: 18 }, (_, i) => 23 + 10 * i)]);
});

test('of equal distances those of the lowest indices stay when nearer rows come later', async () => {
  // 100 rows at distance 2 of row 0 fill its list; then come 20 at distance 1.
  const x = { rows: 121, cols: 1, data: Float32Array.from({ length: 121 }, (_, r) => (r === 0 ? 0 : r <= 100 ? 2 : -1)) };
  const { ids } = await knn(x, 31, onGpu(), silentContext);
  const lowest = Array.from({ length: 10 }, (_, i) => i + 1);
  expect([...ids.slice(0, 31)]).toEqual([0, ...Array.from({ length: 20 }, (_, i) => 101 + i), ...lowest]);
});

test('a column that is constant and far from 0 costs no digits', async () => {
  const x = unitMatrix(130, 5, 4);
  for (let r = 0; r < 130; r++) x.data[r * 5 + 2] = 4096;
  await expectOwn(x, 9, 'constant column');
});

test('where products cannot tell near rows apart, differences do', async () => {
  // Two dense balls: neighbours some 1e-3 apart, squared 1e-6, on rows of length 1 whose products are rounded by 1e-7.
  const balls = unitMatrix(2, 32, 1);
  const noise = uniformMatrix(300, 32, 2);
  const x = createMatrix(300, 32);
  for (let i = 0; i < x.data.length; i++) {
    const ball = Math.floor(i / 32) % 2;
    x.data[i] = (balls.data[ball * 32 + (i % 32)] as number) + 3e-4 * (noise.data[i] as number);
  }
  const { distances } = await expectOwn(x, 12, 'balls', {}, 3e-7);
  expect(distances.every((d) => d < 3e-3)).toBe(true);
  await expectBetween(takeRows(x, [5, 6]), x, 12, 'between');
});

test('P2 the same device gives the same bits twice', async () => {
  const x = uniformMatrix(300, 5, 6);
  expect(await knn(x, 15, onGpu(), silentContext)).toEqual(await knn(x, 15, onGpu(), silentContext));
});

test('chunked rows, chunked lists and split dispatches give the same bits as one piece', async () => {
  const x = uniformMatrix(200, 20, 8);
  const whole = await expectOwn(x, 10, 'whole');
  const budgets: Partial<GpuBudget>[] = [
    { bindingBytes: 20 * 4 * 70 },
    { bindingBytes: 20 * 4 * 45 },
    { dispatchGroups: 1 },
    { dispatchWork: 1 },
    { bindingBytes: 20 * 4 * 100, dispatchGroups: 2, dispatchWork: 2 ** 20 },
  ];
  for (const budget of budgets) {
    expect(await knn(x, 10, onGpu(budget), silentContext), JSON.stringify(budget)).toEqual(whole);
    await expectBetween(takeRows(x, [1, 2, 190]), x, 10, JSON.stringify(budget), budget);
  }
});

test('k-th distances are the ends of the lists, bit for bit where distances are exact in float64', async () => {
  const whole = uniformMatrix(100, 3, 9);
  for (let i = 0; i < whole.data.length; i++) whole.data[i] = Math.round((whole.data[i] as number) * 3);
  for (const x of [whole, unitMatrix(100, 17, 9)]) {
    for (const k of [1, 2, 12, 100, 200]) {
      const ends = await kthDistances(x, k, onGpu(), silentContext);
      const { k: kept, distances } = await knn(x, k, CPU, silentContext);
      const right = Array.from({ length: 100 }, (_, r) => distances[(r + 1) * kept - 1] as number);
      if (x === whole) expect([...ends], `k ${k}`).toEqual(right);
      for (const [r, end] of ends.entries()) expect(Math.abs(end - (right[r] as number)), `k ${k}`).toBeLessThan(1e-6);
    }
  }
});

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 140 }),
  cols: fc.integer({ min: 1, max: 20 }),
  k: fc.integer({ min: 1, max: 40 }),
  seed: fc.nat(),
  steps: fc.constantFrom(1, 4, 4096),
  offset: fc.constantFrom(0, 64),
  bindingBytes: fc.constantFrom(1200, 6000, 2 ** 27),
  dispatchGroups: fc.constantFrom(1, 65535),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

test('fuzz: as the CPU at any shape, for rows that repeat and rows far from the origin, in pieces of any size', async () => {
  const check = async ({ rows, cols, k, seed, steps, offset, ...budget }: Shape) => {
    const x = uniformMatrix(rows, cols, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = offset + Math.round((x.data[i] as number) * steps) / steps;
    await expectOwn(x, k, 'own', budget);
    await expectBetween(takeRows(x, [0, rows >> 1, rows - 1]), x, k, 'between', budget);
  };
  await fc.assert(fc.asyncProperty(shapes, check), { numRuns: 10 });
});

/** `gpu` with some of its parts replaced. */
const replaced = (parts: Partial<GpuContext>, on: GpuContext = gpu): GpuContext =>
  new Proxy(on, {
    get: (target, name) => {
      if (name in parts) return parts[name as keyof GpuContext];
      const value = target[name as keyof GpuContext];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

const FORGETFUL = `
@group(0) @binding(0) var<uniform> first: u32;
@group(0) @binding(1) var<storage, read> a: array<u32>;
@group(0) @binding(2) var<storage, read> b: array<u32>;
@group(0) @binding(3) var<storage, read> c: array<u32>;
@group(0) @binding(4) var<storage, read> d: array<u32>;
@group(0) @binding(5) var<storage, read> e: array<u32>;
@group(0) @binding(6) var<storage, read_write> ids: array<u32>;
@group(0) @binding(7) var<storage, read_write> distances: array<u32>;
@group(0) @binding(8) var<storage, read_write> doubts: array<u32>;
@compute @workgroup_size(1) fn rank(@builtin(workgroup_id) group: vec3u) {
  doubts[group.x] = 0u;
  distances[group.x] = first + a[0] + b[0] + c[0] + d[0] + e[0];
  if (group.x % 2u == 0u) { ids[group.x] = 1u; }
}`;

test('P5 places that the kernel left unwritten are no answer: the CPU gives it, and that is told', async () => {
  const forgetful = replaced({
    pipeline: (source, entry, constants) => gpu.pipeline(entry === 'rank' ? FORGETFUL : source, entry, constants),
  });
  const x = uniformMatrix(65, 3, 1);
  const told: string[] = [];
  const compute: GpuCompute = { device: 'webgpu', gpu: forgetful, onFallback: (reason) => told.push(reason) };
  expect(await knn(x, 4, compute, silentContext)).toEqual(await knn(x, 4, CPU, silentContext));
  expect(told).toEqual([expect.stringContaining('unwritten')]);
});

test('P5 rows whose squares are beyond float32, or vanish in it, are left to the CPU, and that is told', async () => {
  for (const scale of [1e30, 1e-20]) {
    const x = { rows: 3, cols: 1, data: Float32Array.of(-scale, scale, 1.5 * scale) };
    const told: string[] = [];
    const compute: GpuCompute = { device: 'webgpu', gpu, onFallback: (reason) => told.push(reason) };
    expect([...(await knn(x, 2, compute, silentContext)).ids]).toEqual([0, 1, 1, 2, 2, 1]);
    expect([...(await knnBetween(x, x, 1, compute, silentContext)).ids]).toEqual([0, 1, 2]);
    const reason = expect.stringContaining('beyond its range');
    expect(told).toEqual([reason, reason]);
  }
});

/** Calls `at(n)` at the n-th checkpoint, counted from 1. */
const atCheckpoints = (at: (n: number) => void): JobContext => {
  let n = 0;
  return { progress: () => {}, checkpoint: async () => at(++n) };
};

test('P5 a device lost in the middle: the CPU ends the job, and that is told', async () => {
  const x = uniformMatrix(200, 8, 1);
  const right = await knn(x, 6, CPU, silentContext);
  let checkpoints = 0;
  await knn(
    x,
    6,
    onGpu({ dispatchWork: 2 ** 16 }),
    atCheckpoints((n) => (checkpoints = n)),
  );
  expect(checkpoints).toBeGreaterThan(7);
  for (const lostAt of [Math.floor(checkpoints / 2), checkpoints - 1]) {
    const other = await openNodeGpu();
    const told: string[] = [];
    const compute: GpuCompute = {
      ...onGpu({ dispatchWork: 2 ** 16 }, other),
      onFallback: (reason) => told.push(reason),
    };
    const ctx = atCheckpoints((n) => n === lostAt && other.device.destroy());
    expect(await knn(x, 6, compute, ctx)).toEqual(right);
    expect(told, `lost at ${lostAt} of ${checkpoints}`).toEqual([expect.stringContaining('lost')]);
    other.destroy();
  }
});

/** Buffers that were created on `on.device` and not yet destroyed, by their labels. */
function watchBuffers(on: GpuContext): { readonly alive: Set<string>; stop(): void } {
  const create = on.device.createBuffer;
  const alive = new Set<string>();
  let made = 0;
  on.device.createBuffer = (descriptor) => {
    const buffer = create.call(on.device, descriptor);
    const name = `${made++} ${descriptor.label}`;
    alive.add(name);
    const destroy = buffer.destroy;
    buffer.destroy = () => {
      alive.delete(name);
      destroy.call(buffer);
    };
    return buffer;
  };
  return {
    alive,
    stop: () => {
      on.device.createBuffer = create;
    },
  };
}

test('no run leaves a buffer behind, neither cancelled ones nor those with rows in doubt', async () => {
  const watch = watchBuffers(gpu);
  const x = uniformMatrix(150, 4, 1);
  const near = { ...x, data: x.data.map((v) => 1 + v * 1e-4) };
  near.data.fill(-1, 0, 40);
  for (let i = 0; i < 6; i++) {
    await knn(i % 2 === 0 ? x : near, 5, onGpu({ bindingBytes: 1600 }), silentContext);
    const ctx = atCheckpoints((n) => {
      if (n === 2 * i + 2) throw new CancelledError();
    });
    await expect(knn(x, 5, onGpu({ dispatchGroups: 1, dispatchWork: 1 }), ctx)).rejects.toThrow(CancelledError);
  }
  watch.stop();
  expect([...watch.alive]).toEqual([]);
});
