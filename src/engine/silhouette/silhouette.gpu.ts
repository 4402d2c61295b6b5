import { abilityError, type JobContext, type Matrix, portion } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import type { GpuCompute } from '../compute.ts';
import {
  bindAll,
  budgetOf,
  type Chunk,
  columnMeans,
  type DeviceChunk,
  type DeviceRows,
  destroyAll,
  type GpuBudget,
  openDeviceRows,
  Pacer,
  requireSquaresInRange,
  SIDE,
  slicesOf,
  submitPass,
  tileShader,
  unwritten,
} from '../device/index.ts';
import finishText from './finish.wgsl?raw';
import type { Silhouette } from './index.ts';
import type { Labelling } from './labelling.ts';
import { firstClusters, runsOf } from './runs.ts';
import tilesText from './silhouette.wgsl?raw';
import plainTally from './tally.plain.wgsl?raw';
import subgroupTally from './tally.subgroups.wgsl?raw';

/** Values, never in a silhouette, that the outputs are filled with; a unit of 2^-22 is what totals are counted in. */
const NO_VALUE = 2;
const NO_TOTAL = -(2 ** 31);
const SCALE = 2 ** 22;
/** Rows of a workgroup of the second kernel. */
const FINISH_ROWS = 256;
/** 16 KB for a tile of distances, in slots of 16 bytes. */
const SLOTS = (SIDE * SIDE) / 4;
/** Bytes of the sums at once: more would only take memory from others. */
const MOST_SUMS = 64 * 2 ** 20;
/**
 * A part is at most 16 tiles (a sum of 1,024 distances loses little in float32) and there are at least 16 parts, so that a few
 * thousand rows keep a device busy; beyond 64 parts of that size the parts grow, or the sums would.
 */
const tilesOfPart = (tiles: number): number => Math.max(Math.min(16, Math.ceil(tiles / 16)), Math.ceil(tiles / 64), 1);

/**
 * The silhouette of each labelling, distances in float32; without `values` the means only. Rows go up once for all labellings.
 * Buffers: the rows and their norms, the sums of as many rows as 64 MiB hold (parts x clusters x 4 bytes a row), 4 bytes a row
 * and labelling for labels and values each, at most 12 for the runs.
 * @throws AppError `ability` where the device fails, a labelling has too many clusters for a binding, or float32 is too short.
 */
export async function silhouettesGpu(
  x: Matrix,
  labellings: readonly Labelling[],
  values: boolean,
  compute: GpuCompute,
  ctx: JobContext,
): Promise<Silhouette[]> {
  const limits = budgetOf(compute.gpu, compute.budget);
  const out: Silhouette[] = labellings.map(() => ({ mean: 0, values: new Float64Array(values ? x.rows : 0) }));
  // With one cluster, or none, every value is 0.
  const open = [...labellings.keys()].filter((l) => (labellings[l] as Labelling).sizes.length > 1);
  if (open.length === 0) return out;
  const mean = columnMeans(x);
  requireSquaresInRange(x, mean);
  const rows = await openDeviceRows(compute.gpu, x, limits, ctx, mean);
  try {
    const groups = groupsOf(open, labellings, rows, limits);
    for (const [g, group] of groups.entries()) {
      const share = portion(ctx, g / groups.length, (g + 1) / groups.length);
      const found = await new GroupRun(compute.gpu, rows, group, limits, values).run(share);
      for (const [i, l] of group.members.entries()) out[l] = found[i] as Silhouette;
    }
  } finally {
    rows.close();
  }
  return out;
}

/** Labellings that share each tile of distances. */
interface Group {
  /** Indices into the labellings. */
  readonly members: readonly number[];
  readonly labellings: readonly Labelling[];
  readonly tilesPerPart: number;
  /** Rows of `left` whose sums find room at once; a multiple of 64. */
  readonly rowsAtOnce: number;
}

