import { type JobContext, type Matrix, type Random, takeRows } from '../../domain/index.ts';
import type { GpuCompute } from '../compute.ts';
import { budgetOf, type DeviceRows, type GpuBudget, openDeviceRows } from '../device/index.ts';
import { DeviceLloyd, type KnownStep } from './lloyd.gpu.ts';
import type { LloydOptions, LloydResult } from './lloyd.ts';
import { DeviceSeeder, MOST_TRIALS } from './seeding.gpu.ts';

/** Runs of k-means of the same rows on the device, which are uploaded once, at the first. Whoever opened it closes it. */
export class DeviceRuns {
  #rows: DeviceRows | null = null;
  #seeder: DeviceSeeder | null = null;
  #lloyd: DeviceLloyd | null = null;

  constructor(
    private readonly compute: GpuCompute,
    private readonly x: Matrix,
    private readonly k: number,
    private readonly options: LloydOptions,
  ) {}

  get #limits(): GpuBudget {
    return budgetOf(this.compute.gpu, this.compute.budget);
  }

  /** What is known of the run that is under way. */
  get known(): KnownStep | null {
    return this.#lloyd?.known ?? null;
  }

  async seed(random: Random, ctx: JobContext): Promise<Matrix> {
    const rows = await this.#open(ctx);
    this.#seeder ??= new DeviceSeeder(this.compute.gpu, rows, this.k, this.#limits);
    return takeRows(this.x, await this.#seeder.seed(random, ctx));
  }

  async lloyd(start: Matrix, ctx: JobContext, onIteration: (iteration: number) => void): Promise<LloydResult> {
    const rows = await this.#open(ctx);
    // Its buffers would only lie there.
    this.#seeder?.close();
    this.#lloyd ??= await DeviceLloyd.open(this.compute.gpu, this.x, rows, this.k, this.options, this.#limits);
    return await this.#lloyd.run(start, ctx, onIteration);
  }

  close(): void {
    this.#seeder?.close();
    this.#lloyd?.close();
    this.#rows?.close();
  }

  /** Chunks are smaller where a row has fewer dimensions than there are candidates: seeding keeps a distance for each. */
  async #open(ctx: JobContext): Promise<DeviceRows> {
    if (this.#rows) return this.#rows;
    const share = Math.min(1, Math.ceil(this.x.cols / 4) / (MOST_TRIALS / 4));
    const limits = { ...this.#limits, bindingBytes: Math.floor(this.#limits.bindingBytes * share) };
    this.#rows = await openDeviceRows(this.compute.gpu, this.x, limits, ctx);
    return this.#rows;
  }
}
