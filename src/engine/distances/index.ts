import type { JobContext, Matrix } from '../../domain/index.ts';
import { requireFinite, requireSameCols } from '../check.ts';
import type { Compute, GpuCompute } from '../compute.ts';
import { onDevice } from '../device/index.ts';
import { withTeam } from '../team/index.ts';
import { assignNearestCpu } from './assign.cpu.ts';
import { type GpuRows, openGpuRows } from './assign.gpu.ts';
import { assignNearestWasm } from './assign.wasm.ts';
import type { Assignment } from './types.ts';

export { indexOfMin, squaredDistancesToAll } from './assign.cpu.ts';
export { ASSIGN_PARAMS_BYTES, assignParams, assignPipeline, NO_LABEL, shifted } from './assign.gpu.ts';
export { WasmAssigner } from './assign.wasm.ts';
export { type SlabShape, slabShader, slabShape } from './slab.ts';
export type { Assignment } from './types.ts';

/**
 * For every row of `x` (n x d) the nearest of the `centroids` (k x d, k >= 1) by squared Euclidean distance; ties go to the
 * lowest index. On the CPU as in float64, by WASM or without, to the same bits; on WebGPU in float32 as |x|^2 + |c|^2 - 2 x.c,
 * clamped at 0.
 * @throws AppError `input` if a value is not finite.
 */
export async function assignNearest(x: Matrix, centroids: Matrix, compute: Compute, ctx: JobContext): Promise<Assignment> {
  await requireFinite(x, 'profiles', ctx);
  await requireFinite(centroids, 'centroids', ctx);
  const assigner = new Assigner(x, compute);
  try {
    return await assigner.assign(centroids, ctx);
  } finally {
    assigner.close();
  }
}

/**
 * Assigns the same rows to one set of centroids after another. The rows are uploaded once, at the first call. If the device
 * fails, `compute.onFallback` is told, and the step it failed at and all later ones are done on the CPU. Whoever made it
 * closes it.
 */
export class Assigner {
  #rows: GpuRows | null = null;
  #gaveUp = false;

  constructor(
    private readonly x: Matrix,
    private readonly compute: Compute,
  ) {}

  async assign(centroids: Matrix, ctx: JobContext): Promise<Assignment> {
    requireSameCols(this.x, centroids);
    const onCpu = () => this.#onCpu(centroids, ctx);
    if (this.#gaveUp || this.x.rows === 0) return await onCpu();
    const work = this.x.rows * centroids.rows * this.x.cols;
    return await onDevice(this.compute, (compute) => this.#onGpu(compute, centroids, ctx), onCpu, work);
  }

  async #onGpu({ gpu, budget }: GpuCompute, centroids: Matrix, ctx: JobContext): Promise<Assignment> {
    this.#rows ??= await openGpuRows(gpu, this.x, ctx, budget);
    return await this.#rows.assign(centroids, ctx);
  }

  async #onCpu(centroids: Matrix, ctx: JobContext): Promise<Assignment> {
    this.#gaveUp = true;
    this.close();
    return (
      (await withTeam(this.compute.team, (team) => assignNearestWasm(this.x, centroids, ctx, team))) ??
      (await assignNearestCpu(this.x, centroids, ctx))
    );
  }

  close(): void {
    this.#rows?.close();
    this.#rows = null;
  }
}
