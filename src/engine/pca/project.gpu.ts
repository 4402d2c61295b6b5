import { createMatrix, type JobContext, type Matrix } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import type { GpuCompute } from '../compute.ts';
import {
  budgetOf,
  type DeviceChunk,
  type DeviceRows,
  destroyAll,
  type GpuBudget,
  openDeviceRows,
  Pacer,
  SIDE,
  slicesOf,
  submitPass,
  tileShader,
  unwritten,
} from '../device/index.ts';
import type { PcaModel } from './index.ts';
import shader from './project.wgsl?raw';

/**
 * (x - mean) times the components' transpose, n x kept, in float32.
 * Buffers: the rows, the components, and the result of one chunk of rows.
 * @throws AppError `ability` where the device fails or a product leaves float32.
 */
export async function projectGpu(model: PcaModel, x: Matrix, compute: GpuCompute, ctx: JobContext): Promise<Matrix> {
  const { gpu } = compute;
  const { components, mean } = model;
  const limits = budgetOf(gpu, compute.budget);
  const out = createMatrix(x.rows, components.rows);
  const opened: DeviceRows[] = [];
  try {
    const axes = await openDeviceRows(gpu, components, limits, ctx, new Float64Array(x.cols));
    opened.push(axes);
    const rows = await openDeviceRows(gpu, x, limits, ctx, mean);
    opened.push(rows);
    const pipeline = await gpu.pipeline(tileShader + shader, 'project');
    for (const chunk of rows.chunks) {
      out.data.set(await projectChunk({ gpu, limits, pipeline, axes }, chunk, ctx), chunk.start * out.cols);
      ctx.progress(chunk.end, x.rows);
    }
  } finally {
    for (const each of opened) each.close();
  }
  return out;
}

interface Run {
  readonly gpu: GpuContext;
  readonly limits: GpuBudget;
  readonly pipeline: GPUComputePipeline;
  readonly axes: DeviceRows;
}

async function projectChunk(run: Run, chunk: DeviceChunk, ctx: JobContext): Promise<Float32Array> {
  const { gpu, axes } = run;
  const count = (chunk.end - chunk.start) * axes.rows;
  const [params, out] = await gpu.guarded('make room for the projection', () => [
    gpu.createUniform('project params', 24),
    gpu.upload('projected', new Float32Array(count).fill(Number.NaN)),
  ]);
  try {
    for (const part of axes.chunks) await projectOnto(run, chunk, part, params as GPUBuffer, out as GPUBuffer, ctx);
    const [bytes] = await gpu.read([{ buffer: out as GPUBuffer, bytes: count * 4 }]);
    const found = new Float32Array(bytes as ArrayBuffer);
    for (const value of found) if (!Number.isFinite(value)) throw unwritten();
    return found;
  } finally {
    destroyAll([params, out] as GPUBuffer[]);
  }
}

async function projectOnto(
  { gpu, limits, pipeline, axes }: Run,
  chunk: DeviceChunk,
  part: DeviceChunk,
  params: GPUBuffer,
  out: GPUBuffer,
  ctx: JobContext,
): Promise<void> {
  const rows = chunk.end - chunk.start;
  const count = part.end - part.start;
  const fields = [rows, count, part.start, axes.rows, axes.stride];
  const bind = bindAt(gpu, pipeline, { 0: params, 1: chunk.data, 2: part.data, 5: out });
  const submit = (from: number, to: number) =>
    gpu.guarded('project', () => {
      for (const { start, end } of slicesOf(to - from, limits.dispatchGroups)) {
        gpu.device.queue.writeBuffer(params, 0, Uint32Array.of(from + start, ...fields));
        submitPass(gpu, [{ pipeline, bind, groups: [end - start, Math.ceil(count / SIDE)] }]);
      }
    });
  const work = SIDE * Math.ceil(count / SIDE) * SIDE * axes.stride;
  await new Pacer(gpu, limits).run('project', Math.ceil(rows / SIDE), 1, () => work, ctx, submit);
}

/** The norms that tile.wgsl declares are not used here, and so not in the layout: bindings 3 and 4 stay empty. */
function bindAt(gpu: GpuContext, pipeline: GPUComputePipeline, buffers: Readonly<Record<number, GPUBuffer>>): GPUBindGroup {
  return gpu.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: Object.entries(buffers).map(([binding, buffer]) => ({ binding: Number(binding), resource: { buffer } })),
  });
}
