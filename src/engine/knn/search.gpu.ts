import type { JobContext } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import {
  bindAll,
  type Chunk,
  type DeviceChunk,
  type DeviceRows,
  destroyAll,
  type GpuBudget,
  Pacer,
  SIDE,
  slicesOf,
  submitPass,
  tileShader,
  unwritten,
} from '../device/index.ts';
import directShader from './direct.wgsl?raw';
import nearestShader from './nearest.wgsl?raw';
import rankShader from './rank.wgsl?raw';
import refineShader from './refine.wgsl?raw';

/** No row's id: of queries that are no reference rows, and of places that no invocation wrote. */
export const NO_ID = 0xffffffff;

/**
 * Candidates beyond those wanted. The search orders by rounded distances, the answer by those measured anew: with these the
 * last of the answer is nearly always surely nearer than any row outside; with none, most queries would be searched again.
 */
const SPARE = 8;
/** Bytes of the lists of the queries that are searched at once; more would save nothing. */
const LIST_BYTES = 2 ** 26;
/** Multiply-adds of one workgroup in one dispatch; a slow device does some 2^27 in 100 ms. */
const GROUP_WORK = 2 ** 26;
/** Workgroups below which a large device stands idle; then several share the reference rows of a query. */
const BUSY_GROUPS = 512;
/** Tiles that a list should see: filling it takes the time of some ten. */
const TILES_A_PART = 32;
const MOST_PARTS = 8;
/** Candidates a workgroup of refine.wgsl. */
const REFINED = 256;
/** The kernels' uniform with the most fields, rank.wgsl's. */
const PARAM_BYTES = 40;

export interface Question {
  readonly queries: DeviceRows;
  /** One a query: its row among the reference rows, which is left out of its list; {@link NO_ID} where it is none. */
  readonly queryIds: Uint32Array;
  readonly reference: DeviceRows;
  /** Rows wanted beside the query itself: 1 .. reference rows (less 1 where the queries are among them). */
  readonly places: number;
  /** All places, the query itself before them; all places; or the last alone. */
  readonly out: 'own' | 'all' | 'last';
  /** By differences instead of products. */
  readonly direct: boolean;
}

export interface Answer {
  /** Outputs a query. */
  readonly width: number;
  /** queries x width. */
  readonly ids: Uint32Array;
  /** queries x width. */
  readonly distances: Float32Array;
  /** Queries, ascending, where rounding may have kept a nearer row out. */
  readonly doubtful: number[];
}

/** Buffers of the queries [first, end) of a chunk. */
interface Block extends Chunk {
  readonly chunk: DeviceChunk;
  readonly queryIds: GPUBuffer;
  readonly squared: GPUBuffer;
  readonly candidates: GPUBuffer;
  readonly exact: GPUBuffer;
  readonly ids: GPUBuffer;
  readonly distances: GPUBuffer;
  readonly doubts: GPUBuffer;
}

interface Pipelines {
  readonly empty: GPUComputePipeline;
  readonly nearest: GPUComputePipeline;
  readonly refine: GPUComputePipeline;
  readonly rank: GPUComputePipeline;
}

/** The nearest reference rows of every query, by (distance, id). The rows' squares must be in the range of float32. */
export async function search(gpu: GpuContext, limits: GpuBudget, question: Question, ctx: JobContext): Promise<Answer> {
  const source = tileShader + directShader + nearestShader;
  const pipelines: Pipelines = {
    empty: await gpu.pipeline(source, 'empty'),
    nearest: await gpu.pipeline(source, 'nearest', { DIRECT: question.direct ? 1 : 0 }),
    refine: await gpu.pipeline(refineShader, 'refine'),
    rank: await gpu.pipeline(rankShader, 'rank'),
  };
  const params = await gpu.guarded('open the search', () => gpu.createUniform('search params', PARAM_BYTES));
  try {
    return await new Search(gpu, limits, question, pipelines, params).run(ctx);
  } finally {
    params.destroy();
  }
}

class Search {
  readonly #pacer: Pacer;
  readonly #capacity: number;
  readonly #parts: number;
  readonly #own: number;
  readonly #firstPlace: number;
  readonly #width: number;
  #done = 0;

  constructor(
    private readonly gpu: GpuContext,
    private readonly limits: GpuBudget,
    private readonly question: Question,
    private readonly pipelines: Pipelines,
    private readonly params: GPUBuffer,
  ) {
    const { queries, reference, places, out } = question;
    this.#pacer = new Pacer(gpu, limits);
    this.#capacity = Math.min(places + SPARE, reference.rows);
    this.#parts = partsOf(queries.rows, reference.rows, this.#capacity);
    this.#own = out === 'own' ? 1 : 0;
    this.#firstPlace = out === 'last' ? places - 1 : 0;
    this.#width = this.#own + places - this.#firstPlace;
  }

