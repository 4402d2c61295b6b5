import {
  createMatrix,
  type JobContext,
  type Matrix,
  normaliseRows,
  type ProfileTable,
  portion,
  rowOf,
  type Settings,
  takeRows,
  untold,
} from '../domain/index.ts';
import { addToSums, type Compute, forBlocks, type PcaModel, type PcaSums, pcaOfSums } from '../engine/index.ts';
import type { Reuse } from './memory.ts';
import { type Reduced, reduce, reduceBy, varianceKept } from './reduce.ts';
import { groupByWindow } from './rows.ts';

/** Profiles are given as indexes into the table, ascending. */
export type Rows = ArrayLike<number>;

/**
 * Where the profiles lie. With look-ahead there is one basis, fitted on all windows, and everything below is the same. Without it
 * each window has a basis of its own, fitted on the windows up to it, and vectors of two bases can't be compared.
 */
export interface Space {
  /** Profiles of one window in its own basis, unit rows. */
  own(window: number, rows: Rows): Matrix;
  /** Profiles of this window or earlier ones in the basis of this one, unit rows. */
  seenFrom(window: number, rows: Rows, ctx: JobContext): Promise<Matrix>;
  /** By window: {@link own} of all its profiles. */
  readonly owned: readonly Matrix[];
  /** What profiles of this window are reduced by. */
  modelOf(window: number): PcaModel;
  /**
   * Profiles in a space that is the same for all windows and that no later window changes, unit rows: with look-ahead that of `all`, else
   * the vectors before the reduction, less the mean of the first window that has a basis.
   */
  common(rows: Rows, ctx: JobContext): Promise<Matrix>;
  /** All profiles in the last basis, unit rows. */
  readonly all: Matrix;
  /** Share of the variance that the dimensions of the last basis explain, 0..1. */
  readonly explainedVariance: number;
  /** By window: what {@link modelOf} gives; null before the first basis. */
  readonly models: readonly (PcaModel | null)[];
}

export interface SpaceTask {
  readonly settings: Settings;
  readonly compute: Compute;
  readonly ctx: JobContext;
  /** A run that data are added to: its one basis stays, and without look-ahead those of the windows that are not touched. */
  readonly reuse?: Reuse | null;
}

/** @param vectors profiles x d, unit rows. */
export const openSpace = (vectors: Matrix, profiles: ProfileTable, windows: number, task: SpaceTask): Promise<Space> =>
  task.settings.lookAhead ? openShared(vectors, profiles, windows, task) : openByWindow(vectors, profiles, windows, task);

async function openShared(vectors: Matrix, profiles: ProfileTable, windows: number, task: SpaceTask): Promise<Space> {
  const { settings, compute, ctx, reuse } = task;
  const model = reuse?.state.models[0];
  const reduced =
    reuse && model
      ? { vectors: await reduceMore(vectors, profiles, model, reuse, task), explainedVariance: varianceKept(model), model }
      : await reduce(vectors, profiles, settings, compute, ctx);
  return shared(reduced, profiles, windows);
}

/** Other profiles (n x d, unit rows), for whom the basis of a space with look-ahead is kept. */
export async function keepBasis(
  space: Space,
  vectors: Matrix,
  profiles: ProfileTable,
  windows: number,
  compute: Compute,
  ctx: JobContext,
): Promise<Space> {
  const model = space.modelOf(0);
  const all = await reduceBy(model, vectors, compute, ctx);
  return shared({ vectors: all, explainedVariance: space.explainedVariance, model }, profiles, windows);
}

function shared({ vectors: all, explainedVariance, model }: Reduced, profiles: ProfileTable, windows: number): Space {
  const starts = firstProfiles(profiles, windows);
  const owned = Array.from({ length: windows }, (_, w) => between(all, starts[w] as number, starts[w + 1] as number));
  return {
    owned,
    ...{ all, explainedVariance, modelOf: () => model, models: new Array<PcaModel>(windows).fill(model) },
    own: (_, rows) => takeRows(all, rows),
    seenFrom: async (_, rows) => takeRows(all, rows),
    common: async (rows) => takeRows(all, rows),
  };
}

