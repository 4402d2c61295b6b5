import type { JobContext, Matrix } from '../../domain/index.ts';
import type { Team } from '../team/index.ts';
import { onlyPart, padded, type RowsInArena, roundingBound, rowTask, shareRows, withRows } from '../wasm/index.ts';
import { EdgeList, type SpanningTree } from './mst.ts';

/** Rows whose distances are computed together. With one alone the kernel waits for memory; eight fit the first-level cache. */
const BATCH = 8;
/** Lines of distances kept at a time: rows that were measured ahead wait here until the tree takes them. */
const LINES = 64;
/** Positions of a block: threads share a batch out, a millisecond of work at 10,000 rows. */
const BLOCK_ROWS = 512;
/** Open rows between two checkpoints, summed over steps: a few milliseconds of comparing keys. */
const STEP_WORK = 2e6;

/**
 * {@link spanningTreePlain}, edge for edge; null where WASM is not to be had. Each row's distances are computed once, in float32 and
 * ahead of time for the rows that are next by their keys; float64 measures what may become an edge.
 * Buffers beside the rows: 4 x (64 + 5) bytes a row.
 */
export async function spanningTreeWasm(
  x: Matrix,
  core: Float32Array,
  ctx: JobContext,
  team: Team | null = null,
): Promise<SpanningTree | null> {
  if (x.rows < 2) return null;
  return await withRows(x, ctx, team, async (rows) => {
    const part = onlyPart(rows);
    return part && (await new Prim(part, core).run(ctx));
  });
}

type Pointers = Record<'ids' | 'cores' | 'keys' | 'parents' | 'lines' | 'batch' | 'batchNorms' | 'outs' | 'scratch', number>;

interface MeasureParams extends Pointers {
  /** Rows of the batch. */
  readonly count: number;
  /** Positions to measure from it. */
  readonly rows: number;
  readonly stride: number;
  readonly step: number;
  readonly fast: number;
  readonly norms: number;
}

/** Distances of a batch to the rows of a block of positions. */
export const measureLines = rowTask<MeasureParams>('measure lines', ({ kernels }, params, from, to, thread) => {
  const { batch, batchNorms, count, fast, norms, stride, outs, scratch } = params;
  kernels.distanceRows(batch, batchNorms, count, fast, norms, from, to, stride, outs, scratch + thread * 64);
});

class Prim {
  readonly #edges: EdgeList;
  readonly #at: Pointers;
  readonly #ids: Int32Array;
  readonly #cores: Float32Array;
  readonly #keys: Float32Array;
  readonly #parents: Int32Array;
  readonly #norms: Float32Array;
  readonly #lines: Float32Array;
  /** For each position the line that holds its distances, or -1. */
  readonly #lineAt: Int32Array;
  readonly #freeLines = Array.from({ length: LINES }, (_, line) => line);
  readonly #longest: number;
  /** Rows outside the tree: positions [0, open). */
  #open: number;

  constructor(
    private readonly part: RowsInArena,
    core: Float32Array,
  ) {
    const { arena, rows } = part;
    const room = padded(rows);
    this.#open = rows;
    this.#edges = new EdgeList(rows);
    this.#at = allocate(part);
    this.#ids = arena.i32(this.#at.ids, room);
    for (let i = 0; i < rows; i++) this.#ids[i] = i;
    this.#cores = arena.f32(this.#at.cores, room);
    this.#cores.set(core);
    this.#keys = arena.f32(this.#at.keys, room);
    this.#keys.fill(Number.POSITIVE_INFINITY, 0, rows).fill(Number.NEGATIVE_INFINITY, rows);
    this.#parents = arena.i32(this.#at.parents, room).fill(2 ** 31 - 1);
    this.#norms = arena.f32(part.norms, room);
    this.#lines = arena.f32(this.#at.lines, LINES * room);
    this.#lineAt = new Int32Array(rows).fill(-1);
    this.#longest = Math.sqrt(this.#norms.subarray(0, rows).reduce((most, norm) => Math.max(most, norm), 0));
  }

