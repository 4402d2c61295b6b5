import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, type JobContext, type Matrix, silentContext } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { clusteredMatrix, mixtureMatrix, openNodeGpu, uniformMatrix } from '../../testing/index.ts';
import { type Compute, CPU, type GpuCompute } from '../compute.ts';
import { createUmap, type FuzzyGraph, fuzzyGraph, knn, trustworthiness, umapLayout } from '../index.ts';
import { storedMatrix } from '../reference/index.ts';
import umapLearn from './umap-learn.json' with { type: 'json' };
import { openWalkGpu } from './walk.gpu.ts';
import { walkOracle } from './walk.oracle.ts';

let gpu: GpuContext;
const told: string[] = [];
const on = (more: Partial<GpuCompute> = {}): GpuCompute => ({
  device: 'webgpu',
  gpu,
  onFallback: (reason) => void told.push(reason),
  ...more,
});
beforeAll(async () => {
  gpu = await openNodeGpu();
});
afterAll(() => gpu.destroy());

const options = { minDist: 0.1, epochs: 50, seed: 7 };
const graphOf = async (x: Matrix, k = 15) => fuzzyGraph(await knn(x, k, CPU, silentContext), silentContext);
const startFor = (rows: number): Float32Array => uniformMatrix(rows, 2, 5).data.map((v) => 5 * v);

async function layoutOf(graph: FuzzyGraph, compute: Compute, more: Partial<typeof options> = {}): Promise<Float32Array> {
  const umap = createUmap(graph, startFor(graph.rows), { ...options, ...more }, compute);
  try {
    await umap.run(silentContext);
    return umap.positions.slice();
  } finally {
    umap.destroy();
  }
}

/** Ties of random weights between random rows; the rows of `hubs` are tied to all others, and some rows to nothing. */
function randomGraph(rows: number, perRow: number, hubs: number, seed: number): FuzzyGraph {
  const random = createRandom(seed);
  const ties = Array.from({ length: rows }, () => new Map<number, number>());
  const tie = (a: number, b: number, weight: number): void => {
    if (a === b) return;
    ties[a]?.set(b, weight);
    ties[b]?.set(a, weight);
  };
  for (let r = 0; r < rows; r += 1 + random.int(3)) {
    for (let t = 0; t < perRow; t++) tie(r, random.int(rows), 0.05 + 0.95 * random.next());
  }
  for (let hub = 0; hub < hubs; hub++) for (let r = 0; r < rows; r++) tie(hub, r, 0.05 + 0.95 * random.next());
  const offsets = new Uint32Array(rows + 1);
  for (let r = 0; r < rows; r++) offsets[r + 1] = (offsets[r] as number) + (ties[r]?.size ?? 0);
  const lists = ties.flatMap((row) => [...row]);
  const [tails, weights] = [lists.map(([tail]) => tail), lists.map(([, weight]) => weight)];
  return { rows, offsets, tails: Uint32Array.from(tails), weights: Float32Array.from(weights) };
}

test('one epoch moves every row as the formulas in float64 do, on graphs of any shape', async () => {
  const shapes: FuzzyGraph[] = [];
  for (const rows of [2, 3, 63, 64, 65, 128, 300]) shapes.push(randomGraph(rows, 4, 0, rows));
  shapes.push(randomGraph(700, 2, 2, 1), await graphOf(uniformMatrix(130, 4, 1)));
  for (const graph of shapes) {
    // A start that is wide: pushes of rows that nearly touch would magnify the rounding of one tie into the next.
    const start = startFor(graph.rows).map((v) => 20 * v);
    const umap = createUmap(graph, start, { ...options, epochs: 1 }, on());
    await umap.run(silentContext);
    const right = walkOracle(graph, start, { ...options, epochs: 1 });
    const worst = umap.positions.reduce((most, v, i) => Math.max(most, Math.abs(v - (right[i] as number))), 0);
    expect(worst, `${graph.rows} rows`).toBeLessThan(2e-3);
    umap.destroy();
  }
  expect(told).toEqual([]);
});

