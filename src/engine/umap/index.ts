import { deriveSeed, type JobContext, type Matrix, takeRows, untold } from '../../domain/index.ts';
import { approximateKnn } from '../ann/index.ts';
import { requireFinite } from '../check.ts';
import type { Compute } from '../compute.ts';
import { distinctRows } from '../distinct.ts';
import { knn, type Neighbours } from '../knn/index.ts';
import { fuzzyGraph } from './fuzzy.ts';
import { type RowLinks, withLinks } from './links.ts';
import { createUmap, type OptimiseOptions } from './optimise.ts';
import { referenceLayout } from './reference.ts';
import { principalLayout, shaken } from './start.ts';
import type { LayoutWatch } from './watch.ts';

export { type Curve, fitCurve } from './curve.ts';
export { type FuzzyGraph, fuzzyGraph } from './fuzzy.ts';
export { type RowLinks, withLinks } from './links.ts';
export { createUmap, type OptimiseOptions, type Umap } from './optimise.ts';
export { placeByNeighbours } from './place.ts';
export { principalLayout } from './start.ts';
export type { LayoutWatch } from './watch.ts';

export interface UmapOptions extends OptimiseOptions {
  /** Neighbours of a row, itself included. */
  readonly neighbours: number;
  /** 'umap-js' is the reference, many times slower; 'own' if not given. */
  readonly algorithm?: 'own' | 'umap-js';
  /** Lists made before, each row first in its own; `neighbours` then says nothing, and equal rows are laid out one by one. */
  readonly lists?: Neighbours;
  /** Where the rows start (n x 2), as from a layout of other windows; the principal components if not given. Held rows need one. */
  readonly start?: Matrix;
  /** Rows of `x` that are drawn together beyond what their values say. */
  readonly links?: RowLinks;
  /** Told of the positions while they form; of the outcome alone by 'umap-js' and where there is nothing to form. */
  readonly watch?: LayoutWatch;
}

/** Up to this many rows the neighbours are exact; with more, lists that miss a few of them are found in less time. */
const EXACT_ROWS = 8000;

/**
 * Layout of the rows of `x` (n x d) in the plane (n x 2) by UMAP (McInnes, Healy & Melville 2018) on Euclidean neighbours. It
 * starts from the first two principal components and not at random: the large-scale arrangement then comes from the data
 * (Kobak & Linderman 2021). Equal rows are laid out once and share their position. With no more distinct rows than
 * `neighbours` + 1 there is no neighbourhood to speak of, and the start is the layout, with links or without. Held rows stay at their
 * start, and a row that equals one of them lies on it; 'umap-js' can hold none.
 */
export async function umapLayout(x: Matrix, options: UmapOptions, compute: Compute, ctx: JobContext): Promise<Matrix> {
  await requireFinite(x, 'profiles', ctx);
  ctx.progress(0, options.epochs);
  await ctx.checkpoint();
  if (options.lists) return optimise(options.lists, await startOf(x, options, compute, ctx), options, compute, ctx);
  const { rows, firsts, of } = await distinctRows(x, ctx);
  const start = options.start ? takeRows(options.start, firsts) : await principalLayout(rows, compute, untold(ctx));
  const few = rows.rows <= options.neighbours + 1;
  if (few) options.watch?.onPositions(forAll(start.data, of), options.epochs);
  const layout = few
    ? start
    : await optimise(await nearest(rows, options, compute, untold(ctx)), start, forDistinct(options, of), compute, ctx);
  ctx.progress(options.epochs, options.epochs);
  const data = forAll(layout.data, of);
  // Equal rows that are held at two places stay at both.
  if (options.start) data.set(options.start.data.subarray(0, 2 * (options.held ?? 0)));
  return { rows: x.rows, cols: 2, data };
}

/** The positions of all rows, from those of the distinct ones. */
function forAll(positions: Float32Array, of: Uint32Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(2 * of.length);
  for (let i = 0; i < of.length; i++) {
    const from = 2 * (of[i] as number);
    out[2 * i] = positions[from] as number;
    out[2 * i + 1] = positions[from + 1] as number;
  }
  return out;
}

/** What speaks of rows speaks of the distinct ones. */
function forDistinct(options: UmapOptions, of: Uint32Array): UmapOptions {
  const { links, watch, held = 0 } = options;
  return {
    ...options,
    held: of.subarray(0, held).reduce((most, row) => Math.max(most, row + 1), 0),
    ...(links && { links: { ...links, pairs: links.pairs.map((row) => of[row] as number) } }),
    ...(watch && { watch: { ...watch, onPositions: (found, epoch) => watch.onPositions(forAll(found, of), epoch) } }),
  };
}

function nearest(x: Matrix, { neighbours, seed }: UmapOptions, compute: Compute, ctx: JobContext): Promise<Neighbours> {
  if (x.rows <= EXACT_ROWS) return knn(x, neighbours, compute, ctx);
  return approximateKnn(x, neighbours, { seed: deriveSeed(seed, 'neighbours') }, compute, ctx);
}

const startOf = async (x: Matrix, { start }: UmapOptions, compute: Compute, ctx: JobContext): Promise<Matrix> =>
  start ?? (await principalLayout(x, compute, untold(ctx)));

async function optimise(lists: Neighbours, start: Matrix, options: UmapOptions, compute: Compute, ctx: JobContext) {
  const { epochs, seed, links, watch, held = 0 } = options;
  const from = shaken(start, seed);
  from.set(start.data.subarray(0, 2 * held));
  if (options.algorithm === 'umap-js') {
    const layout = await referenceLayout(lists, from, options, ctx);
    watch?.onPositions(layout.data.slice(), epochs);
    return layout;
  }
  const own = await fuzzyGraph(lists, untold(ctx));
  const graph = links ? withLinks(own, links) : own;
  const umap = createUmap(graph, from, { ...options, seed: deriveSeed(seed, 'umap') }, compute);
  try {
    await umap.run(ctx, watch);
    return { rows: graph.rows, cols: 2, data: umap.positions };
  } finally {
    umap.destroy();
  }
}
