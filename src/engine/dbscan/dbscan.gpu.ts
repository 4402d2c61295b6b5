import { type AppError, abilityError, type JobContext, type Matrix, untold } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { forBlocks } from '../blocks.ts';
import type { GpuCompute } from '../compute.ts';
import {
  budgetOf,
  type DeviceChunk,
  type DeviceRows,
  destroyAll,
  type GpuBudget,
  openDeviceRows,
  Pacer,
  requireSquaresInRange,
  SIDE,
  submitPass,
  tileShader,
  unwritten,
} from '../device/index.ts';
import closeShader from './close.wgsl?raw';
import { squaredDistance } from './dbscan.cpu.ts';
import forestShader from './forest.wgsl?raw';
import labelShader from './label.wgsl?raw';
import type { Dbscan, DbscanOptions } from './types.ts';

/**
 * Pairs that one dispatch may leave to float64, 8 bytes each. Of embeddings it is one or two in a million pairs; of whole numbers and an
 * eps that is one, or of equal rows and an eps of 0, it may be most.
 */
const MOST_DOUBTS = 2 ** 18;
/** What no row has as its label: left there, it was not written. */
const UNWRITTEN = 0xfffffffe;
/** Rows or pairs a workgroup of label.wgsl. */
const LABELLED = 256;
const PARAM_BYTES = 64;
/** The largest that eps^2 has to be: all rows are nearer. */
const HUGE = 1e38;

/** A chunk of rows and the neighbours of those that are not known to be core. */
interface Part extends DeviceChunk {
  readonly lists: GPUBuffer;
}

type Kernel = 'joinTiles' | 'countPairs' | 'joinLists' | 'joinPairs' | 'labelRows' | 'labelPairs';

/** The oracle's labels; 1 <= minPts <= rows. Pairs that float32 cannot tell from eps are decided by the oracle's own sum. */
export async function dbscanGpu(
  { gpu, budget }: GpuCompute,
  x: Matrix,
  options: DbscanOptions,
  ctx: JobContext,
): Promise<Dbscan> {
  const given = budgetOf(gpu, budget);
  const stride = Math.max(4, Math.ceil(x.cols / 4) * 4);
  // Chunks whose lists fit into a binding too.
  const bindingBytes = given.bindingBytes * Math.min(1, stride / options.minPts);
  const rows = await openDeviceRows(gpu, x, { ...given, bindingBytes }, ctx);
  const made: GPUBuffer[] = [];
  try {
    requireSquaresInRange(x, rows.mean);
    const run = await Run.open(gpu, given, rows, options, made);
    const close: Uint32Array[] = [];
    await run.joinTiles(ctx, async (pairs) => {
      close.push(await closePairs(x, options.eps, pairs, untold(ctx)));
    });
    await run.label(joined(close), made, untold(ctx));
    return await run.read();
  } finally {
    destroyAll(made);
    rows.close();
  }
}

/** Those of the pairs (two rows each) that are within eps, in float64. */
async function closePairs(x: Matrix, eps: number, pairs: Uint32Array, ctx: JobContext): Promise<Uint32Array> {
  const close = new Uint32Array(pairs.length);
  let count = 0;
  await forBlocks(pairs.length / 2, x.cols, ctx, (start, end) => {
    for (let p = start; p < end; p++) {
      const [a, b] = [pairs[2 * p] as number, pairs[2 * p + 1] as number];
      if (squaredDistance(x, a, b) > eps * eps) continue;
      close[count++] = a;
      close[count++] = b;
    }
  });
  return close.slice(0, count);
}

