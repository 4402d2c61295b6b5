import { type AnalysisResult, evenness, mixtureOf, nodeOfSegments, type Segment } from '../domain/index.ts';

/** A user in one window. */
export interface UserStep {
  readonly window: number;
  /** Row of the profiles. */
  readonly profile: number;
  readonly segment: Segment | null;
  readonly thin: boolean;
  readonly events: number;
}

/** All windows in which a user has an event, ascending; thin profiles too, marked. */
export function stepsOf({ profiles, segments }: AnalysisResult, user: number): UserStep[] {
  const rows = [...profiles.user.keys()].filter((p) => profiles.user[p] === user);
  return rows
    .map((profile) => ({
      window: profiles.window[profile] as number,
      profile,
      segment: segments[profiles.segment[profile] as number] ?? null,
      thin: profiles.thin[profile] === 1,
      events: profiles.events[profile] as number,
    }))
    .sort((a, b) => a.window - b.window);
}

export interface MixturePart {
  readonly segment: Segment;
  readonly share: number;
}

export interface UserMixture {
  /** The strongest, strongest first. */
  readonly parts: readonly MixturePart[];
  /** All others together. */
  readonly rest: number;
  /** In bits, and the most that the window's segments allow. */
  readonly entropy: number;
  readonly mostEntropy: number;
  /** The next interest, if it is strong enough to be told. */
  readonly secondary: Segment | null;
}

/** A profile's mixture of interests, its `count` strongest; null where its window has no segment. */
export function mixtureAt(result: AnalysisResult, profile: number, count: number): UserMixture | null {
  const { membership, segments, profiles } = result;
  const parts = mixtureOf(membership, profile)
    .slice(0, count)
    .map(({ segment, share }) => ({ segment: segments[segment] as Segment, share }));
  if (parts.length === 0) return null;
  const inWindow = segments.filter((s) => s.window === profiles.window[profile]).length;
  return {
    parts,
    rest: Math.max(0, 1 - parts.reduce((sum, { share }) => sum + share, 0)),
    entropy: membership.entropy[profile] as number,
    mostEntropy: Math.log2(inWindow),
    secondary: segments[membership.secondary[profile] as number] ?? null,
  };
}

export interface LevelShare {
  /** Group of the level: a node of the tree. */
  readonly node: number;
  readonly share: number;
}

/** P of each group of a level, P of its segments summed, strongest first. */
export function groupShares(result: AnalysisResult, profile: number, groups: number): LevelShare[] {
  const nodes = nodeOfSegments(result.levels.tree, groups);
  const shares = new Map<number, number>();
  for (const { segment, share } of mixtureOf(result.membership, profile)) {
    const node = nodes[segment] as number;
    shares.set(node, (shares.get(node) ?? 0) + share);
  }
  return [...shares].map(([node, share]) => ({ node, share })).sort((a, b) => b.share - a.share || a.node - b.node);
}

/** Ids of up to `count` users whose name begins with a text, then of those that hold it; case does not matter. */
export function findUsers({ users }: AnalysisResult, text: string, count: number): number[] {
  const sought = text.trim().toLowerCase();
  if (sought === '') return [];
  const [begin, hold]: [number[], number[]] = [[], []];
  for (const [id, name] of users.entries()) {
    const at = name.toLowerCase().indexOf(sought);
    if (at === 0) begin.push(id);
    else if (at > 0) hold.push(id);
    if (begin.length === count) break;
  }
  return [...begin, ...hold].slice(0, count);
}

export interface SegmentMembership {
  /** Mean evenness of its users that are not thin, 0..1; null where it has none. */
  readonly evenness: number | null;
  /** Users of other segments of its window, or of none, who have it as their secondary interest; not thin. */
  readonly secondaryOf: number;
}

export function membershipOf({ profiles, membership, segments }: AnalysisResult, segment: Segment): SegmentMembership {
  const inWindow = segments.filter((s) => s.window === segment.window).length;
  let [sum, users, secondaryOf] = [0, 0, 0];
  for (let p = 0; p < profiles.count; p++) {
    if (profiles.window[p] !== segment.window || profiles.thin[p]) continue;
    if (profiles.segment[p] === segment.index) {
      sum += evenness(membership.entropy[p] as number, inWindow);
      users++;
    } else if (membership.secondary[p] === segment.index) secondaryOf++;
  }
  return { evenness: users === 0 ? null : sum / users, secondaryOf };
}

/** P of the segment that each profile is in; 0 for noise and for what is not among its mixture. */
export function ownShares({ profiles, membership }: AnalysisResult): Float32Array {
  return Float32Array.from({ length: profiles.count }, (_, p) => {
    const own = profiles.segment[p] as number;
    if (own < 0) return 0;
    if (membership.primary[p] === own) return membership.primaryShare[p] as number;
    return mixtureOf(membership, p).find(({ segment }) => segment === own)?.share ?? 0;
  });
}