/**
 * As many labellings at once as find room. The parts of a labelling follow from its own clusters only, so that its sums are
 * the same bits alone and among others.
 */
function groupsOf(open: readonly number[], all: readonly Labelling[], rows: DeviceRows, limits: GpuBudget): Group[] {
  const room = Math.min(limits.bindingBytes, MOST_SUMS);
  const largest = Math.max(...rows.chunks.map(({ start, end }) => end - start));
  // Starts, runs and columns of one labelling take at most 8 bytes a row in one binding.
  const most = Math.max(1, Math.min(limits.dispatchGroups, Math.floor(limits.bindingBytes / (8 * (largest + 1)))));
  const groups: Group[] = [];
  for (const member of open) {
    const labelling = all[member] as Labelling;
    const tilesPerPart = fittingPart(rows, labelling.sizes.length, room);
    const last = groups.at(-1);
    const joined = [...(last?.labellings ?? []), labelling];
    const fits = last?.tilesPerPart === tilesPerPart && joined.length <= most && blockBytes(rows, joined, tilesPerPart) <= room;
    if (fits) groups.pop();
    const labellings = fits ? joined : [labelling];
    const blocks = Math.floor(room / blockBytes(rows, labellings, tilesPerPart));
    const rowsAtOnce = SIDE * Math.min(blocks, limits.dispatchGroups * (FINISH_ROWS / SIDE));
    groups.push({ members: [...(fits ? (last as Group).members : []), member], labellings, tilesPerPart, rowsAtOnce });
  }
  return groups;
}

const tilesIn = ({ start, end }: Chunk): number => Math.ceil((end - start) / SIDE);
const partsIn = (chunk: Chunk, tilesPerPart: number): number => Math.ceil(tilesIn(chunk) / tilesPerPart);
const partsOf = ({ chunks }: DeviceRows, tilesPerPart: number): number =>
  chunks.reduce((sum, chunk) => sum + partsIn(chunk, tilesPerPart), 0);
const clustersOf = (labellings: readonly Labelling[]): number => firstClusters(labellings).at(-1) as number;

/** Bytes of the sums of 64 rows. */
const blockBytes = (rows: DeviceRows, labellings: readonly Labelling[], tilesPerPart: number): number =>
  partsOf(rows, tilesPerPart) * (clustersOf(labellings) + 1) * SIDE * 4;

function fittingPart(rows: DeviceRows, clusters: number, room: number): number {
  let tiles = tilesOfPart(Math.ceil(rows.rows / SIDE));
  const most = Math.floor(room / ((clusters + 1) * SIDE * 4));
  while (partsOf(rows, tiles) > most && partsOf(rows, tiles) > rows.chunks.length) tiles *= 2;
  if (partsOf(rows, tiles) <= most) return tiles;
  throw abilityError(
    'gpu-memory',
    `The graphics device has room for the silhouette of ${most.toLocaleString('en')} clusters, not of ${clusters.toLocaleString('en')}.`,
    'The work goes on on the CPU.',
  );
}

/** One group of labellings over all rows. Whoever calls `run` need close nothing. */
class GroupRun {
  readonly #owned: GPUBuffer[] = [];
  readonly #clusters: number;

  constructor(
    private readonly gpu: GpuContext,
    private readonly rows: DeviceRows,
    private readonly group: Group,
    private readonly limits: GpuBudget,
    private readonly values: boolean,
  ) {
    this.#clusters = clustersOf(group.labellings);
  }