  async run(ctx: JobContext): Promise<Answer> {
    const { rows, chunks } = this.question.queries;
    const answer: Answer = {
      width: this.#width,
      ids: new Uint32Array(rows * this.#width),
      distances: new Float32Array(rows * this.#width),
      doubtful: [],
    };
    const bytes = 4 * Math.max(this.#capacity * this.#parts, this.#width);
    const most = Math.max(1, Math.floor(Math.min(this.limits.bindingBytes, LIST_BYTES) / bytes));
    for (const chunk of chunks) {
      const whole = most > SIDE ? most - (most % SIDE) : most;
      for (const slice of slicesOf(chunk.end - chunk.start, whole)) await this.#block(chunk, slice, answer, ctx);
    }
    return answer;
  }

  async #block(chunk: DeviceChunk, slice: Chunk, answer: Answer, ctx: JobContext): Promise<void> {
    const made: GPUBuffer[] = [];
    try {
      const block = await this.#open(chunk, slice, made);
      for (const right of this.question.reference.chunks) await this.#nearest(block, right, ctx);
      for (const right of this.question.reference.chunks) await this.#refine(block, right, ctx);
      await this.#rank(block, ctx);
      await this.#collect(block, answer);
    } finally {
      destroyAll(made);
    }
  }

  /** The block's buffers, all of which are put into `made`; lists empty, outputs filled with what is no answer. */
  #open(chunk: DeviceChunk, slice: Chunk, made: GPUBuffer[]): Promise<Block> {
    const { gpu } = this;
    const rows = slice.end - slice.start;
    const create = (label: string, count: number): GPUBuffer => {
      const buffer = gpu.createStorage(label, count * 4);
      made.push(buffer);
      return buffer;
    };
    return gpu.guarded('open lists', () => {
      const candidates = rows * this.#parts * this.#capacity;
      const block: Block = {
        ...slice,
        chunk,
        queryIds: create('query ids', rows),
        squared: create('list distances', candidates),
        candidates: create('list ids', candidates),
        exact: create('exact distances', candidates),
        ids: create('ids', rows * this.#width),
        distances: create('distances', rows * this.#width),
        doubts: create('doubts', rows),
      };
      const { queue } = gpu.device;
      const own = this.question.queryIds.slice(chunk.start + slice.start, chunk.start + slice.end);
      queue.writeBuffer(block.queryIds, 0, own);
      queue.writeBuffer(block.ids, 0, new Uint32Array(rows * this.#width).fill(NO_ID));
      queue.writeBuffer(block.doubts, 0, new Uint32Array(rows).fill(NO_ID));
      const { empty } = this.pipelines;
      const lists = [block.squared, block.candidates].map((buffer, i) => ({ binding: 6 + i, resource: { buffer } }));
      const bind = gpu.device.createBindGroup({ layout: empty.getBindGroupLayout(0), entries: lists });
      const groups = Math.min(1024, this.limits.dispatchGroups, Math.ceil(candidates / 256));
      submitPass(gpu, [{ pipeline: empty, bind, groups: [groups] }]);
      return block;
    });
  }

  /**
   * All queries of the block against the rows of `right`, in pieces of them: a unit is one group of queries and one piece.
   * Pieces begin where all parts begin anew, so that a tile's part does not depend on them.
   */
  async #nearest(block: Block, right: DeviceChunk, ctx: JobContext): Promise<void> {
    const { stride } = this.question.reference;
    const round = SIDE * this.#parts;
    const pieceRows = round * Math.max(1, Math.floor(GROUP_WORK / (SIDE * stride * round)));
    const pieces = slicesOf(right.end - right.start, pieceRows);
    const groups = Math.ceil((block.end - block.start) / SIDE);
    const each = SIDE * Math.min(pieceRows, right.end - right.start) * stride;
    const kernel = this.question.direct ? 'nearest, direct' : 'nearest';
    await this.#pacer.run(
      kernel,
      pieces.length * groups,
      1,
      () => each,
      ctx,
      async (from, to) => {
        for (const [p, piece] of pieces.entries()) {
          const [first, end] = [Math.max(0, from - p * groups), Math.min(groups, to - p * groups)];
          if (first < end) await this.#nearestOf(block, right, piece, first, end);
        }
        this.#tell((to - from) / (pieces.length * groups), right, block, ctx);
      },
    );
  }

  #nearestOf(block: Block, right: DeviceChunk, piece: Chunk, firstGroup: number, endGroup: number): Promise<void> {
    const { chunk, queryIds, squared, candidates } = block;
    const buffers = [chunk.data, right.data, chunk.norms, right.norms, queryIds, squared, candidates];
    const fields = [
      piece.start,
      piece.end,
      right.start,
      block.start,
      this.question.reference.stride,
      this.#capacity,
      this.#parts,
    ];
    return this.#dispatch(this.pipelines.nearest, buffers, endGroup - firstGroup, this.#parts, (from, to) => {
      const first = block.start + (firstGroup + from) * SIDE;
      return [first, Math.min(block.end, block.start + (firstGroup + to) * SIDE), ...fields];
    });
  }