function joined(parts: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Takes pairs, two rows each, that the device left in doubt. */
type Settle = (pairs: Uint32Array) => Promise<void>;

class Run {
  readonly #pacer: Pacer;

  private constructor(
    private readonly gpu: GpuContext,
    private readonly limits: GpuBudget,
    private readonly rows: DeviceRows,
    private readonly options: DbscanOptions,
    private readonly parts: readonly Part[],
    private readonly pipelines: Readonly<Record<Kernel, GPUComputePipeline>>,
    private readonly buffers: Readonly<Record<'params' | 'state' | 'labels' | 'doubts' | 'none', GPUBuffer>>,
  ) {
    this.#pacer = new Pacer(gpu, limits);
  }

  /** All buffers are put into `made`. */
  static async open(
    gpu: GpuContext,
    limits: GpuBudget,
    rows: DeviceRows,
    options: DbscanOptions,
    made: GPUBuffer[],
  ): Promise<Run> {
    const pipelines = await pipelinesOf(gpu);
    return await gpu.guarded('open clusters', () => {
      const keep = (buffer: GPUBuffer): GPUBuffer => {
        made.push(buffer);
        return buffer;
      };
      const create = (label: string, count: number): GPUBuffer => keep(gpu.createStorage(label, count * 4));
      const parts = rows.chunks.map((chunk) => {
        const lists = create('neighbours', (chunk.end - chunk.start) * (options.minPts - 1));
        return { ...chunk, lists };
      });
      const buffers = {
        params: keep(gpu.createUniform('cluster params', PARAM_BYTES)),
        state: keep(gpu.upload('clusters', firstState(rows.rows))),
        labels: keep(gpu.upload('labels', new Uint32Array(rows.rows).fill(UNWRITTEN))),
        doubts: create('pairs in doubt', 2 + 2 * MOST_DOUBTS),
        none: create('no neighbours', 1),
      };
      return new Run(gpu, limits, rows, options, parts, pipelines, buffers);
    });
  }

  /** Each pair of rows once; those in doubt are given away. */
  async joinTiles(ctx: JobContext, settle: Settle): Promise<void> {
    const total = this.rows.rows ** 2 / 2;
    let done = 0;
    for (const [l, left] of this.parts.entries()) {
      for (const right of this.parts.slice(l)) {
        const pairs = (left.end - left.start) * (right.end - right.start) * (left === right ? 0.5 : 1);
        await this.#joinChunks(left, right, ctx, async (share) => {
          await this.#giveDoubts(settle);
          done += share * pairs;
          ctx.progress(Math.round(done), Math.round(total));
        });
      }
    }
  }

  async #joinChunks(left: Part, right: Part, ctx: JobContext, after: (share: number) => Promise<void>): Promise<void> {
    const { state, doubts, none } = this.buffers;
    const same = left === right;
    const [lines, columns] = [left, right].map(({ start, end }) => Math.ceil((end - start) / SIDE)) as [number, number];
    const tiles = same ? (lines * (lines + 1)) / 2 : lines * columns;
    const lists = same ? [left.lists, none] : [left.lists, right.lists];
    const buffers = [left.data, right.data, left.norms, right.norms, state, ...lists, doubts];
    const bindings = buffers.map((buffer, i) => [i + 1, buffer] as const);
    const work = (): number => SIDE * SIDE * this.rows.stride;
    await this.#pacer.run('joinTiles', tiles, 1, work, ctx, async (from, to) => {
      await this.#dispatch('joinTiles', bindings, from, to, 1, this.#params(left, right));
      await after((to - from) / tiles);
    });
  }

  /** Gives the pairs away that the dispatch put down, and makes room for those of the next. */
  async #giveDoubts(settle: Settle): Promise<void> {
    const buffer = this.buffers.doubts;
    const [head] = await this.gpu.read([{ buffer, bytes: 4 }]);
    const count = new Uint32Array(head as ArrayBuffer)[0] as number;
    if (count === 0) return;
    if (count > MOST_DOUBTS) throw tooManyDoubts(count);
    const [all] = await this.gpu.read([{ buffer, bytes: 8 + 8 * count }]);
    await this.gpu.guarded('make room', () => this.gpu.device.queue.writeBuffer(buffer, 0, Uint32Array.of(0)));
    await settle(new Uint32Array(all as ArrayBuffer).subarray(2));
  }

  /** After all tiles: adds the pairs that are close after all, then labels. */
  async label(close: Uint32Array<ArrayBuffer>, made: GPUBuffer[], ctx: JobContext): Promise<void> {
    const pairs = await this.gpu.guarded('upload close pairs', () => this.gpu.upload('close pairs', close));
    made.push(pairs);
    await this.#forPairs('countPairs', pairs, close.length / 2, ctx);
    await this.#forRows('joinLists', ctx);
    await this.#forPairs('joinPairs', pairs, close.length / 2, ctx);
    await this.#forRows('labelRows', ctx);
    await this.#forPairs('labelPairs', pairs, close.length / 2, ctx);
  }

  async #forPairs(kernel: 'countPairs' | 'joinPairs' | 'labelPairs', pairs: GPUBuffer, count: number, ctx: JobContext) {
    const { state, labels } = this.buffers;
    const bindings = [[2, pairs] as const, ...(kernel === 'labelPairs' ? [[3, labels] as const] : []), [5, state] as const];
    await this.#pacer.run(
      kernel,
      count,
      LABELLED,
      () => 16,
      ctx,
      (from, to) => this.#dispatch(kernel, bindings, from, to, LABELLED, this.#params()),
    );
  }

  async #forRows(kernel: 'joinLists' | 'labelRows', ctx: JobContext): Promise<void> {
    const { state, labels } = this.buffers;
    for (const part of this.parts) {
      const bindings = [[1, part.lists] as const, ...(kernel === 'labelRows' ? [[3, labels] as const] : []), [5, state] as const];
      const work = (): number => 16 * this.options.minPts;
      await this.#pacer.run(kernel, part.end - part.start, LABELLED, work, ctx, (from, to) =>
        this.#dispatch(kernel, bindings, from, to, LABELLED, this.#params(part)),
      );
    }
  }

  /** The units [from, to), `each` of them a workgroup, in as many dispatches as the device needs for them. */
  async #dispatch(
    kernel: Kernel,
    bindings: readonly (readonly [number, GPUBuffer])[],
    from: number,
    to: number,
    each: number,
    params: ArrayBuffer,
  ): Promise<void> {
    const { gpu, limits } = this;
    const pipeline = this.pipelines[kernel];
    const most = limits.dispatchGroups ** 2 * each;
    for (let first = from; first < to; first += most) {
      const end = Math.min(to, first + most);
      const groups = Math.ceil((end - first) / each);
      const line = Math.min(groups, limits.dispatchGroups);
      new Uint32Array(params).set([first, end, line]);
      await gpu.guarded(kernel, () => {
        gpu.device.queue.writeBuffer(this.buffers.params, 0, params);
        const all = [[0, this.buffers.params] as const, ...bindings];
        const entries = all.map(([binding, buffer]) => ({ binding, resource: { buffer } }));
        const bind = gpu.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
        submitPass(gpu, [{ pipeline, bind, groups: [line, Math.ceil(groups / line)] }]);
      });
    }
  }

  /** The kernels' parameters but for the first three, which say what a dispatch does. */
  #params(left?: Part, right = left): ArrayBuffer {
    const { rows, stride } = this.rows;
    const bytes = new ArrayBuffer(PARAM_BYTES);
    const bound = [left, right].flatMap((part) => (part ? [part.start, part.end - part.start] : [0, 0]));
    new Uint32Array(bytes).set([0, 0, 0, ...bound, stride, rows, this.options.minPts, left === right ? 1 : 0]);
    const eps = Math.min(this.options.eps, Math.sqrt(HUGE));
    new Float32Array(bytes, 44).set([eps, eps * eps, 2 * productError(stride), differenceError(stride)]);
    new Uint32Array(bytes, 60).set([MOST_DOUBTS]);
    return bytes;
  }

  async read(): Promise<Dbscan> {
    const { state, labels } = this.buffers;
    const { rows } = this.rows;
    const read = await this.gpu.read([
      { buffer: state, bytes: (1 + rows) * 4 },
      { buffer: labels, bytes: rows * 4 },
    ]);
    const [degrees, roots] = read.map((bytes) => new Uint32Array(bytes)) as [Uint32Array, Uint32Array];
    if (degrees[0] !== 0 || roots.includes(UNWRITTEN)) throw unwritten();
    const core = Uint8Array.from(degrees.subarray(1), (degree) => (degree >= this.options.minPts ? 1 : 0));
    return { core, ...numbered(roots) };
  }
}