test.each([1, 64, 99, 199])(
  'of 200 rows the first %i that are held keep every bit, and the others move as in float64',
  async (held) => {
    const graph = await graphOf(uniformMatrix(200, 4, 1));
    const start = startFor(200).map((v) => 20 * v);
    const right = walkOracle(graph, start, { ...options, epochs: 1, held });
    for (const epochs of [1, 7]) {
      const umap = createUmap(graph, start, { ...options, epochs, held }, on());
      await umap.run(silentContext);
      expect(umap.positions.subarray(0, 2 * held)).toEqual(start.subarray(0, 2 * held));
      const worst = umap.positions.reduce((most, v, i) => Math.max(most, Math.abs(v - (right[i] as number))), 0);
      if (epochs === 1) expect(worst).toBeLessThan(2e-3);
      umap.destroy();
    }
    expect(told).toEqual([]);
  },
);

test('P2 with held rows the same bits however dispatches are cut, and as trustworthy as on the CPU', async () => {
  const x = clusteredMatrix(400, 32, 1);
  const start = await umapLayout(x, { neighbours: 15, minDist: 0.1, epochs: 20, seed: 2 }, CPU, silentContext);
  const settings = { neighbours: 15, minDist: 0.1, epochs: 100, seed: 1, start, held: 200 };
  const layout = (compute: Compute): Promise<Matrix> => umapLayout(x, settings, compute, silentContext);
  const whole = await layout(on());
  expect(await layout(on({ budget: { dispatchWork: 20_000, dispatchGroups: 2 } }))).toEqual(whole);
  const trust = (found: Matrix): Promise<number> => trustworthiness(x, found, 15, silentContext);
  expect(await trust(whole)).toBeGreaterThan((await trust(await layout(CPU))) - 0.01);
  expect(told).toEqual([]);
});

test('P2 the same bits twice, however epochs, submissions and dispatches are cut', async () => {
  const graph = await graphOf(clusteredMatrix(150, 6, 1));
  const whole = await layoutOf(graph, on(), { epochs: 16 });
  for (const budget of [{}, { dispatchGroups: 2 }, { dispatchWork: 1 }, { dispatchWork: 20_000, dispatchGroups: 3 }]) {
    expect(await layoutOf(graph, on({ budget }), { epochs: 16 }), JSON.stringify(budget)).toEqual(whole);
  }
  const cut = createUmap(graph, startFor(150), { ...options, epochs: 16 }, on());
  for (const count of [1, 0, 7, 100]) await cut.step(count);
  expect(cut.positions).toEqual(whole);
  expect(cut.epoch).toBe(16);
  cut.destroy();
  expect(await layoutOf(graph, on(), { epochs: 16, seed: 8 })).not.toEqual(whole);
  expect(told).toEqual([]);
});

const DATA: readonly (readonly [string, () => Matrix])[] = [
  ['swiss roll', () => storedMatrix(umapLearn.swissRoll.x)],
  ['blobs', () => storedMatrix(umapLearn.blobs.x)],
  ['clusters', () => clusteredMatrix(400, 32, 1)],
  ['mixture', () => mixtureMatrix(400, 64, 1)],
];

test.each(DATA)('trustworthiness on %s is within .01 of the CPU, or better', async (_, make) => {
  const x = make();
  const settings = { neighbours: 15, minDist: 0.1, epochs: 100, seed: 1 };
  const trust = async (compute: Compute): Promise<number> =>
    trustworthiness(x, await umapLayout(x, settings, compute, silentContext), 15, silentContext);
  const [device, cpu] = [await trust(on()), await trust(CPU)];
  expect(device).toBeGreaterThan(cpu - 0.01);
  expect(told).toEqual([]);
});

test('rows without ties stay, few rows or none are no trouble, and rows at one point stay finite', async () => {
  for (const rows of [0, 1, 2]) {
    const bare: FuzzyGraph = { rows, offsets: new Uint32Array(rows + 1), tails: new Uint32Array(), weights: new Float32Array() };
    expect(await layoutOf(bare, on())).toEqual(startFor(rows));
  }
  const graph = randomGraph(200, 3, 0, 3);
  const layout = await layoutOf(graph, on());
  const alone = [...Array(200).keys()].filter((r) => graph.offsets[r] === graph.offsets[r + 1]);
  expect(alone.length).toBeGreaterThan(3);
  for (const r of alone) expect(layout.slice(2 * r, 2 * r + 2)).toEqual(startFor(200).slice(2 * r, 2 * r + 2));
  const umap = createUmap(graph, new Float32Array(400), options, on());
  await umap.run(silentContext);
  expect(umap.positions.every(Number.isFinite)).toBe(true);
  umap.destroy();
  expect(told).toEqual([]);
});

