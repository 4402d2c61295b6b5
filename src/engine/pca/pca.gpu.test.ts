import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CancelledError,
  createMatrix,
  dot,
  type JobContext,
  type Matrix,
  rowOf,
  silentContext,
  takeRows,
} from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { clusteredMatrix, countBuffers, openNodeGpu, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { type Compute, CPU } from '../compute.ts';
import type { GpuBudget } from '../device/index.ts';
import { type PcaModel, pca, projectPca } from '../index.ts';
import { largestDifference } from '../reference/index.ts';
import { projectGpu } from './project.gpu.ts';
import { scatterGpu } from './scatter.gpu.ts';
import { scatterPlain } from './scatter.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openNodeGpu();
});
afterAll(() => gpu.destroy());

const device = (budget: Partial<GpuBudget> = {}, on: GpuContext = gpu) => ({ device: 'webgpu', gpu: on, budget }) as const;

/** A device that may not give up. */
const strict = (budget: Partial<GpuBudget> = {}): Compute => ({
  ...device(budget),
  onFallback: (why) => {
    throw new Error(why);
  },
});

function meanOf(x: Matrix): Float64Array {
  const mean = new Float64Array(x.cols);
  for (let i = 0; i < x.data.length; i++) mean[i % x.cols]! += x.data[i]! / x.rows;
  return mean;
}

/** Largest difference of the upper triangles (the rest is not asked for), as a share of the largest element. */
function scatterError(found: Float64Array, right: Float64Array, d: number): number {
  const upper = (values: Float64Array): Float64Array => values.filter((_, i) => Math.floor(i / d) <= i % d);
  const largest = upper(right).reduce((max, value) => Math.max(max, Math.abs(value)), 1e-300);
  return largestDifference(upper(found), upper(right)) / largest;
}

/** What the components `a` leave of the rows of `b`: the sine of the largest angle between the two subspaces. */
function sineBetween(a: Matrix, b: Matrix): number {
  let worst = 0;
  for (let r = 0; r < b.rows; r++) {
    const rest = Float64Array.from(rowOf(b, r));
    for (let c = 0; c < a.rows; c++) {
      const share = dot(rowOf(a, c), rowOf(b, r));
      for (let i = 0; i < rest.length; i++) rest[i]! -= share * rowOf(a, c)[i]!;
    }
    worst = Math.max(worst, Math.sqrt(rest.reduce((sum, value) => sum + value * value, 0)));
  }
  return worst;
}

const relative = (found: Float64Array, right: Float64Array): number =>
  Math.max(...found.map((value, i) => Math.abs(value / right[i]! - 1)));

test('the scatter matrix is that of float64 loops at awkward sizes', async () => {
  for (const rows of [1, 2, 63, 64, 65, 129, 1100]) {
    for (const cols of [1, 3, 4, 63, 64, 65, 130]) {
      if (rows === 1100 && cols !== 65) continue;
      const x = uniformMatrix(rows, cols, rows + cols);
      const mean = meanOf(x);
      const [found, right] = [await scatterGpu(x, mean, device(), silentContext), await scatterPlain(x, mean, silentContext)];
      expect(scatterError(found, right, cols), `${rows} x ${cols}`).toBeLessThan(1e-6);
    }
  }
});

test('explained variance within 1e-6 of the CPU, components and their subspace within 1e-5, signs by the same rule', async () => {
  for (const [x, dims] of [
    [clusteredMatrix(3000, 64, 1), 12],
    [clusteredMatrix(900, 384, 2), 12],
  ] as const) {
    const [found, right] = [await pca(x, dims, strict(), silentContext), await pca(x, dims, CPU, silentContext)];
    const what = `${x.rows} x ${x.cols}`;
    expect(found.mean, what).toEqual(right.mean);
    expect(relative(found.explainedVariance, right.explainedVariance), what).toBeLessThan(1e-6);
    expect(relative(found.explainedVarianceRatio, right.explainedVarianceRatio), what).toBeLessThan(1e-6);
    expect(sineBetween(found.components, right.components), what).toBeLessThan(1e-5);
    expect(largestDifference(found.components.data, right.components.data), what).toBeLessThan(1e-4);
  }
});

