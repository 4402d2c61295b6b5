import {
  type BehaviourSummary,
  type EventTable,
  type JobContext,
  type Matrix,
  type ProfilePositions,
  type ProfileTable,
  type Settings,
  type TimeWindow,
  untold,
} from '../domain/index.ts';
import {
  type BehaviourPlan,
  fitScale,
  joinBehaviour,
  measureBehaviour,
  planBehaviour,
  type RobustScale,
  scaled,
  scalesOf,
  typesKnownUntil,
} from '../profile/index.ts';
import type { Reuse } from './memory.ts';

/** What other profiles need to get the same features. */
export interface FrozenBehaviour {
  readonly plan: BehaviourPlan;
  /** One a window; with look-ahead the same for all. */
  readonly scales: readonly RobustScale[];
}

/** The features of a run's profiles. */
export interface Behaviour extends FrozenBehaviour {
  /** One a feature, one entry a profile, before scaling; NaN where nothing is known. */
  readonly columns: readonly Float64Array[];
}

/** Events, and the profiles that were built of them. */
export interface Measured {
  readonly events: EventTable;
  readonly windows: readonly TimeWindow[];
  readonly profiles: ProfileTable;
  readonly settings: Pick<Settings, 'behaviour' | 'lookAhead'>;
}

/**
 * Null where texts alone make a profile. With look-ahead, features and scales of a run that data are added to stay.
 * @param value name of the value column
 */
export async function openBehaviour(
  { events, windows, profiles, settings }: Measured,
  value: string | null,
  reuse: Reuse | null,
  ctx: JobContext,
): Promise<Behaviour | null> {
  const { behaviour, lookAhead } = settings;
  const frozen = lookAhead ? reuse?.state.behaviour : null;
  const plan = frozen?.plan ?? planBehaviour(events, behaviour, value, typesKnownUntil(windows, lookAhead));
  if (!plan) return null;
  const columns = await measureBehaviour(events, windows, profiles, plan, ctx);
  const [known] = frozen?.scales ?? [];
  const scales = known ? windows.map(() => known) : await scalesOf(columns, profiles, windows.length, lookAhead, untold(ctx));
  return { plan, columns, scales };
}

/** Pooled vectors (profiles x dims, unit rows) with the features beside them; as they are without. */
export async function withBehaviour(
  pooled: Matrix,
  profiles: ProfileTable,
  behaviour: Behaviour | null,
  ctx: JobContext,
): Promise<Matrix> {
  if (!behaviour) return pooled;
  const { columns, scales, plan } = behaviour;
  return joinBehaviour(pooled, columns, profiles, scales, plan.settings.weight, ctx);
}

/**
 * Profiles of other windows over the same events: the run's features in a scale of their own, since twice as long a window has twice as
 * many events.
 */
export async function joinOwn(
  pooled: Matrix,
  { events, windows, profiles, settings }: Measured,
  behaviour: FrozenBehaviour | null,
  ctx: JobContext,
): Promise<Matrix> {
  if (!behaviour) return pooled;
  const { plan } = behaviour;
  const columns = await measureBehaviour(events, windows, profiles, plan, ctx);
  const scales = await scalesOf(columns, profiles, windows.length, settings.lookAhead, ctx);
  return withBehaviour(pooled, profiles, { plan, columns, scales }, ctx);
}

/**
 * Profiles of the parts of one window, each part by itself, in one scale over all parts: half of the events are half of the counts, and in the run's
 * scale everyone would have become a rare visitor, whose differences the unit length then presses together: the re-fits would tell fewer false
 * events than there are (behaviour.test.ts).
 * @returns a matrix a part, as {@link withBehaviour} gives it
 */
export async function joinTogether(
  parts: readonly (Measured & { readonly vectors: Matrix })[],
  behaviour: FrozenBehaviour | null,
  ctx: JobContext,
): Promise<Matrix[]> {
  if (!behaviour) return parts.map(({ vectors }) => vectors);
  const { plan } = behaviour;
  const found: Float64Array[][] = [];
  for (const { events, windows, profiles } of parts) found.push(await measureBehaviour(events, windows, profiles, plan, ctx));
  const thin = parts.flatMap(({ profiles }) => [...profiles.thin]);
  const all = plan.features.map((_, f) => Float64Array.from(found.flatMap((columns) => [...(columns[f] as Float64Array)])));
  const scale = fitScale(
    all,
    [...thin.keys()].filter((row) => !thin[row]),
  );
  const out: Matrix[] = [];
  for (const [i, { vectors, profiles, windows }] of parts.entries()) {
    const own = { plan, columns: found[i] as Float64Array[], scales: windows.map(() => scale) };
    out.push(await withBehaviour(vectors, profiles, own, ctx));
  }
  return out;
}

/** By what segments differ from the users of their window. */
export function summariseBehaviour(
  { plan: { features }, columns, scales }: Behaviour,
  { count, window, thin, segment }: Pick<ProfilePositions, 'count' | 'window' | 'thin' | 'segment'>,
  segments: number,
): BehaviourSummary {
  const full = Uint32Array.from({ length: count }, (_, p) => p).filter((p) => !thin[p]);
  const windowOf = new Uint32Array(segments);
  for (const p of full) if ((segment[p] as number) >= 0) windowOf[segment[p] as number] = window[p] as number;
  const apart = new Float32Array(segments * features.length);
  for (const [f, column] of columns.entries()) {
    const value = (p: number): number => scaled(scales[window[p] as number] as RobustScale, f, column[p] as number);
    const ofWindow = meansBy(full, (p) => window[p] as number, value, scales.length);
    const own = meansBy(full, (p) => segment[p] as number, value, segments);
    for (let s = 0; s < segments; s++) {
      apart[s * features.length + f] = (own[s] as number) - (ofWindow[windowOf[s] as number] as number);
    }
  }
  return { features, apart };
}

/** Mean of each of `groups` groups; a group of -1 counts nowhere. */
function meansBy(
  rows: Uint32Array,
  groupOf: (row: number) => number,
  told: (row: number) => number,
  groups: number,
): Float64Array {
  const [sums, counts] = [new Float64Array(groups), new Float64Array(groups)];
  for (const row of rows) {
    const group = groupOf(row);
    if (group < 0) continue;
    sums[group] = (sums[group] as number) + told(row);
    counts[group] = (counts[group] as number) + 1;
  }
  return sums.map((sum, g) => (counts[g] === 0 ? 0 : sum / (counts[g] as number)));
}
