import type { JobContext, Matrix } from '../../domain/index.ts';
import { itemsPerBlock } from '../blocks.ts';

/**
 * n - 1 edges between rows `from` < `to`, in the order of (weight, from, to). Weights are mutual reachability distances, max(core
 * of the one, core of the other, distance), in float32 as core distances are: with those in float64 equal ones would not be.
 */
export interface SpanningTree {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly height: Float32Array;
}

/** Prim's algorithm in plain loops, distances computed when they are needed. The oracle of the WASM path. */
export async function spanningTreePlain(x: Matrix, core: Float32Array, ctx: JobContext): Promise<SpanningTree> {
  const n = x.rows;
  const edges = new EdgeList(n);
  const keys = new Float32Array(n).fill(Number.POSITIVE_INFINITY);
  const parents = new Int32Array(n).fill(2 ** 31 - 1);
  const open = Int32Array.from({ length: n }, (_, i) => i).subarray(1);
  const block = itemsPerBlock(n * x.cols);
  let current = 0;
  for (let left = n - 1; left > 0; left--) {
    let best = 0;
    for (let p = 0; p < left; p++) {
      const j = open[p] as number;
      const weight = Math.max(core[current] as number, core[j] as number, distance(x, current, j));
      const key = keys[j] as number;
      if (weight < key || (weight === key && current < (parents[j] as number))) {
        keys[j] = weight;
        parents[j] = current;
      }
      if (p > 0 && comesBefore(keys, parents, j, open[best] as number)) best = p;
    }
    const next = open[best] as number;
    edges.add(parents[next] as number, next, keys[next] as number);
    open[best] = open[left - 1] as number;
    current = next;
    if (left % block === 0) {
      ctx.progress(n - left, n);
      await ctx.checkpoint();
    }
  }
  return edges.sorted();
}

/** Euclidean, in float64, rounded to float32 once. */
export function distance(x: Matrix, i: number, j: number): number {
  let sum = 0;
  for (let d = 0; d < x.cols; d++) {
    const difference = (x.data[i * x.cols + d] as number) - (x.data[j * x.cols + d] as number);
    sum += difference * difference;
  }
  return Math.fround(Math.sqrt(sum));
}

/** Whether the edge that would take in row i is less than that of row j, by (weight, lower row, higher row). */
function comesBefore(keys: Float32Array, parents: Int32Array, i: number, j: number): boolean {
  const [a, b] = [keys[i] as number, keys[j] as number];
  if (a !== b) return a < b;
  const [p, q] = [parents[i] as number, parents[j] as number];
  return (Math.min(p, i) - Math.min(q, j) || Math.max(p, i) - Math.max(q, j)) < 0;
}

/** Collects the edges of a tree over n rows. */
export class EdgeList {
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #weight: Float32Array;
  #count = 0;

  constructor(n: number) {
    const edges = Math.max(0, n - 1);
    this.#from = new Int32Array(edges);
    this.#to = new Int32Array(edges);
    this.#weight = new Float32Array(edges);
  }

  add(i: number, j: number, weight: number): void {
    this.#from[this.#count] = Math.min(i, j);
    this.#to[this.#count] = Math.max(i, j);
    this.#weight[this.#count] = weight;
    this.#count++;
  }

  sorted(): SpanningTree {
    const [from, to, weight] = [this.#from, this.#to, this.#weight];
    const of = (values: ArrayLike<number>, i: number): number => values[i] as number;
    const order = Array.from(weight, (_, i) => i).sort(
      (i, j) => of(weight, i) - of(weight, j) || of(from, i) - of(from, j) || of(to, i) - of(to, j),
    );
    return {
      from: Int32Array.from(order, (i) => of(from, i)),
      to: Int32Array.from(order, (i) => of(to, i)),
      height: Float32Array.from(order, (i) => of(weight, i)),
    };
  }
}