test('directions with next to no variance are measured in float64: what is dropped, and every value, is as on the CPU', async () => {
  const few = uniformMatrix(4, 6, 1);
  const spread = uniformMatrix(200, 6, 2);
  for (let i = 0; i < spread.data.length; i++) spread.data[i] = spread.data[i]! * 10 ** -(i % 6);
  const constant = { rows: 70, cols: 2, data: new Float32Array(140).fill(7) };
  const shifted = uniformMatrix(200, 6, 3);
  for (let r = 0; r < 200; r++) shifted.data[r * 6 + 2] = 4096;
  for (const x of [
    takeRows(
      few,
      Array.from({ length: 200 }, (_, i) => i % 4),
    ),
    spread,
    constant,
    shifted,
  ]) {
    expect(await pca(x, 6, strict(), silentContext)).toEqual(await pca(x, 6, CPU, silentContext));
  }
});

test('fewer rows than columns are the work of the CPU, to its bits', async () => {
  const x = uniformMatrix(20, 33, 1);
  expect(await pca(x, 5, strict(), silentContext)).toEqual(await pca(x, 5, CPU, silentContext));
});

test('projected rows are within 1e-6 of the CPU, at awkward sizes', async () => {
  for (const [rows, cols, dims] of [
    [1, 3, 1],
    [63, 17, 16],
    [64, 64, 64],
    [65, 70, 66],
    [300, 384, 64],
  ] as const) {
    const model = await pca(unitMatrix(500, cols, 1), dims, CPU, silentContext);
    const x = unitMatrix(rows, cols, 2);
    const found = await projectGpu(model, x, device(), silentContext);
    const right = await projectPca(model, x, CPU, silentContext);
    expect([found.rows, found.cols]).toEqual([right.rows, right.cols]);
    expect(largestDifference(found.data, right.data), `${rows} x ${cols} to ${dims}`).toBeLessThan(1e-6);
  }
  const model = await pca(unitMatrix(50, 5, 1), 2, CPU, silentContext);
  expect(await projectPca(model, createMatrix(0, 5), strict(), silentContext)).toEqual(createMatrix(0, 2));
});

test('P2 the same device gives the same bits twice, however it is cut into dispatches', async () => {
  const x = clusteredMatrix(700, 130, 1);
  const run = async (budget: Partial<GpuBudget>) => {
    const model = await pca(x, 9, strict(budget), silentContext);
    return { model, rows: await projectPca(model, x, strict(budget), silentContext) };
  };
  const right = await run({});
  for (const budget of [{}, { dispatchGroups: 5 }, { dispatchWork: 2 ** 21 }]) expect(await run(budget)).toEqual(right);
});

test('small bindings cut rows, sums and components into pieces, to the same answer within rounding', async () => {
  const x = clusteredMatrix(300, 130, 1);
  const mean = meanOf(x);
  const right = await scatterPlain(x, mean, silentContext);
  const model = await pca(x, 70, CPU, silentContext);
  const projected = await projectPca(model, x, CPU, silentContext);
  for (const bindingBytes of [65_536, 20_000]) {
    expect(scatterError(await scatterGpu(x, mean, device({ bindingBytes }), silentContext), right, 130)).toBeLessThan(1e-6);
    const found = await projectGpu(model, x, device({ bindingBytes }), silentContext);
    expect(largestDifference(found.data, projected.data), `${bindingBytes}`).toBeLessThan(1e-6);
  }
});

