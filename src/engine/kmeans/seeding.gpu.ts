import type { JobContext, Random } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { type DeviceRows, type GpuBudget, OwnedBuffers, Pacer, unwritten } from '../device/index.ts';
import { slabShader, slabShape } from '../distances/index.ts';
import { trialsOf } from './seeding.ts';
import shader from './seeding.wgsl?raw';
import { bindAt, type Cut, type Stage, type Step, StepRunner } from './steps.gpu.ts';

/** Candidates of one centre that the kernel has columns for; k beyond a million would ask for more. */
export const MOST_TRIALS = 16;
const SHAPE = slabShape(MOST_TRIALS);
const PARAMS_BYTES = 40;
/** Where fromRow stands in the parameters. */
const RANGE_AT = 16;
const NO_ROW = 0xffffffff;

/** The random numbers of one seeding, drawn as the CPU would draw them. */
interface Draws {
  readonly first: number;
  /** (k - 1) x trials, 32 bits each. */
  readonly shares: Uint32Array<ArrayBuffer>;
}

function drawsOf(rows: number, k: number, random: Random): Draws {
  const first = random.int(rows);
  return { first, shares: Uint32Array.from({ length: (k - 1) * trialsOf(k) }, () => random.next() * 2 ** 32) };
}

/**
 * Greedy k-means++ of k <= n centres on the device, one set of random numbers after another: the row of each centre, the same as on
 * the CPU but where a draw falls within float32 rounding of two rows, or two candidates are as good. Buffers beside the rows:
 * 4 x trials bytes a row. Whoever opened it closes it; the rows are not its own.
 */
export class DeviceSeeder {
  readonly #owned: OwnedBuffers;
  readonly #trials: number;
  readonly #blocks: number;

  constructor(
    private readonly gpu: GpuContext,
    private readonly rows: DeviceRows,
    private readonly k: number,
    private readonly limits: GpuBudget,
  ) {
    this.#owned = new OwnedBuffers(gpu);
    this.#trials = trialsOf(k);
    this.#blocks = rows.chunks.reduce((sum, { start, end }) => sum + Math.ceil((end - start) / SHAPE.rows), 0);
  }

  close = (): void => this.#owned.close();

  async seed(random: Random, ctx: JobContext): Promise<number[]> {
    const { gpu, k } = this;
    this.close();
    const pipelines = await this.#compile();
    const draws = drawsOf(this.rows.rows, k, random);
    const plan = await gpu.guarded('allocate the seeding', () => this.#plan(draws, pipelines));
    const runner = new StepRunner(gpu, new Pacer(gpu, this.limits), this.limits);
    for (let left = k; left > 0; ) {
      const count = Math.min(left, runner.atOnce(plan.centre));
      if (count === 0) await runner.runCut(plan.centre, ctx);
      else await this.#whole(runner, plan.centre, count);
      left -= Math.max(1, count);
      await ctx.checkpoint();
    }
    await runner.submit(plan.last, 1);
    return await this.#collect(plan.chosen, plan.state);
  }

  async #whole(runner: StepRunner, step: Step, count: number): Promise<void> {
    const started = performance.now();
    await runner.submit(step, count);
    await this.gpu.finished();
    runner.tell(step, count, performance.now() - started);
  }

