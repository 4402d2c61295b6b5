import {
  type JobContext,
  type Matrix,
  normaliseRows,
  type ProfileTable,
  portion,
  type Settings,
  takeRows,
} from '../domain/index.ts';
import { type Compute, type PcaModel, pca, projectPca } from '../engine/index.ts';

export interface Reduced {
  /** Profiles x at most `dims`, unit rows. */
  readonly vectors: Matrix;
  /** Share of the variance that the kept dimensions explain, 0..1. */
  readonly explainedVariance: number;
  /** What the profiles were reduced by, for profiles to come. */
  readonly model: PcaModel;
}

/** Centred PCA, fitted on the profiles that are not thin and applied to all, then unit length. */
export async function reduce(
  vectors: Matrix,
  profiles: ProfileTable,
  { dims }: Settings,
  compute: Compute,
  ctx: JobContext,
): Promise<Reduced> {
  const full = Uint32Array.from({ length: profiles.count }, (_, p) => p).filter((p) => !profiles.thin[p]);
  const model = await pca(takeRows(vectors, full), dims, compute, portion(ctx, 0, 0.7));
  return {
    vectors: await reduceBy(model, vectors, compute, portion(ctx, 0.7, 1)),
    explainedVariance: varianceKept(model),
    model,
  };
}

/** Share of the variance that the kept dimensions explain, 0..1. */
export const varianceKept = ({ explainedVarianceRatio }: PcaModel): number => explainedVarianceRatio.reduce((a, b) => a + b, 0);

/** Profiles (n x d) along the components of a model, unit rows. */
export async function reduceBy(model: PcaModel, vectors: Matrix, compute: Compute, ctx: JobContext): Promise<Matrix> {
  return normaliseRows(await projectPca(model, vectors, compute, ctx));
}