  /** A unit is a workgroup's candidates. */
  async #refine(block: Block, right: DeviceChunk, ctx: JobContext): Promise<void> {
    const { stride } = this.question.reference;
    const width = this.#parts * this.#capacity;
    const candidates = (block.end - block.start) * width;
    const fields = [candidates, block.start, width, stride / 4, right.start, right.end - right.start];
    const buffers = [block.chunk.data, right.data, block.candidates, block.exact];
    const units = Math.ceil(candidates / REFINED);
    const work = (): number => REFINED * stride;
    await this.#pacer.run('refine', units, 1, work, ctx, (first, end) =>
      this.#dispatch(this.pipelines.refine, buffers, end - first, 1, (from) => [(first + from) * REFINED, ...fields]),
    );
  }

  /** A unit is a query. */
  async #rank(block: Block, ctx: JobContext): Promise<void> {
    const { reference, places } = this.question;
    const { chunk, queryIds, squared, candidates, exact, ids, distances, doubts } = block;
    const buffers = [chunk.norms, queryIds, squared, candidates, exact, ids, distances, doubts];
    const bounds = [roundingBound(reference.stride), Math.sqrt(reference.largestNorm)].map(bitsOf);
    const outputs = [this.#firstPlace, places, this.#own, this.#width];
    const fields = [block.start, this.#capacity, this.#parts, ...outputs, ...bounds];
    const work = (): number => (this.#parts * this.#capacity) ** 2;
    await this.#pacer.run('rank', block.end - block.start, 1, work, ctx, (first, end) =>
      this.#dispatch(this.pipelines.rank, buffers, end - first, 1, (from) => [block.start + first + from, ...fields]),
    );
  }

  /** `count` x `parts` workgroups, in as many dispatches as the device needs for them. */
  async #dispatch(
    pipeline: GPUComputePipeline,
    buffers: readonly GPUBuffer[],
    count: number,
    parts: number,
    fieldsOf: (from: number, to: number) => readonly number[],
  ): Promise<void> {
    for (const { start, end } of slicesOf(count, this.limits.dispatchGroups)) {
      await this.gpu.guarded('nearest rows', () => {
        this.gpu.device.queue.writeBuffer(this.params, 0, Uint32Array.from(fieldsOf(start, end)));
        const bind = bindAll(this.gpu, pipeline, [this.params, ...buffers]);
        submitPass(this.gpu, [{ pipeline, bind, groups: [end - start, parts] }]);
      });
    }
  }

  async #collect(block: Block, answer: Answer): Promise<void> {
    const rows = block.end - block.start;
    const [ids, distances, doubts] = await this.gpu.read([
      { buffer: block.ids, bytes: rows * this.#width * 4 },
      { buffer: block.distances, bytes: rows * this.#width * 4 },
      { buffer: block.doubts, bytes: rows * 4 },
    ]);
    const found = new Uint32Array(ids as ArrayBuffer);
    const doubtful = new Uint32Array(doubts as ArrayBuffer);
    if (found.includes(NO_ID) || doubtful.includes(NO_ID)) throw unwritten();
    const first = block.chunk.start + block.start;
    answer.ids.set(found, first * this.#width);
    answer.distances.set(new Float32Array(distances as ArrayBuffer), first * this.#width);
    for (let r = 0; r < rows; r++) if (doubtful[r] === 1) answer.doubtful.push(first + r);
  }

  #tell(share: number, right: DeviceChunk, block: Block, ctx: JobContext): void {
    const { queries, reference } = this.question;
    this.#done += share * (right.end - right.start) * (block.end - block.start);
    ctx.progress(Math.round(this.#done), queries.rows * reference.rows);
  }
}

/** Lists a query, over which the tiles of the reference rows are dealt. It does not depend on the device. */
const partsOf = (queries: number, reference: number, capacity: number): number => {
  const wanted = BUSY_GROUPS / Math.ceil(queries / SIDE);
  const most = Math.min(MOST_PARTS, wanted, reference / SIDE / TILES_A_PART, 1024 / capacity);
  return Math.max(1, Math.floor(most));
};

/**
 * Bound of what float32 gets wrong in |a|^2 + |b|^2 - 2 a.b and in the sum of (a - b)^2 together, for lengths that add up to 1:
 * 2 |a||b| is at most half of the squared sum of lengths, one rounding a term of a sum (Higham 2002, 3.1), and some for the
 * norms and for joining; the second sum has four parts.
 */
const roundingBound = (stride: number): number => (stride / 2 + stride / 4 + 32) * 2 ** -24 * 1.01;

/** The bits of a float32, to stand among whole numbers. */
const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0] as number;
