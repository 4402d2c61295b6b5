import type { JobContext } from '../../domain/index.ts';
import { indexOfMin } from '../distances/index.ts';
import { type OpenRows, padded, type RowsInArena, rowTask, shareRows } from '../wasm/index.ts';
import type { Seeder } from './seeding.ts';

/** Rows of a block, whose sums are made apart and then added in order. An even number, for rows go two by two. */
const STEP = 1024;
const blocksOf = (rows: number): number => Math.ceil(rows / STEP);

interface Pointers {
  readonly candidates: number;
  readonly norms: number;
  readonly nearest: number;
  readonly reduced: number;
  readonly sums: number;
  readonly scratch: number;
}

/** D^2 in float32 by dot products, their sums in float64. Buffers: 4 + 4 x candidates bytes a row. */
export class WasmSeeder implements Seeder {
  readonly #at: readonly Pointers[];
  readonly #most: number;

  constructor(
    private readonly x: OpenRows,
    k: number,
  ) {
    this.#most = padded(2 + Math.floor(Math.log(k)));
    this.#at = x.parts.map((part) => this.#allocate(part));
  }

  begin(): void {
    for (const [p, { arena, rows }] of this.x.parts.entries()) {
      arena.f32(this.#pointers(p).nearest, rows).fill(Number.POSITIVE_INFINITY);
    }
  }

  nearest(): Float32Array {
    const out = new Float32Array(this.x.rows);
    for (const [p, { arena, start, rows }] of this.x.parts.entries()) {
      out.set(arena.f32(this.#pointers(p).nearest, rows), start);
    }
    return out;
  }

  async takeBest(candidates: readonly number[], ctx: JobContext): Promise<number> {
    const count = padded(candidates.length);
    const sums = new Float64Array(count);
    for (const [p, part] of this.x.parts.entries()) {
      const at = this.#pointers(p);
      this.#load(part, at, candidates, count);
      await shareRows(
        part.arena,
        reduceRows,
        { ...at, x: part.fast, xNorms: part.norms, rows: part.rows, stride: part.stride, count },
        ctx,
        STEP,
      );
      addInOrder(part.arena.f64(at.sums, blocksOf(part.rows) * count), sums);
    }
    const best = indexOfMin(sums.subarray(0, candidates.length));
    for (const [p, { arena, rows }] of this.x.parts.entries()) {
      const { nearest, reduced } = this.#pointers(p);
      arena.f32(nearest, rows).set(arena.f32(reduced + best * rows * 4, rows));
    }
    return candidates[best] as number;
  }

  #pointers = (p: number): Pointers => this.#at[p] as Pointers;

  #allocate({ arena, rows, stride }: RowsInArena): Pointers {
    const most = this.#most;
    return {
      candidates: arena.alloc(most * stride),
      norms: arena.alloc(most * 4),
      nearest: arena.alloc(rows * 4),
      reduced: arena.alloc(most * rows * 4),
      sums: arena.alloc(blocksOf(rows) * most * 8),
      scratch: arena.alloc(arena.threads * 64),
    };
  }

  /** Candidates come from the arena that holds them, with the norms they have there: so a row is at exactly 0 from itself. */
  #load({ arena, stride, rows: total }: RowsInArena, at: Pointers, candidates: readonly number[], count: number): void {
    const width = stride / 4;
    const norms = arena.f32(at.norms, count).fill(Number.POSITIVE_INFINITY);
    const rows = arena.f32(at.candidates, count * width).fill(0);
    for (const [i, row] of candidates.entries()) {
      const home = this.x.parts.findLast((part) => part.start <= row) as RowsInArena;
      const local = row - home.start;
      rows.set(home.arena.f32(home.fast + local * stride, width), i * width);
      norms[i] = home.arena.f32(home.norms, home.rows)[local] as number;
    }
    arena.f64(at.sums, blocksOf(total) * count).fill(0);
  }
}

interface ReduceParams extends Pointers {
  readonly x: number;
  readonly xNorms: number;
  readonly rows: number;
  readonly stride: number;
  readonly step: number;
  readonly count: number;
}

/** D^2 of the rows of a block for each candidate, and their sums at the place of the block. */
export const reduceRows = rowTask<ReduceParams>('reduce by candidates', ({ kernels }, params, from, to, thread, block) => {
  const { x, xNorms, rows, stride, candidates, norms, count, nearest, reduced } = params;
  kernels.reduceByCandidates(
    ...([x, xNorms, from, to, rows, stride, candidates, norms, count, nearest, reduced] as const),
    ...([params.sums + block * count * 8, params.scratch + thread * 64] as const),
  );
});

/** sums[c] += parts[c], then those of the next block, and so on. */
function addInOrder(parts: Float64Array, sums: Float64Array): void {
  for (const [i, part] of parts.entries()) sums[i % sums.length] = (sums[i % sums.length] as number) + part;
}
