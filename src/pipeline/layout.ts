import {
  createMatrix,
  deriveSeed,
  type JobContext,
  type Matrix,
  type ProfileTable,
  portion,
  rowOf,
  type Settings,
  takeRows,
} from '../domain/index.ts';
import { CPU, placeByNeighbours, umapLayout } from '../engine/index.ts';
import { sampleRows } from './segment.ts';

/**
 * A position for every profile (profiles x 2), all windows in one picture, so that a user can be followed from window to
 * window. Fitted on at most `layout.maxFit` profiles that are not thin; the rest is placed by its neighbours among them.
 */
export async function layOut(vectors: Matrix, profiles: ProfileTable, settings: Settings, ctx: JobContext): Promise<Matrix> {
  const { neighbours, minDist, epochs, maxFit } = settings.layout;
  const full = Uint32Array.from({ length: profiles.count }, (_, p) => p).filter((p) => !profiles.thin[p]);
  const fitted = sampleRows(full.length, maxFit, deriveSeed(settings.seed, 'layout sample')).map((i) => full[i] as number);
  const reference = takeRows(vectors, fitted);
  const layout = await umapLayout(
    reference,
    { neighbours, minDist, epochs, seed: deriveSeed(settings.seed, 'layout') },
    CPU,
    portion(ctx, 0, 0.7),
  );
  const inFit = new Uint8Array(profiles.count);
  for (const p of fitted) inFit[p] = 1;
  const others = Uint32Array.from({ length: profiles.count }, (_, p) => p).filter((p) => !inFit[p]);
  const placed = await placeByNeighbours(takeRows(vectors, others), reference, layout, neighbours, CPU, portion(ctx, 0.7, 1));
  const out = createMatrix(profiles.count, 2);
  for (const [i, p] of fitted.entries()) out.data.set(rowOf(layout, i), p * 2);
  for (const [i, p] of others.entries()) out.data.set(rowOf(placed, i), p * 2);
  return out;
}
