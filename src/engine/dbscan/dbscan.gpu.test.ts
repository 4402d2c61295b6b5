import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CancelledError, createMatrix, type JobContext, type Matrix, silentContext, takeRows } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { blobMatrix, clusteredMatrix, openNodeGpu, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { CPU, type GpuCompute } from '../compute.ts';
import type { GpuBudget } from '../device/index.ts';
import { dbscanOracle } from './dbscan.cpu.ts';
import { type Dbscan, type DbscanOptions, dbscan, kDistances, kneeOf } from './index.ts';

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

/** The device, and what it was given up for. */
function watched(on: GpuContext = gpu, budget: Partial<GpuBudget> = {}): { compute: GpuCompute; told: string[] } {
  const told: string[] = [];
  return { compute: { device: 'webgpu', gpu: on, budget, onFallback: (reason) => told.push(reason) }, told };
}

/** On the device, in WASM and by the oracle. */
async function expectOracle(x: Matrix, options: DbscanOptions, what: string, budget?: Partial<GpuBudget>): Promise<Dbscan> {
  const right = await dbscanOracle(x, options, silentContext);
  expect(await dbscan(x, options, CPU, silentContext), `WASM, ${what}`).toEqual(right);
  expect(await dbscan(x, options, onGpu(budget), silentContext), `WebGPU, ${what}`).toEqual(right);
  return right;
}

test('labels are those of the oracle at awkward sizes, minPts beyond the rows among them', async () => {
  for (const rows of [0, 1, 2, 63, 64, 65, 129]) {
    for (const cols of [1, 17]) {
      const x = uniformMatrix(rows, cols, rows + 1);
      for (const minPts of rows === 65 ? [1, 2, 5, 65, 66] : [5]) {
        await expectOracle(x, { eps: 0.1 * cols, minPts }, `${rows} x ${cols}, minPts ${minPts}`);
      }
    }
  }
});

test('labels are those of the oracle on embeddings at the knee, and on unit vectors', async () => {
  const x = clusteredMatrix(400, 384, 3);
  const eps = kneeOf(await kDistances(x, 10, CPU, silentContext))?.distance as number;
  expect((await expectOracle(x, { eps, minPts: 10 }, 'clustered')).clusters).toBeGreaterThan(1);
  await expectOracle(unitMatrix(300, 64, 4), { eps: 1.2, minPts: 4 }, 'unit');
});

test('a chain through all rows, in an order that links far ends first, is one cluster', async () => {
  const x = { rows: 600, cols: 1, data: Float32Array.from({ length: 600 }, (_, r) => (r * 389) % 600) };
  const { clusters, labels } = await expectOracle(x, { eps: 1.5, minPts: 3 }, 'chain');
  expect([clusters, labels.every((label) => label === 0)]).toEqual([1, true]);
});

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 150 }),
  cols: fc.integer({ min: 1, max: 9 }),
  minPts: fc.integer({ min: 1, max: 12 }),
  seed: fc.nat(),
  eps: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
  offset: fc.constantFrom(0, 64, 1000),
  bindingBytes: fc.constantFrom(1200, 6000, 2 ** 27),
  dispatchGroups: fc.constantFrom(1, 65535),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