  async run(ctx: JobContext): Promise<Silhouette[]> {
    const { rows, group } = this;
    const out = group.labellings.map(() => ({ total: 0, values: new Float64Array(this.values ? rows.rows : 0) }));
    try {
      const tables = await this.#uploadTables(ctx);
      const work = await this.#allocate();
      for (const left of rows.chunks) {
        for (const range of slicesOf(left.end - left.start, group.rowsAtOnce)) {
          await this.#sum(left, range, tables, work, ctx);
          await this.#finish(left, range, work, out);
          ctx.progress(left.start + range.end, rows.rows);
        }
      }
    } finally {
      destroyAll(this.#owned);
    }
    return out.map(({ total, values }) => ({ mean: total / SCALE / rows.rows, values }));
  }

  #own<B extends readonly GPUBuffer[]>(...buffers: B): B {
    this.#owned.push(...buffers);
    return buffers;
  }

  /** The runs of each chunk. */
  async #uploadTables(ctx: JobContext): Promise<GPUBuffer[][]> {
    const { gpu } = this;
    const tables: GPUBuffer[][] = [];
    for (const { start, end } of this.rows.chunks) {
      const { starts, runs, columns } = await runsOf(this.group.labellings, start, end, ctx);
      const upload = () =>
        this.#own(gpu.upload('run starts', starts), gpu.upload('runs', runs), gpu.upload('run columns', columns));
      tables.push([...(await gpu.guarded('upload labels', upload))]);
    }
    return tables;
  }

  async #allocate(): Promise<Work> {
    const { gpu, rows, group } = this;
    const { labellings, rowsAtOnce, tilesPerPart } = group;
    const lineRows = Math.min(rowsAtOnce, SIDE * Math.max(...rows.chunks.map(tilesIn)));
    const lines = labellings.length * lineRows;
    const tally = gpu.features.has('subgroups') ? subgroupTally : plainTally;
    const [tiles, finish] = await Promise.all([
      gpu.pipeline(tileShader + tilesText, 'sumTiles', { SLOTS }),
      gpu.pipeline(tally + finishText, 'finish'),
    ]);
    const parts = partsOf(rows, tilesPerPart);
    return await gpu.guarded('make room for sums', () => {
      const [params] = this.#own(gpu.createUniform('silhouette params', 40));
      const [sums] = this.#own(gpu.createStorage('distance sums', parts * (this.#clusters + 1) * lineRows * 4));
      const [labels] = this.#own(gpu.createStorage('own clusters', lines * 4));
      const [values] = this.#own(gpu.createStorage('silhouettes', this.values ? lines * 4 : 4));
      const [totals] = this.#own(
        gpu.createStorage('silhouette totals', labellings.length * Math.ceil(lineRows / FINISH_ROWS) * 4),
      );
      const [sizes] = this.#own(gpu.upload('cluster sizes', Float32Array.from(labellings.flatMap((each) => [...each.sizes]))));
      const [firsts] = this.#own(gpu.upload('first clusters', Uint32Array.from(firstClusters(labellings))));
      return { tiles, finish, parts, lineRows, params, sums, labels, values, totals, sizes, firsts };
    });
  }

  /** Sums of the rows `range` of `left` over all rows. */
  async #sum(left: DeviceChunk, range: Chunk, tables: readonly GPUBuffer[][], work: Work, ctx: JobContext): Promise<void> {
    const { gpu, rows, group } = this;
    const pacer = new Pacer(gpu, this.limits);
    const unitWork = SIDE * SIDE * group.tilesPerPart * rows.stride;
    await gpu.guarded('clear sums', () => {
      const encoder = gpu.device.createCommandEncoder();
      encoder.clearBuffer(work.sums);
      gpu.device.queue.submit([encoder.finish()]);
    });
    let firstPart = 0;
    for (const [c, right] of rows.chunks.entries()) {
      const parts = partsIn(right, group.tilesPerPart);
      const buffers = [work.params, left.data, right.data, left.norms, right.norms, ...(tables[c] as GPUBuffer[]), work.sums];
      const bind = bindAll(gpu, work.tiles, buffers);
      const fields = [range.start, range.end, right.end - right.start, rows.stride, parts, firstPart, group.tilesPerPart];
      const units = Math.ceil((range.end - range.start) / SIDE) * parts;
      await pacer.run(
        'silhouette',
        units,
        1,
        () => unitWork,
        ctx,
        (from, to) => this.#submit(work, bind, fields, { start: from, end: to }),
      );
      firstPart += parts;
    }
  }

  #submit(work: Work, bind: GPUBindGroup, fields: readonly number[], units: Chunk): Promise<void> {
    const { gpu } = this;
    return gpu.guarded('silhouette', () => {
      for (const { start, end } of slicesOf(units.end - units.start, this.limits.dispatchGroups)) {
        const all = [units.start + start, ...fields, this.#clusters, work.lineRows / 4];
        gpu.device.queue.writeBuffer(work.params, 0, Uint32Array.from(all));
        submitPass(gpu, [{ pipeline: work.tiles, bind, groups: [end - start] }]);
      }
    });
  }

  async #finish(left: DeviceChunk, range: Chunk, work: Work, out: { total: number; values: Float64Array }[]): Promise<void> {
    const { gpu } = this;
    const { labellings } = this.group;
    const count = range.end - range.start;
    const first = left.start + range.start;
    const groups = Math.ceil(count / FINISH_ROWS);
    await gpu.guarded('finish silhouettes', () => {
      const { queue } = gpu.device;
      queue.writeBuffer(work.params, 0, Uint32Array.of(count, work.lineRows, work.parts, this.#clusters, this.values ? 1 : 0));
      queue.writeBuffer(work.labels, 0, ownClusters(labellings, first, count, work.lineRows));
      queue.writeBuffer(work.totals, 0, new Int32Array(labellings.length * groups).fill(NO_TOTAL));
      if (this.values) queue.writeBuffer(work.values, 0, new Float32Array(labellings.length * work.lineRows).fill(NO_VALUE));
      const bind = bindAll(gpu, work.finish, [
        work.params,
        work.sums,
        work.labels,
        work.sizes,
        work.firsts,
        work.values,
        work.totals,
      ]);
      submitPass(gpu, [{ pipeline: work.finish, bind, groups: [groups, labellings.length] }]);
    });
    const [totals, values] = await gpu.read([
      { buffer: work.totals, bytes: labellings.length * groups * 4 },
      { buffer: work.values, bytes: this.values ? labellings.length * work.lineRows * 4 : 4 },
    ]);
    for (const [l, each] of out.entries()) {
      each.total += totalOf(new Int32Array(totals as ArrayBuffer, l * groups * 4, groups));
      if (this.values) each.values.set(written(new Float32Array(values as ArrayBuffer, l * work.lineRows * 4, count)), first);
    }
  }
}