/** Profiles of windows that new data did not touch keep their vectors: among more rows a device might be chosen that rounds otherwise. */
async function reduceMore(
  vectors: Matrix,
  profiles: ProfileTable,
  model: PcaModel,
  { state, from }: Reuse,
  { compute, ctx }: SpaceTask,
): Promise<Matrix> {
  const kept = profiles.window.filter((window) => window < from).length;
  const rest = await reduceBy(model, takeRows(vectors, range(kept, profiles.count)), compute, ctx);
  const out = createMatrix(profiles.count, rest.cols);
  // Profiles are ordered by window and, in a window, by user: the first ones are the same in both runs.
  out.data.set((state.reduced as Matrix).data.subarray(0, kept * rest.cols));
  out.data.set(rest.data, kept * rest.cols);
  return out;
}

async function openByWindow(vectors: Matrix, profiles: ProfileTable, windows: number, task: SpaceTask): Promise<Space> {
  const { compute, ctx } = task;
  const models = await basesOf(vectors, profiles, windows, { ...task, ctx: portion(ctx, 0, 0.6) });
  const modelOf = (window: number): PcaModel => models[window] as PcaModel;
  const seenFrom = (window: number, rows: Rows, ctx: JobContext): Promise<Matrix> =>
    reduceBy(modelOf(window), takeRows(vectors, rows), compute, untold(ctx));
  const projecting = portion(ctx, 0.6, 0.8);
  const starts = firstProfiles(profiles, windows);
  const owned: Matrix[] = [];
  for (let w = 0; w < windows; w++) {
    const rows = range(starts[w] as number, starts[w + 1] as number);
    owned.push(models[w] ? await seenFrom(w, rows, ctx) : createMatrix(rows.length, 0));
    projecting.progress(w + 1, windows);
  }
  const last = models[windows - 1] as PcaModel;
  const origin = (models.find((model) => model !== null) as PcaModel).mean;
  return {
    ...{ modelOf, seenFrom, models, owned },
    own: (window, rows) =>
      takeRows(
        owned[window] as Matrix,
        Uint32Array.from(rows, (row) => row - (starts[window] as number)),
      ),
    common: (rows, ctx) => centred(vectors, rows, origin, ctx),
    all: await reduceBy(last, vectors, compute, portion(ctx, 0.8, 1)),
    explainedVariance: varianceKept(last),
  };
}

/**
 * A window: the PCA of the profiles that are not thin of all windows up to it; that of the window before where it adds none, null
 * before the first.
 */
async function basesOf(vectors: Matrix, profiles: ProfileTable, windows: number, task: SpaceTask) {
  const { settings, compute, ctx, reuse } = task;
  const rowsOf = groupByWindow(profiles, windows);
  const models: (PcaModel | null)[] = [];
  let sums: PcaSums | null = null;
  for (const [w, { full }] of rowsOf.entries()) {
    if (full.length > 0) sums = await addToSums(sums, takeRows(vectors, full), compute, untold(ctx));
    if (reuse && w < reuse.from) models.push(reuse.state.models[w] ?? null);
    else if (full.length > 0 && sums) models.push(await pcaOfSums(sums, settings.dims, untold(ctx)));
    else models.push(models[w - 1] ?? null);
    ctx.progress(w + 1, windows);
    await ctx.checkpoint();
  }
  return models;
}

async function centred(vectors: Matrix, rows: Rows, origin: Float64Array, ctx: JobContext): Promise<Matrix> {
  const out = takeRows(vectors, rows);
  await forBlocks(out.rows, 3 * out.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      const row = rowOf(out, r);
      for (let i = 0; i < row.length; i++) row[i] = (row[i] as number) - (origin[i] as number);
      normaliseRows({ rows: 1, cols: out.cols, data: row });
    }
  });
  return out;
}

/** A view on some rows that follow each other. */
const between = ({ cols, data }: Matrix, from: number, to: number): Matrix => ({
  ...{ rows: to - from, cols },
  data: data.subarray(from * cols, to * cols),
});

/** Index of each window's first profile, and the number of all; profiles are ordered by window. */
function firstProfiles(profiles: ProfileTable, windows: number): Uint32Array {
  const starts = new Uint32Array(windows + 1);
  for (const window of profiles.window) starts[window + 1] = (starts[window + 1] as number) + 1;
  for (let w = 0; w < windows; w++) starts[w + 1] = (starts[w + 1] as number) + (starts[w] as number);
  return starts;
}

const range = (from: number, to: number): Uint32Array => Uint32Array.from({ length: to - from }, (_, i) => from + i);
