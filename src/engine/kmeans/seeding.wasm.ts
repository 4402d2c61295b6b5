import type { JobContext } from '../../domain/index.ts';
import { indexOfMin } from '../distances/index.ts';
import { type OpenRows, padded, type RowsInArena } from '../wasm/index.ts';
import type { Seeder } from './seeding.ts';

/** Rows times candidates times bytes of a row of one call: a fraction of a millisecond. */
const CALL_WORK = 2 ** 24;

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
      this.#load(part, this.#pointers(p), candidates, sums);
      await this.#reduce(part, this.#pointers(p), count, ctx);
      sums.set(part.arena.f64(this.#pointers(p).sums, count));
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
      sums: arena.alloc(most * 8),
      scratch: arena.alloc(64),
    };
  }

  /** Candidates come from the arena that holds them, with the norms they have there: so a row is at exactly 0 from itself. */
  #load({ arena, stride }: RowsInArena, at: Pointers, candidates: readonly number[], sums: Float64Array): void {
    const width = stride / 4;
    const norms = arena.f32(at.norms, sums.length).fill(Number.POSITIVE_INFINITY);
    const rows = arena.f32(at.candidates, sums.length * width).fill(0);
    for (const [i, row] of candidates.entries()) {
      const home = this.x.parts.findLast((part) => part.start <= row) as RowsInArena;
      const local = row - home.start;
      rows.set(home.arena.f32(home.fast + local * stride, width), i * width);
      norms[i] = home.arena.f32(home.norms, home.rows)[local] as number;
    }
    arena.f64(at.sums, sums.length).set(sums);
  }

  async #reduce({ arena, fast, norms, rows, stride }: RowsInArena, at: Pointers, count: number, ctx: JobContext) {
    // An even number, for rows go two by two.
    const step = 2 * Math.max(32, Math.floor(CALL_WORK / (count * stride)));
    for (let from = 0; from < rows; from += step) {
      arena.kernels.reduceByCandidates(
        ...([fast, norms, from, Math.min(rows, from + step), rows, stride, at.candidates, at.norms, count] as const),
        ...([at.nearest, at.reduced, at.sums, at.scratch] as const),
      );
      await ctx.checkpoint();
    }
  }
}
