import type { JobContext, Matrix } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import type { Assigner } from '../distances/index.ts';
import { ClusterSums, distancesToOwn } from './update.ts';

/** The steps of Lloyd's algorithm that pass over all rows, wherever they run. */
export interface Stepper {
  /** Forgets the run before. */
  restart(): void;
  /** Nearest centroid of every row, ties to the lowest index. */
  assign(centroids: Matrix, ctx: JobContext): Promise<Int32Array>;
  /** Sums and sizes of the clusters that the last assignment made; the caller may change them. */
  clusterSums(ctx: JobContext): Promise<ClusterSums>;
  /** Squared distance of every row to the given centroid of its last label, in float64, over ascending dimensions. */
  ownSquared(centroids: Matrix, ctx: JobContext): Promise<Float64Array>;
}

/** Assignment by whatever the assigner runs on, the rest in plain loops. */
export class PlainStepper implements Stepper {
  #sums: ClusterSums | null = null;
  #labels: Int32Array;
  #summed: Int32Array;

  constructor(
    private readonly x: Matrix,
    private readonly assigner: Assigner,
  ) {
    this.#labels = new Int32Array(x.rows).fill(-1);
    this.#summed = this.#labels.slice();
  }

  restart(): void {
    this.#sums = null;
    this.#summed.fill(-1);
  }

  async assign(centroids: Matrix, ctx: JobContext): Promise<Int32Array> {
    this.#sums ??= new ClusterSums(centroids.rows, centroids.cols);
    this.#labels = (await this.assigner.assign(centroids, ctx)).labels;
    return this.#labels;
  }

  async clusterSums(ctx: JobContext): Promise<ClusterSums> {
    const sums = this.#sums as ClusterSums;
    await forBlocks(this.x.rows, this.x.cols, ctx, (start, end) => {
      for (let r = start; r < end; r++) this.#move(r, sums);
    });
    return sums.copy();
  }

  ownSquared = (centroids: Matrix, ctx: JobContext): Promise<Float64Array> =>
    distancesToOwn(this.x, this.#labels, centroids, ctx);

  #move(r: number, sums: ClusterSums): void {
    const [before, label] = [this.#summed[r] as number, this.#labels[r] as number];
    if (before === label) return;
    if (before >= 0) sums.add(this.x, r, before, -1);
    sums.add(this.x, r, label, 1);
    this.#summed[r] = label;
  }
}
