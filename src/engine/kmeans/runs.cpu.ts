import type { JobContext, Matrix, Random } from '../../domain/index.ts';
import { CPU, type CpuCompute } from '../compute.ts';
import { Assigner } from '../distances/index.ts';
import { TeamLost, withTeam } from '../team/index.ts';
import { NoMemory, type OpenRows, openRows } from '../wasm/index.ts';
import { type LloydOptions, type LloydResult, lloyd } from './lloyd.ts';
import { PlainSeeder, type Seeder, seedCentroids } from './seeding.ts';
import { WasmSeeder } from './seeding.wasm.ts';
import { PlainStepper, type Stepper } from './stepper.ts';
import { WasmStepper } from './stepper.wasm.ts';

/**
 * Runs of k-means of the same rows on the CPU: WASM where there is SIMD and room, with the team where there is one, else plain
 * loops, to the same bits. Whoever opened it closes it.
 */
export class CpuRuns {
  readonly #assigner: Assigner;
  #rows: OpenRows | null;
  #seeder: Seeder | null = null;
  #stepper: Stepper | null = null;

  private constructor(
    private readonly x: Matrix,
    private readonly k: number,
    compute: CpuCompute,
    rows: OpenRows | null,
  ) {
    this.#rows = rows;
    this.#assigner = new Assigner(x, compute);
  }

  static async open(x: Matrix, k: number, compute: CpuCompute, ctx: JobContext): Promise<CpuRuns> {
    const shared = x.rows * x.cols * k >= (compute.leastShared ?? 0);
    const rows = await withTeam(shared ? compute.team : undefined, (team) => openRows(x, ctx, team));
    return new CpuRuns(x, k, shared ? compute : CPU, rows);
  }

  seed(random: () => Random, ctx: JobContext): Promise<Matrix> {
    return this.#withRoom(() => {
      this.#seeder ??= this.#rows ? new WasmSeeder(this.#rows, this.k) : new PlainSeeder(this.x);
      return seedCentroids(this.x, this.k, random(), this.#seeder, ctx);
    }, ctx);
  }

  lloyd(start: Matrix, options: LloydOptions, ctx: JobContext, onIteration: (iteration: number) => void): Promise<LloydResult> {
    return this.#withRoom(() => {
      this.#stepper ??= this.#rows ? new WasmStepper(this.#rows, this.k) : new PlainStepper(this.x, this.#assigner);
      return lloyd(this.x, start, this.#stepper, options, ctx, onIteration);
    }, ctx);
  }

  /** Mean over the columns of their (population) variance, where it is known already. */
  get columnVariance(): number | null {
    return this.#rows?.columnVariance ?? null;
  }

  close(): void {
    this.#rows?.close();
    this.#rows = null;
    this.#assigner.close();
  }

  /**
   * The step, again from its start where it can't go on: by the plain loops if the rows found room, but not what it needs beside
   * them; on one thread if the team was lost.
   */
  async #withRoom<T>(step: () => Promise<T>, ctx: JobContext): Promise<T> {
    try {
      return await step();
    } catch (error) {
      const lost = error instanceof TeamLost;
      if (!this.#rows || !(lost || error instanceof NoMemory)) throw error;
      this.#rows.close();
      this.#rows = null;
      this.#seeder = null;
      this.#stepper = null;
      if (lost) this.#rows = await openRows(this.x, ctx);
      return await this.#withRoom(step, ctx);
    }
  }
}
