import type { JobContext, Matrix } from '../../domain/index.ts';
import { distinctRows } from '../distinct.ts';
import { type Clusters, mergeByChain } from './chain.ts';
import type { Joins } from './merges.ts';
import { wardWasm } from './ward.wasm.ts';

/** Ward linkage with squared heights. Equal rows are joined first, at 0: else each would have only others like it for neighbours. */
export async function wardJoins(x: Matrix, ctx: JobContext, weights?: ArrayLike<number>): Promise<Joins> {
  const { rows, firsts, of } = await distinctRows(x, ctx);
  const sizes = new Float64Array(rows.rows);
  const joins = { from: new Int32Array(x.rows), to: new Int32Array(x.rows), height: new Float64Array(x.rows) };
  let count = 0;
  for (const [row, group] of of.entries()) {
    sizes[group] = (sizes[group] as number) + (weights?.[row] ?? 1);
    if (firsts[group] === row) continue;
    joins.from[count] = firsts[group] as number;
    joins.to[count++] = row;
  }
  const found = (await wardWasm(rows, sizes, ctx)) ?? (await mergeByChain(new Centroids(rows, sizes), ctx));
  for (let s = 0; s + 1 < rows.rows; s++, count++) {
    joins.from[count] = firsts[found.from[s] as number] as number;
    joins.to[count] = firsts[found.to[s] as number] as number;
    joins.height[count] = found.height[s] as number;
  }
  return joins;
}

/** Clusters as centroids and sizes in float64, their distances when they are asked for: 2 |A||B| / (|A| + |B|) |a - b|^2. */
class Centroids implements Clusters {
  readonly #centroids: Float64Array;
  readonly #sizes: Float64Array;

  constructor(
    private readonly x: Matrix,
    sizes: Float64Array,
  ) {
    this.#centroids = Float64Array.from(x.data);
    this.#sizes = sizes.slice();
  }

  get n(): number {
    return this.x.rows;
  }

  get work(): number {
    return this.x.cols;
  }

  nearest(tip: number, previous: number, alive: Int32Array) {
    let id = previous;
    let distance = previous === -1 ? Number.POSITIVE_INFINITY : this.#between(tip, previous);
    for (const other of alive) {
      if (other === tip || other === previous) continue;
      const d = this.#between(tip, other);
      if (d < distance) [distance, id] = [d, other];
    }
    return { id, distance };
  }

  merge(a: number, b: number): void {
    const { cols } = this.x;
    const [sizeA, sizeB] = [this.#sizes[a] as number, this.#sizes[b] as number];
    const c = this.#centroids;
    for (let i = 0; i < cols; i++) {
      const [p, q] = [a * cols + i, b * cols + i];
      c[q] = (sizeA * (c[p] as number) + sizeB * (c[q] as number)) / (sizeA + sizeB);
    }
    this.#sizes[b] = sizeA + sizeB;
  }

  #between(a: number, b: number): number {
    const { cols } = this.x;
    const c = this.#centroids;
    let sum = 0;
    for (let p = a * cols, q = b * cols; p < (a + 1) * cols; p++, q++) {
      const difference = (c[p] as number) - (c[q] as number);
      sum += difference * difference;
    }
    const [sizeA, sizeB] = [this.#sizes[a] as number, this.#sizes[b] as number];
    return ((2 * sizeA * sizeB) / (sizeA + sizeB)) * sum;
  }
}