test('a row with thousands of ties sees them in turn, and ends among them', async () => {
  const graph = randomGraph(3000, 3, 1, 4);
  const umap = createUmap(graph, startFor(3000), { ...options, epochs: 2 }, on());
  await umap.run(silentContext);
  const right = walkOracle(graph, startFor(3000), { ...options, epochs: 2 });
  expect(
    Math.hypot((umap.positions[0] as number) - (right[0] as number), (umap.positions[1] as number) - (right[1] as number)),
  ).toBeLessThan(0.5);
  umap.destroy();
  const layout = await layoutOf(graph, on());
  expect(Math.hypot(layout[0] as number, layout[1] as number)).toBeLessThan(10);
});

test('P7 positions are told in between as copies, progress never runs back, and a cancel is no reason to fall back', async () => {
  const graph = await graphOf(uniformMatrix(150, 4, 1));
  const looks: number[] = [];
  const copies: Float32Array[] = [];
  const shares: number[] = [];
  let left = Number.POSITIVE_INFINITY;
  const stop = Object.assign(new Error('stop'), { name: 'CancelledError' });
  const ctx: JobContext = {
    progress: (done) => void shares.push(done),
    checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(stop)),
  };
  const onPositions = (positions: Float32Array, epoch: number): void => {
    looks.push(epoch);
    copies.push(positions);
  };
  const budget = { dispatchWork: 30_000 };
  const umap = createUmap(graph, startFor(150), options, on({ budget }));
  await umap.run(ctx, { every: 0, onPositions });
  expect(looks.length).toBeGreaterThan(5);
  expect(looks).toEqual([...looks].sort((a, b) => a - b));
  expect([looks.at(-1), shares.at(-1)]).toEqual([50, 50]);
  expect(shares).toEqual([...new Set(shares)].sort((a, b) => a - b));
  expect(copies.at(-1)).toEqual(umap.positions);
  expect(copies[0]).not.toEqual(copies.at(-1));
  expect(await layoutOf(graph, on())).toEqual(umap.positions);
  umap.destroy();

  left = 2;
  const cancelled = createUmap(graph, startFor(150), options, on({ budget }));
  await expect(cancelled.run(ctx)).rejects.toBe(stop);
  await cancelled.step(100);
  expect(cancelled.positions).toEqual(copies.at(-1));
  cancelled.destroy();
  expect(told).toEqual([]);
});

test('destroyed in the middle the work ends as cancelled, and so does what is asked after', async () => {
  const umap = createUmap(await graphOf(uniformMatrix(200, 4, 1)), startFor(200), options, on({ budget: { dispatchWork: 1 } }));
  let checkpoints = 0;
  const ctx = { ...silentContext, checkpoint: async () => void (++checkpoints === 3 && umap.destroy()) };
  await expect(umap.run(ctx)).rejects.toMatchObject({ name: 'CancelledError' });
  umap.destroy();
  await expect(umap.step(1)).rejects.toMatchObject({ name: 'CancelledError' });
  expect(told).toEqual([]);
});

/** A context that counts the buffers of the real one. */
function counted(): { context: GpuContext; open: () => number; made: () => number } {
  const live = new Set<GPUBuffer>();
  let made = 0;
  const track = (buffer: GPUBuffer): GPUBuffer => {
    const destroy = buffer.destroy.bind(buffer);
    live.add(buffer);
    made++;
    buffer.destroy = () => {
      live.delete(buffer);
      return destroy();
    };
    return buffer;
  };
  const context: GpuContext = Object.create(gpu, {
    createStorage: { value: (label: string, bytes: number) => track(gpu.createStorage(label, bytes)) },
    createUniform: { value: (label: string, bytes: number) => track(gpu.createUniform(label, bytes)) },
    pipeline: { value: gpu.pipeline.bind(gpu) },
    guarded: { value: gpu.guarded.bind(gpu) },
    read: { value: gpu.read.bind(gpu) },
    finished: { value: gpu.finished.bind(gpu) },
    isLost: { get: () => gpu.isLost },
  });
  return { context, open: () => live.size, made: () => made };
}

