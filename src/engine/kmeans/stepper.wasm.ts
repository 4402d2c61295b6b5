import type { JobContext, Matrix } from '../../domain/index.ts';
import { WasmAssigner } from '../distances/index.ts';
import { columnTask, type OpenRows, shareColumns } from '../wasm/index.ts';
import type { Stepper } from './stepper.ts';
import { ClusterSums } from './update.ts';

/** All of it in WASM, with the bits of the plain loops. Buffers: 32 bytes a row and 16 a centroid's dimension. */
export class WasmStepper implements Stepper {
  readonly #assigner: WasmAssigner;
  readonly #at: readonly { previous: number; sums: number; sizes: number }[];
  #sums: ClusterSums;

  constructor(
    private readonly x: OpenRows,
    private readonly k: number,
  ) {
    this.#assigner = new WasmAssigner(x, k);
    this.#at = x.parts.map(({ arena, rows, stride }) => ({
      previous: arena.alloc(rows * 4),
      sums: arena.alloc(k * stride * 2),
      sizes: arena.alloc(k * 8),
    }));
    this.#sums = this.#noSums();
    this.restart();
  }

  restart(): void {
    this.#assigner.restart();
    this.#sums = this.#noSums();
    for (const [p, { arena, rows }] of this.x.parts.entries()) arena.i32(this.#pointers(p).previous, rows).fill(-1);
  }

  async assign(centroids: Matrix, ctx: JobContext): Promise<Int32Array> {
    await this.#assigner.assign(centroids, ctx);
    return this.#assigner.labels();
  }

  /** The sums pass from part to part, so that rows are added in one order however many parts there are. */
  async clusterSums(ctx: JobContext): Promise<ClusterSums> {
    const { sums, sizes } = this.#sums;
    for (const [p, { arena, raw, rows, stride }] of this.x.parts.entries()) {
      const at = this.#pointers(p);
      arena.f64(at.sums, sums.length).set(sums);
      arena.f64(at.sizes, this.k).set(sizes);
      const labels = this.#assigner.labelsOf(p);
      await shareColumns(arena, moveColumns, { raw, rows, stride, labels, previous: at.previous, sums: at.sums }, ctx);
      arena.kernels.moveSizes(rows, labels, at.previous, at.sizes);
      sums.set(arena.f64(at.sums, sums.length));
      sizes.set(arena.f64(at.sizes, this.k));
    }
    return this.#sums.narrowed(this.x.cols);
  }

  ownSquared = (centroids: Matrix, ctx: JobContext): Promise<Float64Array> => this.#assigner.ownSquared(centroids, ctx);

  #pointers = (p: number) => this.#at[p] as { previous: number; sums: number; sizes: number };
  #noSums = (): ClusterSums => new ClusterSums(this.k, this.x.stride / 4);
}

interface MoveParams {
  readonly raw: number;
  readonly rows: number;
  readonly stride: number;
  readonly slice: number;
  readonly labels: number;
  readonly previous: number;
  readonly sums: number;
}

/** Takes rows that changed their cluster out of the sum of one and into that of the other. */
export const moveColumns = columnTask<MoveParams>('move rows', ({ kernels }, params, from, to, first, bytes) => {
  const { labels, previous, raw, stride, sums } = params;
  kernels.moveSums(from, to, labels, previous, raw + first, stride, bytes, sums + 2 * first);
});
