import {
  createMatrix,
  deriveSeed,
  type Matrix,
  type ProfileTable,
  portion,
  rowOf,
  type Settings,
  takeRows,
} from '../domain/index.ts';
import { placeByNeighbours, umapLayout } from '../engine/index.ts';
import { consecutiveProfiles, type LayoutTask } from './layout.ts';
import { groupByWindow } from './rows.ts';

/**
 * A position for every profile (profiles x 2) without a look ahead: windows are laid out one after the other, each with the profiles before it held where
 * they are, so that the positions of a window depend on it and those before it only, to the bit. What `vectors` are made by must not look
 * ahead either. `previous` are the positions of the first profiles by an earlier call, whole windows of them (0 rows: none); they stay, and only
 * the windows after them are laid out, to what one call for all would give.
 *
 * A window takes part with at most half of `layout.maxFit` profiles (the first one with all of it), and as many of the earlier windows, evenly,
 * are held; all others are placed by their neighbours among these. New profiles start among their nearest held ones, with the user's own
 * profile in the window before as one more neighbour of weight `layout.alignment`, and are tied to it as in the joint layout.
 */
export async function layOutOnto(previous: Matrix, vectors: Matrix, profiles: ProfileTable, task: LayoutTask): Promise<Matrix> {
  const out = createMatrix(profiles.count, 2);
  out.data.set(previous.data);
  const turns = turnsOf(profiles, task.settings.layout.maxFit);
  const open = turns.filter(({ window }) => window.some((p) => p >= previous.rows));
  for (const [i, turn] of open.entries()) {
    const ctx = portion(task.ctx, i / open.length, (i + 1) / open.length);
    const onLayout = task.onLayout && inTurn(task.onLayout, i, open.length);
    await layOutWindow(turn, out, vectors, profiles, { ...task, ctx, onLayout });
    await ctx.checkpoint();
  }
  return out;
}

/** One window's turn; all are profiles, ascending. */
interface WindowTurn {
  readonly index: number;
  /** All of the window. */
  readonly window: readonly number[];
  /** Of earlier windows, held in this turn. */
  readonly held: readonly number[];
  /** Of the window, laid out in this turn; the others are placed by their neighbours. */
  readonly fresh: readonly number[];
}

/**
 * Who takes part in each window's turn. Profiles of a window stand in the order of a hash of the user: the first of them are a sample by user, much the
 * same users in all windows, and need no count of the windows to come.
 */
export function turnsOf(profiles: ProfileTable, maxFit: number): WindowTurn[] {
  const windows = profiles.window.reduce((most, w) => Math.max(most, w + 1), 0);
  const half = Math.floor(maxFit / 2);
  const fitted: number[][] = [];
  return groupByWindow(profiles, windows).map(({ full, thin }, index) => {
    const each = Math.max(1, Math.floor(half / Math.max(1, fitted.length)));
    const held = fitted.flatMap((list) => list.slice(0, each));
    const fresh = full.slice(0, fitted.length === 0 ? maxFit : half);
    if (fresh.length > 0) fitted.push(fresh);
    return { index, window: [...full, ...thin].sort((a, b) => a - b), held, fresh };
  });
}

async function layOutWindow(
  turn: WindowTurn,
  out: Matrix,
  vectors: Matrix,
  profiles: ProfileTable,
  { settings, compute, onLayout, ctx }: LayoutTask,
): Promise<void> {
  const { neighbours, minDist, epochs, alignment } = settings.layout;
  const rows = Uint32Array.from([...turn.held, ...turn.fresh]);
  const x = takeRows(vectors, rows);
  const pairs = consecutiveProfiles(profiles, rows);
  const start =
    turn.held.length === 0
      ? undefined
      : await startsOf(turn, out, vectors, pairs, settings, { compute, ctx: portion(ctx, 0, 0.1) });
  const onPositions = (positions: Float32Array<ArrayBuffer>, epoch: number): void => onLayout?.({ positions, epoch, epochs });
  const options = {
    ...{ neighbours, minDist, epochs, seed: deriveSeed(settings.seed, `layout of window ${turn.index}`) },
    ...{ links: { pairs, weight: alignment }, ...(start && { start, held: turn.held.length }) },
    ...(onLayout && { watch: { onPositions } }),
  };
  const layout = await umapLayout(x, options, compute, portion(ctx, 0.1, 0.8));
  for (const [i, p] of turn.fresh.entries()) out.data.set(rowOf(layout, turn.held.length + i), 2 * p);
  const fitted = new Set(turn.fresh);
  const others = turn.window.filter((p) => !fitted.has(p));
  const placed = await placeByNeighbours(takeRows(vectors, others), x, layout, neighbours, compute, portion(ctx, 0.8, 1));
  for (const [i, p] of others.entries()) out.data.set(rowOf(placed, i), 2 * p);
}

/** Held rows where they are, the others among their nearest of them. */
async function startsOf(
  { held, fresh }: WindowTurn,
  out: Matrix,
  vectors: Matrix,
  pairs: Uint32Array,
  { layout: { neighbours, alignment } }: Settings,
  { compute, ctx }: Pick<LayoutTask, 'compute' | 'ctx'>,
): Promise<Matrix> {
  const places = takeRows(out, held);
  const near = await placeByNeighbours(takeRows(vectors, fresh), takeRows(vectors, held), places, neighbours, compute, ctx);
  const start = createMatrix(held.length + fresh.length, 2);
  start.data.set(places.data);
  start.data.set(near.data, places.data.length);
  const share = alignment / (Math.min(neighbours, held.length) + alignment);
  for (let i = 0; i < pairs.length; i += 2) {
    const [own, row] = [pairs[i] as number, pairs[i + 1] as number];
    if (row < held.length) continue;
    const [from, to] = [rowOf(start, own), rowOf(start, row)];
    for (let axis = 0; axis < 2; axis++) to[axis] = (1 - share) * (to[axis] as number) + share * (from[axis] as number);
  }
  return start;
}

/** The epochs of all turns, counted on. */
const inTurn =
  (onLayout: NonNullable<LayoutTask['onLayout']>, turn: number, turns: number): NonNullable<LayoutTask['onLayout']> =>
  ({ positions, epoch, epochs }) =>
    onLayout({ positions, epoch: turn * epochs + epoch, epochs: turns * epochs });