test('no buffers are left over, after runs that end, are cancelled or fail', async () => {
  const { context, open, made } = counted();
  const x = uniformMatrix(120, 4, 1);
  // With lists and start given the descent alone is on the device.
  const lists = await knn(x, 10, CPU, silentContext);
  const settings = { neighbours: 10, minDist: 0.1, epochs: 20, seed: 1, lists, start: uniformMatrix(120, 2, 2) };
  for (let i = 0; i < 3; i++) await umapLayout(x, settings, on({ gpu: context }), silentContext);
  const before = made();
  const ctx = { ...silentContext, checkpoint: () => (made() === before ? Promise.resolve() : Promise.reject(new Error('stop'))) };
  await expect(umapLayout(x, settings, on({ gpu: context, budget: { dispatchWork: 1 } }), ctx)).rejects.toThrow('stop');
  expect([before, made()]).toEqual([3 * 6, 4 * 6]);
  expect(open()).toBe(0);
  expect(told).toEqual([]);
});

test('a graph that one binding cannot hold is laid out by the CPU, which says why', async () => {
  const graph = await graphOf(uniformMatrix(200, 4, 1));
  const reasons: string[] = [];
  const compute = on({ budget: { bindingBytes: 4 * graph.tails.length - 1 }, onFallback: (reason) => void reasons.push(reason) });
  expect(await layoutOf(graph, compute)).toEqual(await layoutOf(graph, CPU));
  expect(reasons).toEqual([expect.stringContaining('200 rows')]);
});

/** Same bindings as the real kernel, but only even rows get a place. */
const FORGETFUL = `
struct Params { firstRow: u32, endRow: u32, rows: u32, epoch: u32, seed: u32, alpha: f32, a: f32, b: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> tails: array<u32>;
@group(0) @binding(3) var<storage, read> rates: array<u32>;
@group(0) @binding(4) var<storage, read> old: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> moved: array<vec2f>;
@compute @workgroup_size(64) fn walk(@builtin(global_invocation_id) id: vec3u) {
  let row = params.firstRow + id.x;
  if (row < params.endRow && row % 2u == 0u) { moved[row] = vec2f(f32(offsets[0] + tails[0] + rates[0])) + old[row]; }
}`;

test('a kernel that skips rows is found out, after an odd number of epochs and after an even one', async () => {
  const graph = await graphOf(uniformMatrix(65, 3, 1));
  const { context } = counted();
  const forgetful: GpuContext = Object.create(context, { pipeline: { value: () => gpu.pipeline(FORGETFUL, 'walk') } });
  for (const epochs of [3, 4]) {
    const walk = await openWalkGpu(on({ gpu: forgetful }), graph, startFor(65), { ...options, epochs });
    await walk.advance(epochs, silentContext);
    await expect(walk.read()).rejects.toMatchObject({ kind: 'ability', code: 'gpu-wrong' });
    walk.close();
  }
});

test('P5 a device lost in the middle: the CPU goes on from the last positions that were read, and says so', async () => {
  const own = await openNodeGpu();
  const graph = await graphOf(clusteredMatrix(300, 8, 1));
  const reasons: string[] = [];
  const looks: number[] = [];
  const compute = on({ gpu: own, budget: { dispatchWork: 1 }, onFallback: (reason) => void reasons.push(reason) });
  const umap = createUmap(graph, startFor(300), options, compute);
  const shares: number[] = [];
  await umap.run(
    { progress: (done) => void shares.push(done), checkpoint: async () => {} },
    {
      every: 0,
      onPositions: (_, epoch) => {
        looks.push(epoch);
        if (epoch === 20) own.device.destroy();
      },
    },
  );
  expect(reasons).toEqual([expect.stringContaining('lost')]);
  const epochs = Array.from({ length: 50 }, (_, i) => i + 1);
  expect([looks, shares]).toEqual([epochs, epochs]);
  expect(umap.epoch).toBe(50);
  expect(umap.positions.every(Number.isFinite)).toBe(true);
  umap.destroy();
  own.destroy();
});