interface Work {
  readonly tiles: GPUComputePipeline;
  readonly finish: GPUComputePipeline;
  /** Of all chunks. */
  readonly parts: number;
  /** Rows of a line of sums, labels and values. */
  readonly lineRows: number;
  readonly params: GPUBuffer;
  readonly sums: GPUBuffer;
  readonly labels: GPUBuffer;
  readonly values: GPUBuffer;
  readonly totals: GPUBuffer;
  readonly sizes: GPUBuffer;
  readonly firsts: GPUBuffer;
}

/** labellings x lineRows: the cluster of each row, counted over all labellings. */
function ownClusters(labellings: readonly Labelling[], first: number, count: number, lineRows: number): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(labellings.length * lineRows);
  const firsts = firstClusters(labellings);
  for (const [l, { labels }] of labellings.entries()) {
    for (let r = 0; r < count; r++) out[l * lineRows + r] = (firsts[l] as number) + (labels[first + r] as number);
  }
  return out;
}

function totalOf(totals: Int32Array): number {
  let sum = 0;
  for (const total of totals) {
    if (total === NO_TOTAL) throw unwritten();
    sum += total;
  }
  return sum;
}

function written(values: Float32Array): Float32Array {
  for (const value of values) if (!(value <= 1)) throw unwritten();
  return values;
}
