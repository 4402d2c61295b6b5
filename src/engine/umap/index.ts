import { createMatrix, deriveSeed, type JobContext, type Matrix, rowOf, takeRows, untold } from '../../domain/index.ts';
import { approximateKnn } from '../ann/index.ts';
import { requireFinite } from '../check.ts';
import type { Compute } from '../compute.ts';
import { knn, type Neighbours } from '../knn/index.ts';
import { distinctRows } from './distinct.ts';
import { fuzzyGraph } from './fuzzy.ts';
import { createUmap, type OptimiseOptions } from './optimise.ts';
import { referenceLayout } from './reference.ts';
import { principalLayout, shaken } from './start.ts';

export { type Curve, fitCurve } from './curve.ts';
export { type FuzzyGraph, fuzzyGraph } from './fuzzy.ts';
export { createUmap, type OptimiseOptions, type Umap } from './optimise.ts';
export { placeByNeighbours } from './place.ts';
export { principalLayout } from './start.ts';

export interface UmapOptions extends OptimiseOptions {
  /** Neighbours of a row, itself included. */
  readonly neighbours: number;
  /** 'umap-js' is the reference, many times slower; 'own' if not given. */
  readonly algorithm?: 'own' | 'umap-js';
  /** Lists made before, each row first in its own; `neighbours` then says nothing, and equal rows are laid out one by one. */
  readonly lists?: Neighbours;
  /** Where the rows start (n x 2), as from a layout of other windows; the principal components if not given. */
  readonly start?: Matrix;
}

/** Up to this many rows the neighbours are exact; with more, lists that miss a few of them are found in less time. */
const EXACT_ROWS = 8000;

/**
 * Layout of the rows of `x` (n x d) in the plane (n x 2) by UMAP (McInnes, Healy & Melville 2018) on Euclidean neighbours. It
 * starts from the first two principal components and not at random: the large-scale arrangement then comes from the data
 * (Kobak & Linderman 2021). Equal rows are laid out once and share their position. With no more distinct rows than
 * `neighbours` + 1 there is no neighbourhood to speak of, and the start is the layout.
 */
export async function umapLayout(x: Matrix, options: UmapOptions, compute: Compute, ctx: JobContext): Promise<Matrix> {
  await requireFinite(x, 'profiles', ctx);
  ctx.progress(0, options.epochs);
  await ctx.checkpoint();
  if (options.lists) return optimise(options.lists, await startOf(x, options, compute, ctx), options, ctx);
  const { rows, firsts, of } = await distinctRows(x, ctx);
  const start = options.start ? takeRows(options.start, firsts) : await principalLayout(rows, compute, untold(ctx));
  const few = rows.rows <= options.neighbours + 1;
  const layout = few ? start : await optimise(await nearest(rows, options, compute, untold(ctx)), start, options, ctx);
  ctx.progress(options.epochs, options.epochs);
  const out = createMatrix(x.rows, 2);
  for (let i = 0; i < x.rows; i++) out.data.set(rowOf(layout, of[i] as number), i * 2);
  return out;
}

function nearest(x: Matrix, { neighbours, seed }: UmapOptions, compute: Compute, ctx: JobContext): Promise<Neighbours> {
  if (x.rows <= EXACT_ROWS) return knn(x, neighbours, compute, ctx);
  return approximateKnn(x, neighbours, { seed: deriveSeed(seed, 'neighbours') }, compute, ctx);
}

const startOf = async (x: Matrix, { start }: UmapOptions, compute: Compute, ctx: JobContext): Promise<Matrix> =>
  start ?? (await principalLayout(x, compute, untold(ctx)));

async function optimise(lists: Neighbours, start: Matrix, options: UmapOptions, ctx: JobContext): Promise<Matrix> {
  const from = shaken(start, options.seed);
  if (options.algorithm === 'umap-js') return referenceLayout(lists, from, options, ctx);
  const graph = await fuzzyGraph(lists, untold(ctx));
  const umap = createUmap(graph, from, { ...options, seed: deriveSeed(options.seed, 'umap') });
  await umap.run(ctx);
  return { rows: graph.rows, cols: 2, data: umap.positions };
}