async function pipelinesOf(gpu: GpuContext): Promise<Record<Kernel, GPUComputePipeline>> {
  const after = (entry: Kernel): Promise<GPUComputePipeline> => gpu.pipeline(forestShader + labelShader, entry);
  return {
    joinTiles: await gpu.pipeline(tileShader + forestShader + closeShader, 'joinTiles'),
    countPairs: await after('countPairs'),
    joinLists: await after('joinLists'),
    joinPairs: await after('joinPairs'),
    labelRows: await after('labelRows'),
    labelPairs: await after('labelPairs'),
  };
}

/** Nothing failed; each row alone, of degree 1, its own parent. */
function firstState(rows: number): Uint32Array<ArrayBuffer> {
  const state = new Uint32Array(1 + 2 * rows).fill(1, 1, 1 + rows);
  for (let r = 0; r < rows; r++) state[1 + rows + r] = r;
  return state;
}

/** Clusters in the order of their roots, which are their lowest core rows; what has no root is noise. */
function numbered(roots: Uint32Array): { labels: Int32Array; clusters: number } {
  const labels = new Int32Array(roots.length).fill(-1);
  let clusters = 0;
  for (const [r, root] of roots.entries()) if (root === r) labels[r] = clusters++;
  // Roots have their labels by now: a border row may come before its cluster's.
  for (const [r, root] of roots.entries()) if (root < roots.length) labels[r] = labels[root] as number;
  return { labels, clusters };
}

/**
 * Bound of what float32 gets wrong in |x|^2 + |y|^2 - 2 x.y of the rows as given, for (|x| + |y|)^2 = 1: 2 |x||y| is at most half of
 * that, one rounding a term of a sum (Higham 2002, 3.1), two for rows that are rounded themselves, and some for the norms and
 * for joining. (|x| + |y|)^2 is at most 2 (|x|^2 + |y|^2).
 */
const productError = (stride: number): number => (stride / 2 + 12) * 2 ** -24 * 1.01;

/** The same of the sum of (x - y)^2 in four parts, for a sum of 1, and of eps^2 as float32. */
const differenceError = (stride: number): number => (stride / 4 + 12) * 2 ** -24 * 1.05;

const tooManyDoubts = (count: number): AppError =>
  abilityError(
    'gpu-doubt',
    `Too many pairs of rows (${count.toLocaleString('en')} at once) are too near to eps for the graphics device to tell whether they are within it.`,
    'The work goes on on the CPU. With an eps that few pairs are at, the device can do it.',
  );