  async run(ctx: JobContext): Promise<SpanningTree> {
    const { arena, rows } = this.part;
    let work = 0;
    this.#take(0);
    while (this.#open > 0) {
      if (this.#lineAt[this.#open] === -1) work += await this.#measure(ctx);
      this.#relax();
      const next = arena.kernels.nextEdge(this.#open, this.#at.ids, this.#at.keys, this.#at.parents);
      this.#edges.add(this.#parents[next] as number, this.#ids[next] as number, this.#keys[next] as number);
      this.#take(next);
      work += this.#open;
      if (work > STEP_WORK) {
        work = 0;
        ctx.progress(rows - this.#open, rows);
        await ctx.checkpoint();
      }
    }
    return this.#edges.sorted();
  }

  /** Moves the row at a position behind the open ones: into the tree. */
  #take(position: number): void {
    const last = --this.#open;
    if (position !== last) this.#swap(position, last);
    this.#keys[last] = Number.NEGATIVE_INFINITY;
  }

  #swap(p: number, q: number): void {
    const { arena, raw, fast, stride } = this.part;
    const width = stride / 4;
    for (const at of new Set([raw, fast])) {
      const data = arena.f32(at, this.part.rows * width);
      const kept = data.slice(p * width, (p + 1) * width);
      data.copyWithin(p * width, q * width, (q + 1) * width);
      data.set(kept, q * width);
    }
    for (const values of [this.#ids, this.#cores, this.#keys, this.#parents, this.#norms, this.#lineAt]) swapIn(values, p, q);
    // Lines that nobody waits for change too: they are written before they are read.
    const room = padded(this.part.rows);
    for (let line = 0; line < LINES; line++) this.#lines[line * room + p] = this.#lines[line * room + q] as number;
  }

  /** Fills a line for the row just taken, and for those that will probably follow it. Returns the work in key comparisons. */
  async #measure(ctx: JobContext): Promise<number> {
    const { arena, fast, norms, stride } = this.part;
    const batch = [this.#open, ...this.#likely(Math.min(BATCH, this.#freeLines.length) - 1)];
    const width = stride / 4;
    const [rows, batchNorms] = [arena.f32(this.#at.batch, BATCH * width), arena.f32(this.#at.batchNorms, BATCH)];
    const outs = arena.i32(this.#at.outs, BATCH);
    for (const [i, position] of batch.entries()) {
      const line = this.#freeLines.pop() as number;
      this.#lineAt[position] = line;
      outs[i] = this.#linePointer(line);
      batchNorms[i] = this.#norms[position] as number;
      rows.set(arena.f32(fast + position * stride, width), i * width);
    }
    const params = { ...this.#at, count: batch.length, rows: this.#open, stride, fast, norms };
    await shareRows(arena, measureLines, params, ctx, BLOCK_ROWS);
    return (batch.length * this.#open * width) / 16;
  }

  #relax(): void {
    const { arena, raw, stride } = this.part;
    const last = this.#open;
    const line = this.#lineAt[last] as number;
    const error = roundingBound(stride) * (Math.sqrt(this.#norms[last] as number) + this.#longest) ** 2;
    arena.kernels.relax(
      ...([this.#ids[last] as number, this.#cores[last] as number, raw + last * stride, this.#linePointer(line)] as const),
      ...([error, this.#open, raw, stride, this.#at.cores, this.#at.keys, this.#at.parents] as const),
    );
    this.#freeLines.push(line);
  }

  #linePointer = (line: number): number => this.#at.lines + line * padded(this.part.rows) * 4;

  /** The `count` positions of the least keys that have no line yet. A guess: it decides when a row is measured, not what comes out. */
  #likely(count: number): number[] {
    const found: number[] = [];
    const keys = this.#keys;
    let worst = Number.POSITIVE_INFINITY;
    for (let p = 0; p < this.#open && count > 0; p++) {
      const key = keys[p] as number;
      if (key >= worst || key === Number.POSITIVE_INFINITY || this.#lineAt[p] !== -1) continue;
      let at = found.length;
      while (at > 0 && (keys[found[at - 1] as number] as number) > key) at--;
      found.splice(at, 0, p);
      if (found.length > count) found.pop();
      if (found.length === count) worst = keys[found[count - 1] as number] as number;
    }
    return found;
  }
}

function allocate({ arena, rows, stride }: RowsInArena): Pointers {
  const room = padded(rows) * 4;
  return {
    ids: arena.alloc(room),
    cores: arena.alloc(room),
    keys: arena.alloc(room),
    parents: arena.alloc(room),
    lines: arena.alloc(LINES * room),
    batch: arena.alloc(BATCH * stride),
    batchNorms: arena.alloc(BATCH * 4),
    outs: arena.alloc(BATCH * 4),
    scratch: arena.alloc(arena.threads * 64),
  };
}

function swapIn(values: Int32Array | Float32Array, p: number, q: number): void {
  const kept = values[p] as number;
  values[p] = values[q] as number;
  values[q] = kept;
}