test('fuzz: the labels of the oracle at any shape, in pieces of any size', async () => {
  const check = async ({ rows, cols, minPts, seed, eps, offset, ...budget }: Shape) => {
    const x = blobMatrix(rows, cols, 4, 0.3, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = (x.data[i] as number) + offset;
    await expectOracle(x, { eps, minPts }, 'blobs', budget);
  };
  await fc.assert(fc.asyncProperty(shapes, check), { numRuns: 20 });
});

test('fuzz: pairs at exactly eps, and closer to it than float32 can tell, are decided by float64', async () => {
  const check = async ({ rows, cols, minPts, seed, offset, eps: _, ...budget }: Shape, steps: number) => {
    const x = uniformMatrix(rows, cols, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = offset + Math.round((x.data[i] as number) * steps) / steps;
    for (const eps of [0, 1 / steps, (1 - 1e-12) / steps, (1 + 1e-12) / steps]) {
      await expectOracle(x, { eps, minPts }, `eps ${eps}`, budget);
    }
  };
  await fc.assert(fc.asyncProperty(shapes, fc.constantFrom(1, 2, 4), check), { numRuns: 8 });
});

test('where float32 cannot tell rows apart at all, float64 still can', async () => {
  // Neighbours 1e-5 apart on rows of length 20: products are rounded by 2e-5, and squares of what is asked for are 1e-10.
  const x = createMatrix(120, 4);
  for (let r = 0; r < 120; r++) x.data.set([10 + ((r * 7) % 120) * 1e-5, r % 2 === 0 ? 10 : -10, 10, 10], r * 4);
  expect((await expectOracle(x, { eps: 2.5e-5, minPts: 3 }, 'near')).clusters).toBe(2);
});

test('a border row goes to the adjacent cluster whose lowest core row comes first', async () => {
  // Row 0 is within 1 of a core on either side; of the cores, 2 on the right comes before 5 on the left.
  const x = { rows: 7, cols: 1, data: Float32Array.of(0, 1.5, 1, 1.75, -1.5, -1, -1.75) };
  for (const eps of [1, 1.01]) {
    const { labels, core, clusters } = await expectOracle(x, { eps, minPts: 4 }, 'two clusters');
    expect([[...labels], [...core], clusters]).toEqual([[0, 0, 0, 0, 1, 1, 1], [0, 0, 1, 0, 0, 1, 0], 2]);
  }
});

test('duplicates are one cluster at eps 0; too few rows are all noise; a constant column changes nothing', async () => {
  const same = await expectOracle(createMatrix(130, 5), { eps: 0, minPts: 130 }, 'same');
  expect([same.clusters, same.labels.every((l) => l === 0)]).toEqual([1, true]);
  const few = await expectOracle(createMatrix(130, 5), { eps: 0, minPts: 131 }, 'few');
  expect([few.clusters, few.labels.every((l) => l === -1)]).toEqual([0, true]);
  const x = blobMatrix(150, 3, 3, 0.4, 2);
  const plain = await dbscan(x, { eps: 0.5, minPts: 4 }, onGpu(), silentContext);
  const wide = { rows: 150, cols: 4, data: new Float32Array(600).fill(4096) };
  for (let r = 0; r < 150; r++) wide.data.set(x.data.subarray(r * 3, r * 3 + 3), r * 4);
  expect(await dbscan(wide, { eps: 0.5, minPts: 4 }, onGpu(), silentContext)).toEqual(plain);
});

test('P2 the same bits twice; in chunks, in small dispatches and in one piece', async () => {
  const x = blobMatrix(200, 6, 5, 0.4, 7);
  const options = { eps: 0.45, minPts: 6 };
  const { clusters, labels } = await expectOracle(x, options, 'whole');
  expect(clusters).toBeGreaterThan(1);
  expect(labels.includes(-1)).toBe(true);
  const budgets: Partial<GpuBudget>[] = [
    {},
    { bindingBytes: 8 * 4 * 70 },
    { bindingBytes: 8 * 4 * 45 },
    { dispatchGroups: 1 },
    { dispatchWork: 1 },
  ];
  for (const budget of budgets) await expectOracle(x, options, JSON.stringify(budget), budget);
  await expectOracle(x, { eps: 0.7, minPts: 30 }, 'lists longer than rows', { bindingBytes: 8 * 4 * 120 });
});

test('the k-distance curve is that of the CPU', async () => {
  const x = unitMatrix(70, 20, 5);
  for (const k of [1, 4, 80]) {
    const [mine, right] = [await kDistances(x, k, onGpu(), silentContext), await kDistances(x, k, CPU, silentContext)];
    expect(mine.length).toBe(70);
    for (const [i, value] of mine.entries()) expect(Math.abs(value - (right[i] as number)), `k ${k}`).toBeLessThan(1e-5);
  }
  expect((await kDistances(createMatrix(0, 3), 4, onGpu(), silentContext)).length).toBe(0);
});

test('P5 more pairs in doubt than there is room for are left to the CPU, and that is told', async () => {
  const { compute, told } = watched(gpu, { dispatchMs: 1e6 });
  const { clusters } = await dbscan(createMatrix(1500, 1), { eps: 0, minPts: 5 }, compute, silentContext);
  expect(clusters).toBe(1);
  expect(told).toEqual([expect.stringContaining('(1,124,250 at once) are too near to eps')]);
});

test('pairs in doubt are settled after each dispatch, so that there may be more of them than there is room for', async () => {
  const { clusters } = await expectOracle(createMatrix(800, 1), { eps: 0, minPts: 5 }, 'equal rows', { dispatchWork: 2 ** 20 });
  expect(clusters).toBe(1);
});

test('P5 numbers beyond float32 are left to the CPU, and that is told', async () => {
  const { compute, told } = watched();
  const x = { rows: 3, cols: 1, data: Float32Array.of(-1e30, 1e30, 1.5e30) };
  expect([...(await dbscan(x, { eps: 6e29, minPts: 2 }, compute, silentContext)).labels]).toEqual([-1, 0, 0]);
  expect(told).toEqual([expect.stringContaining('beyond its range')]);
});

const FORGETFUL = `
@group(0) @binding(0) var<uniform> first: u32;
@group(0) @binding(1) var<storage, read> lists: array<u32>;
@group(0) @binding(3) var<storage, read_write> labels: array<u32>;
@group(0) @binding(5) var<storage, read_write> state: array<u32>;
@compute @workgroup_size(1) fn labelRows() { labels[0] = first + lists[0] + state[0]; }`;

test('P5 labels that the kernel left unwritten are no answer: the CPU gives it, and that is told', async () => {
  const forgetful = new Proxy(gpu, {
    get: (target, name) => {
      if (name === 'pipeline') return (s: string, e: string) => gpu.pipeline(e === 'labelRows' ? FORGETFUL : s, e);
      const value = target[name as keyof GpuContext];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const { compute, told } = watched(forgetful);
  const x = uniformMatrix(65, 3, 1);
  const options = { eps: 0.5, minPts: 3 };
  expect(await dbscan(x, options, compute, silentContext)).toEqual(await dbscanOracle(x, options, silentContext));
  expect(told).toEqual([expect.stringContaining('unwritten')]);
});

/** Calls `at(n)` at the n-th checkpoint, counted from 1. */
const atCheckpoints = (at: (n: number) => void): JobContext => {
  let n = 0;
  return { progress: () => {}, checkpoint: async () => at(++n) };
};

test('P5 a device lost in the middle: the CPU ends the job, and that is told', async () => {
  const x = blobMatrix(200, 8, 4, 0.3, 1);
  const options = { eps: 0.6, minPts: 4 };
  const right = await dbscanOracle(x, options, silentContext);
  const small = { dispatchWork: 2 ** 16 };
  let checkpoints = 0;
  await dbscan(
    x,
    options,
    onGpu(small),
    atCheckpoints((n) => (checkpoints = n)),
  );
  expect(checkpoints).toBeGreaterThan(8);
  for (const lostAt of [Math.floor(checkpoints / 2), checkpoints - 1]) {
    const other = await openNodeGpu();
    const { compute, told } = watched(other, small);
    const ctx = atCheckpoints((n) => n === lostAt && other.device.destroy());
    expect(await dbscan(x, options, compute, ctx)).toEqual(right);
    expect(told, `lost at ${lostAt} of ${checkpoints}`).toEqual([expect.stringContaining('lost')]);
    other.destroy();
  }
});

/** Labels of the buffers that were created on `on.device` and not yet destroyed. */
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

test('P7 it can be cancelled between dispatches; no run leaves a buffer behind', async () => {
  const watch = watchBuffers(gpu);
  const x = takeRows(uniformMatrix(100, 3, 1), [...Array(100).keys(), ...Array(50).keys()]);
  const options = { eps: 0.3, minPts: 3 };
  for (let i = 0; i < 6; i++) {
    await dbscan(x, { eps: i % 2 === 0 ? 0.3 : 0, minPts: 2 }, onGpu({ bindingBytes: 1000 }), silentContext);
    const ctx = atCheckpoints((n) => {
      if (n === i + 2) throw new CancelledError();
    });
    await expect(dbscan(x, options, onGpu({ dispatchWork: 1 }), ctx)).rejects.toThrow(CancelledError);
  }
  watch.stop();
  expect([...watch.alive]).toEqual([]);
});