  async #compile() {
    const compile = (name: string, constants: Readonly<Record<string, number>>) =>
      this.gpu.pipeline(slabShader + shader, name, constants);
    const { TY } = SHAPE.constants as { TY: number };
    const [choose, pick, reduce] = [compile('choose', {}), compile('pick', { TY }), compile('reduce', SHAPE.constants)];
    return { choose: await choose, pick: await pick, reduce: await reduce };
  }

  #plan(draws: Draws, pipelines: Record<'choose' | 'pick' | 'reduce', GPUComputePipeline>) {
    const { storage, upload, uniform } = this.#owned;
    const { k, rows } = this;
    const shared = {
      state: storage('seeding', 12),
      blockSums: storage('sums of D^2', this.#blocks * MOST_TRIALS * 4),
      shares: upload('random numbers', draws.shares.length > 0 ? draws.shares : new Uint32Array(1)),
      picks: storage('picks', this.#trials * 12),
      candidateRows: storage('candidate rows', this.#trials * 4),
      chosen: upload('chosen rows', new Uint32Array(k).fill(NO_ROW)),
      candidates: storage('candidates', MOST_TRIALS * rows.stride * 4),
      candidateNorms: storage('candidate norms', MOST_TRIALS * 4),
    };
    const start = this.#placeOf(draws.first);
    const stage = (
      pipeline: GPUComputePipeline,
      at: Record<number, GPUBuffer>,
      groups: number,
      cut: Cut | null = null,
    ): Stage => ({
      ...{ pipeline, bind: bindAt(this.gpu, pipeline, at), groups, cut },
    });
    const { state, blockSums, shares, picks, candidateRows, chosen, candidates, candidateNorms } = shared;
    const reduces: Stage[] = [];
    const picking: Stage[] = [];
    let choosing: Stage | null = null;
    let firstBlock = 0;
    for (const { start: firstRow, end, data, norms } of rows.chunks) {
      const count = end - firstRow;
      const params = uniform('seeding params', PARAMS_BYTES);
      this.gpu.device.queue.writeBuffer(
        ...([params, 0] as const),
        Uint32Array.of(
          count,
          rows.stride / 4,
          this.#trials,
          firstBlock,
          0,
          count,
          firstRow,
          this.#blocks,
          start.block,
          start.row,
        ),
      );
      const reduced = storage('D^2 by candidate', this.#trials * Math.ceil(count / 4) * 16);
      const range = (from: number, to: number): void =>
        this.gpu.device.queue.writeBuffer(params, RANGE_AT, Uint32Array.of(from, to));
      const cut: Cut = { kernel: 'D^2', units: count, align: SHAPE.rows, work: rows.stride * MOST_TRIALS, range };
      const ofRows = { 0: params, 1: data, 2: norms, 5: state, 6: reduced };
      const groups = Math.ceil(count / SHAPE.rows);
      reduces.push(stage(pipelines.reduce, { ...ofRows, 3: candidates, 4: candidateNorms, 7: blockSums }, groups, cut));
      const drawn = { 9: picks, 10: candidateRows, 12: candidates, 13: candidateNorms };
      picking.push(stage(pipelines.pick, { ...ofRows, ...drawn }, this.#trials));
      const ofBlocks = { 0: params, 5: state, 7: blockSums, 8: shares, 9: picks, 10: candidateRows, 11: chosen };
      choosing ??= stage(pipelines.choose, ofBlocks, 1);
      firstBlock += groups;
    }
    const choose = choosing as Stage;
    const work = rows.rows * rows.stride * MOST_TRIALS;
    const centre: Step = { name: 'k-means++', stages: [choose, ...picking, ...reduces], work };
    return { centre, last: { name: 'k-means++', stages: [choose], work: 0 }, chosen, state };
  }

  /** The block of a row, and its place within. */
  #placeOf(row: number): { block: number; row: number } {
    let block = 0;
    for (const { start, end } of this.rows.chunks) {
      if (row < end) return { block: block + Math.floor((row - start) / SHAPE.rows), row: (row - start) % SHAPE.rows };
      block += Math.ceil((end - start) / SHAPE.rows);
    }
    return { block: 0, row: 0 };
  }

  async #collect(chosen: GPUBuffer, state: GPUBuffer): Promise<number[]> {
    const [found, words] = await this.gpu.read([
      { buffer: chosen, bytes: this.k * 4 },
      { buffer: state, bytes: 12 },
    ]);
    const rows = [...new Uint32Array(found as ArrayBuffer)];
    if (new Uint32Array(words as ArrayBuffer)[2] !== 0 || rows.some((row) => row >= this.rows.rows)) throw unwritten();
    return rows;
  }
}
