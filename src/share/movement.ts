import {
  type AnalysisResult,
  type LabelAgreement,
  type Movement,
  meanAgreement,
  NO_TRACK,
  type TrackId,
} from '../domain/index.ts';

/**
 * What moved between windows, as tracks.json has it: `window` and `before` are the starts of the two, segments go by track (null for
 * users of no segment), tables are rows of `from` by columns of `to`, and what was not measured is null.
 */
export function movementTables(result: AnalysisResult) {
  const start = (window: number): string => result.windows[window]?.name ?? '';
  const pair = ({ window, before }: Movement) => ({ window: start(window), before: start(before) });
  return {
    migration: result.movements.map((m) => ({ ...pair(m), ...migrationOf(m) })),
    drift: result.movements.map((m) => ({ ...pair(m), ...driftOf(m) })),
    quality: result.quality.map(({ window, ...figures }) => ({ window: start(window), ...figures })),
    agreement: agreementOf(result.agreement, start),
  };
}

function migrationOf({ migration, rowPercent, flows, net }: Movement) {
  const { from, to, counts } = migration;
  const table = (values: ArrayLike<number>, width = to.length): (number | null)[][] =>
    from.map((_, x) => Array.from({ length: width }, (_, y) => known(values[x * width + y])));
  const percent = table(rowPercent, to.length + 1);
  return {
    from: from.map(named),
    to: to.map(named),
    counts: table(counts),
    rowPercent: percent.map((row) => row.slice(0, -1)),
    dormant: [...migration.dormant],
    dormantPercent: percent.map((row) => row.at(-1) ?? null),
    new: [...migration.new],
    resurrecting: [...migration.resurrecting],
    expected: table(flows.expected),
    p: table(flows.p),
    holmP: table(flows.adjusted),
    net: net.segments.map((track, i) => ({ track: named(track), change: net.change[i] as number })),
  };
}

function driftOf({ drift }: Movement) {
  const { tracks, ...figures } = drift;
  return { ...figures, segments: tracks.map((t) => ({ ...t, track: named(t.track) })) };
}

function agreementOf(agreement: readonly LabelAgreement[], start: (window: number) => string) {
  if (agreement.length === 0) return null;
  const windows = agreement.map(({ window, ...figures }) => ({ window: start(window), ...figures }));
  return { mean: meanAgreement(agreement), windows };
}

const named = (track: TrackId): TrackId | null => (track === NO_TRACK ? null : track);

/** JSON has no NaN: null where nothing was measured. */
export const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
