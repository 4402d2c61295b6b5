import { isCancelled, type JobContext, type Matrix, toAppError } from '../../domain/index.ts';
import { requireFinite, requireSameCols } from '../check.ts';
import type { Compute } from '../compute.ts';
import type { GpuBudget } from '../device/index.ts';
import { assignNearestCpu } from './assign.cpu.ts';
import { type GpuRows, openGpuRows } from './assign.gpu.ts';
import { assignNearestWasm } from './assign.wasm.ts';
import type { Assignment } from './types.ts';

export { indexOfMin, squaredDistancesToAll } from './assign.cpu.ts';
export { WasmAssigner } from './assign.wasm.ts';
export type { Assignment } from './types.ts';

/** The result of {@link assignNearest}. */
export interface NearestResult extends Assignment {
  /** Why the device was given up for the CPU, in the user's words; null if it was not. */
  readonly fellBack: string | null;
}

/**
 * For every row of `x` (n x d) the nearest of the `centroids` (k x d, k >= 1) by squared Euclidean distance; ties go to the
 * lowest index. On the CPU as in float64, by WASM or without, to the same bits; on WebGPU in float32 as |x|^2 + |c|^2 - 2 x.c,
 * clamped at 0.
 * @throws AppError `input` if a value is not finite.
 */
export async function assignNearest(x: Matrix, centroids: Matrix, compute: Compute, ctx: JobContext): Promise<NearestResult> {
  await requireFinite(x, 'profiles', ctx);
  await requireFinite(centroids, 'centroids', ctx);
  const assigner = new Assigner(x, compute);
  try {
    const found = await assigner.assign(centroids, ctx);
    return { ...found, fellBack: assigner.fellBack };
  } finally {
    assigner.close();
  }
}

/**
 * Assigns the same rows to one set of centroids after another. The rows are uploaded once, at the first call. If the
 * device fails, the step it failed at is done on the CPU, and so are all later ones. Whoever made it closes it.
 */
export class Assigner {
  #rows: GpuRows | null = null;
  #fellBack: string | null = null;

  constructor(
    private readonly x: Matrix,
    private readonly compute: Compute,
    private readonly budget: Partial<GpuBudget> = {},
  ) {}

  /** Why the device was given up, or null. */
  get fellBack(): string | null {
    return this.#fellBack;
  }

  async assign(centroids: Matrix, ctx: JobContext): Promise<Assignment> {
    requireSameCols(this.x, centroids);
    if (this.compute.device === 'cpu' || this.#fellBack !== null || this.x.rows === 0) return await this.#onCpu(centroids, ctx);
    try {
      this.#rows ??= await openGpuRows(this.compute.gpu, this.x, ctx, this.budget);
      return await this.#rows.assign(centroids, ctx);
    } catch (error) {
      if (isCancelled(error)) throw error;
      this.#giveUp(error);
      return await this.#onCpu(centroids, ctx);
    }
  }

  async #onCpu(centroids: Matrix, ctx: JobContext): Promise<Assignment> {
    return (await assignNearestWasm(this.x, centroids, ctx)) ?? (await assignNearestCpu(this.x, centroids, ctx));
  }

  close(): void {
    this.#rows?.close();
    this.#rows = null;
  }

  /** Only what the device did counts as its failure; a mistake of ours must be heard. */
  #giveUp(error: unknown): void {
    this.close();
    const told = toAppError(error);
    if (told.kind !== 'ability') throw error;
    this.#fellBack = told.message;
  }
}
