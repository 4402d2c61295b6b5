import type { AnalysisResult } from '../domain/index.ts';

/**
 * Everything that a result tells of its windows up to `last`, in words that do not depend on what is after it: users by name, segments and
 * tracks by their ids. Left out: what is told of the end of the data (how long a track goes on, how far a user went in
 * all, who left a segment after the last window).
 */
export function upTo(result: AnalysisResult, last: number) {
  const { users, profiles, segments, events, trust, membership, density, behaviour } = result;
  const isIn = ({ window }: { readonly window: number }): boolean => window <= last;
  const rows = [...profiles.window.keys()].filter((p) => (profiles.window[p] as number) <= last);
  const shown = segments.filter(isIn);
  return {
    windows: result.windows.slice(0, last + 1),
    segments: shown.map((s) => ({ ...s, left: s.window === last ? null : s.left, stability: trust.stability[s.index] })),
    behaviour: behaviour && {
      features: behaviour.features,
      apart: behaviour.apart.subarray(0, shown.length * behaviour.features.length),
    },
    tracks: result.tracks.filter((t) => t.firstWindow <= last).map(({ id, name, firstWindow }) => ({ id, name, firstWindow })),
    events: events.map((event, i) => ({ ...event, trust: trust.events[i], changesTrust: trust.changes[i] })).filter(isIn),
    rates: trust.falseEventRate.perWindow.slice(0, last + 1),
    flows: result.flows.filter(({ to }) => (segments[to]?.window as number) <= last),
    movements: result.movements.filter(isIn),
    quality: result.quality.filter(isIn),
    kChoices: result.kChoices.filter(({ window }) => window !== null && isIn({ window })),
    agreement: result.agreement.filter(isIn),
    profiles: rows.map((p) => ({
      user: users[profiles.user[p] as number],
      window: profiles.window[p],
      thin: profiles.thin[p],
      events: profiles.events[p],
      segment: profiles.segment[p],
      at: [profiles.x[p], profiles.y[p]],
      mixture: [membership.primary[p], membership.primaryShare[p], membership.secondary[p], membership.entropy[p]],
      density: [density?.nearest[p], density?.similarity[p], density?.strength[p], density?.outlier[p]],
    })),
  };
}

/** How far each user went who was last seen in a window up to `last`, by name. */
export function goneBy({ users, changes }: AnalysisResult, last: number) {
  const gone = [...users.keys()].filter((user) => (changes.last[user] as number) <= last);
  const { first, displacement, travelled, moves } = changes;
  return new Map(
    gone.map((user) => [users[user], [first[user], changes.last[user], displacement[user], travelled[user], moves[user]]]),
  );
}
