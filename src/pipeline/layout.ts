import {
  createMatrix,
  createRandom,
  deriveSeed,
  type JobContext,
  type LayoutFrame,
  type Matrix,
  type ProfileTable,
  portion,
  rowOf,
  type Settings,
  shuffle,
  takeRows,
} from '../domain/index.ts';
import { type Compute, placeByNeighbours, umapLayout } from '../engine/index.ts';

export interface LayoutTask {
  readonly settings: Settings;
  readonly compute: Compute;
  /** Told of the fitted profiles a few times a second while they find their places, and of the last. */
  readonly onLayout?: ((frame: LayoutFrame) => void) | undefined;
  readonly ctx: JobContext;
}

/**
 * A position for every profile (profiles x 2), all windows in one picture, so that a user can be followed from window to
 * window: ties of weight `layout.alignment` hold the profiles of a user in consecutive windows together. Fitted on at most
 * `layout.maxFit` profiles that are not thin; the rest is placed by its neighbours among them.
 */
export async function layOut(vectors: Matrix, profiles: ProfileTable, task: LayoutTask): Promise<Matrix> {
  const { settings, compute, onLayout, ctx } = task;
  const { neighbours, minDist, epochs, maxFit, alignment } = settings.layout;
  const fitted = fittedProfiles(profiles, maxFit, deriveSeed(settings.seed, 'layout sample'));
  const reference = takeRows(vectors, fitted);
  const onPositions = (positions: Float32Array<ArrayBuffer>, epoch: number): void => onLayout?.({ positions, epoch, epochs });
  const layout = await umapLayout(
    reference,
    {
      ...{ neighbours, minDist, epochs, seed: deriveSeed(settings.seed, 'layout') },
      links: { pairs: consecutiveProfiles(profiles, fitted), weight: alignment },
      ...(onLayout && { watch: { onPositions } }),
    },
    compute,
    portion(ctx, 0, 0.7),
  );
  const inFit = new Uint8Array(profiles.count);
  for (const p of fitted) inFit[p] = 1;
  const others = Uint32Array.from({ length: profiles.count }, (_, p) => p).filter((p) => !inFit[p]);
  const placed = await placeByNeighbours(takeRows(vectors, others), reference, layout, neighbours, compute, portion(ctx, 0.7, 1));
  const out = createMatrix(profiles.count, 2);
  for (const [i, p] of fitted.entries()) out.data.set(rowOf(layout, i), p * 2);
  for (const [i, p] of others.entries()) out.data.set(rowOf(placed, i), p * 2);
  return out;
}

/**
 * At most `limit` profiles that are not thin, ascending. Where there are more they are those of a sample of users (of the last one
 * some), and not a sample of profiles, in which few users would have two windows in a row.
 */
export function fittedProfiles(profiles: ProfileTable, limit: number, seed: number): Uint32Array {
  const full = Uint32Array.from({ length: profiles.count }, (_, p) => p).filter((p) => !profiles.thin[p]);
  if (full.length <= limit) return full;
  const ofUser = new Map<number, number[]>();
  for (const p of full) {
    const user = profiles.user[p] as number;
    const list = ofUser.get(user);
    if (list) list.push(p);
    else ofUser.set(user, [p]);
  }
  const users = shuffle(Uint32Array.from(ofUser.keys()), createRandom(seed));
  const chosen: number[] = [];
  for (let i = 0; chosen.length < limit; i++) {
    chosen.push(...(ofUser.get(users[i] as number) ?? []).slice(0, limit - chosen.length));
  }
  return Uint32Array.from(chosen).sort();
}

/**
 * Pairs of rows of `fitted` (ascending profiles) that are one user's in two windows, of which the later is the next one with
 * any profile at all: as segments are matched, empty windows are passed over.
 */
export function consecutiveProfiles(profiles: ProfileTable, fitted: Uint32Array): Uint32Array {
  const windows = [...new Set(profiles.window)].sort((a, b) => a - b);
  const before = new Map(windows.map((window, i) => [window, windows[i - 1]]));
  const lastOf = new Map<number, { row: number; window: number }>();
  const pairs: number[] = [];
  for (const [row, p] of fitted.entries()) {
    const [user, window] = [profiles.user[p] as number, profiles.window[p] as number];
    const last = lastOf.get(user);
    if (last && last.window === before.get(window)) pairs.push(last.row, row);
    lastOf.set(user, { row, window });
  }
  return Uint32Array.from(pairs);
}