test('fuzz: plain loops, WASM and WGSL agree on the model and on projected rows', async () => {
  const shape = fc.record({
    rows: fc.integer({ min: 1, max: 300 }),
    cols: fc.integer({ min: 1, max: 70 }),
    dims: fc.integer({ min: 1, max: 70 }),
    offset: fc.constantFrom(0, 50),
    bindingBytes: fc.constantFrom(2 ** 27, 20_000),
    seed: fc.nat(),
  });
  type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;
  const check = async ({ rows, cols, dims, offset, bindingBytes, seed }: Shape) => {
    const x = uniformMatrix(rows, cols, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = x.data[i]! + offset;
    const found = await pca(x, dims, strict({ bindingBytes }), silentContext);
    const right = await pca(x, dims, CPU, silentContext);
    expect(found.components.rows).toBe(right.components.rows);
    if (right.explainedVariance[0]! > 0) expect(relative(found.explainedVariance, right.explainedVariance)).toBeLessThan(1e-5);
    const projected = await projectPca(right, x, strict({ bindingBytes }), silentContext);
    const plain = await projectPca(right, x, CPU, silentContext);
    expect(largestDifference(projected.data, plain.data)).toBeLessThan(1e-5);
  };
  await fc.assert(fc.asyncProperty(shape, check), { numRuns: 40 });
});

/** Takes `after` checkpoints, then does `stop`. */
function stopping(after: number, stop: () => void): JobContext {
  let left = after;
  return {
    progress: () => {},
    checkpoint: async () => {
      if (left-- === 0) stop();
    },
  };
}

const cancel = () => {
  throw new CancelledError();
};

test('P7 cancelling stops between dispatches and leaves no buffer behind; nor do many runs', async () => {
  const x = uniformMatrix(400, 20, 1);
  const model = await pca(x, 5, CPU, silentContext);
  const buffers = countBuffers(gpu);
  const budget = { dispatchWork: 1 };
  for (const after of [0, 1, 3]) {
    await expect(scatterGpu(x, model.mean, device(budget), stopping(after, cancel))).rejects.toThrow(CancelledError);
    await expect(projectGpu(model, x, device(budget), stopping(after, cancel))).rejects.toThrow(CancelledError);
    expect(buffers.open(), `cancelled at ${after}`).toBe(0);
  }
  for (let i = 0; i < 10; i++) {
    await projectPca(await pca(x, 5, strict(), silentContext), x, strict(), silentContext);
  }
  expect(buffers.made()).toBeGreaterThan(100);
  expect(buffers.open()).toBe(0);
  buffers.restore();
});

test('P5 values too long or too short for float32 are the work of the CPU, and it is told', async () => {
  for (const scale of [2 ** 70, 2 ** -90]) {
    const x = uniformMatrix(100, 4, 1);
    for (let i = 0; i < x.data.length; i++) x.data[i] = x.data[i]! * scale;
    const told: string[] = [];
    const found = await pca(x, 3, { ...device(), onFallback: (why) => told.push(why) }, silentContext);
    expect(found).toEqual(await pca(x, 3, CPU, silentContext));
    expect(told).toEqual([expect.stringContaining('beyond its range')]);
  }
});

/** Bindings as in the real kernels, but only every second workgroup writes. */
const FORGETFUL = {
  scatter: `
@group(0) @binding(0) var<uniform> params: u32;
@group(0) @binding(1) var<storage, read> rows: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;
@compute @workgroup_size(1) fn scatter() {
  for (var i = 0u; i < 1024u; i += 2u) { out[i] = rows[0] + vec4f(f32(params)); }
}`,
  project: `
@group(0) @binding(0) var<uniform> params: u32;
@group(0) @binding(1) var<storage, read> left: array<f32>;
@group(0) @binding(2) var<storage, read> right: array<f32>;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;
@compute @workgroup_size(1) fn project() { out[0] = left[0] + right[0] + f32(params); }`,
};

test('kernels that leave out some of their work are refused', async () => {
  const methods: Partial<GpuContext> = {
    isLost: false,
    pipeline: (_, entry) => gpu.pipeline(FORGETFUL[entry as keyof typeof FORGETFUL], entry),
    createStorage: (label, bytes) => gpu.createStorage(label, bytes),
    upload: (label, data) => gpu.upload(label, data),
    createUniform: (label, bytes) => gpu.createUniform(label, bytes),
    guarded: (what, work) => gpu.guarded(what, work),
    read: (parts) => gpu.read(parts),
    finished: () => gpu.finished(),
  };
  const forgetful = device({}, { ...gpu, ...methods } as GpuContext);
  const x = uniformMatrix(80, 5, 1);
  const model = await pca(x, 3, CPU, silentContext);
  await expect(scatterGpu(x, model.mean, forgetful, silentContext)).rejects.toMatchObject({ code: 'gpu-wrong' });
  await expect(projectGpu(model, x, forgetful, silentContext)).rejects.toMatchObject({ code: 'gpu-wrong' });
});

test('P5 a device lost in the middle: both steps end on the CPU with its answer, and say so', async () => {
  const x = uniformMatrix(400, 20, 1);
  const model: PcaModel = await pca(x, 5, CPU, silentContext);
  const projected = await projectPca(model, x, CPU, silentContext);
  for (const after of [0, 3]) {
    for (const [step, right] of [
      [(compute: Compute, ctx: JobContext) => pca(x, 5, compute, ctx), model],
      [(compute: Compute, ctx: JobContext) => projectPca(model, x, compute, ctx), projected],
    ] as const) {
      const other = await openNodeGpu();
      const told: string[] = [];
      const compute: Compute = { ...device({ dispatchWork: 1 }, other), onFallback: (why) => told.push(why) };
      // The means of the columns are four checkpoints of the CPU.
      const found = await step(
        compute,
        stopping(after + (right === model ? 4 : 0), () => other.device.destroy()),
      );
      expect(found).toEqual(right);
      expect(told).toEqual([expect.stringContaining('lost')]);
      other.destroy();
    }
  }
});
