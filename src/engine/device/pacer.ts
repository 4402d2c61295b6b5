import type { JobContext } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import type { GpuBudget } from './budget.ts';

/** Multiply-adds of the first dispatch of a kernel: little enough for the slowest adapter, SwiftShader at 2 GFLOP/s. */
const FIRST_WORK = 2 ** 27;
/**
 * Where every dispatch is answered late, however small (a busy machine), its speed says nothing: pieces below this would stay
 * small for good.
 */
const LEAST_WORK = 2 ** 22;
/** A speed that was measured on a small piece is not trusted further than this. */
const MOST_GROWTH = 4;

/** Multiply-adds a millisecond of each kernel, and the largest piece it was measured on. Kept as long as the device lives. */
type Speeds = Map<string, { speed: number; largest: number }>;
const speeds = new WeakMap<GpuContext, Speeds>();

/**
 * Cuts the work of one kernel into dispatches of about `dispatchMs` on the adapter at hand: the first piece is small, each
 * later one follows the speed of the pieces before. Where the cuts fall differs from run to run, so a kernel must give the
 * same bits wherever it is cut.
 */
export class Pacer {
  readonly #speeds: Speeds;

  constructor(
    private readonly gpu: GpuContext,
    private readonly budget: GpuBudget,
    private readonly now: () => number = () => performance.now(),
  ) {
    const known = speeds.get(gpu);
    this.#speeds = known ?? new Map();
    if (!known) speeds.set(gpu, this.#speeds);
  }

  /**
   * Runs [0, units) in slices. `submit(from, to)` encodes and submits one slice (through `gpu.guarded`); after it the device
   * has ended, and the job may be cancelled. Slices begin at multiples of `align`. `workOf(from)` is the number of
   * multiply-adds of the unit `from`; units after it are taken to cost the same.
   */
  async run(kernel: string, units: number, align: number, workOf: (unit: number) => number, ctx: JobContext, submit: Submit) {
    for (let from = 0; from < units; ) {
      const each = Math.max(1, workOf(from));
      const wanted = Math.max(1, Math.floor(this.workAtOnce(kernel) / (each * align))) * align;
      const to = Math.min(units, from + wanted);
      const started = this.now();
      await submit(from, to);
      await this.gpu.finished();
      this.tell(kernel, each * (to - from), this.now() - started);
      await ctx.checkpoint();
      from = to;
    }
  }

  /** Multiply-adds that the kernel's next dispatch may hold. */
  workAtOnce(kernel: string): number {
    const { dispatchMs, dispatchWork } = this.budget;
    const known = this.#speeds.get(kernel);
    const wanted = known ? Math.min(Math.max(known.speed * dispatchMs, LEAST_WORK), known.largest * MOST_GROWTH) : FIRST_WORK;
    return Math.min(dispatchWork, wanted);
  }

  /** A dispatch of `work` multiply-adds took `ms`. */
  tell(kernel: string, work: number, ms: number): void {
    const largest = Math.max(work, this.#speeds.get(kernel)?.largest ?? 0);
    this.#speeds.set(kernel, { speed: work / Math.max(ms, 0.05), largest });
  }
}

/** Encodes and submits the units [from, to). */
export type Submit = (from: number, to: number) => Promise<void>;
