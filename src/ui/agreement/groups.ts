import type { AgreementFigures, AnalysisResult, GroupScore, Segment } from '../../domain/index.ts';

/** A known group with the segment that was matched with it. */
export interface GroupRow extends Omit<GroupScore, 'segment'> {
  readonly segment: Segment | null;
}

/** The known groups of a window, the largest first; empty where it has no two users with a label. */
export function groupRows({ agreement, segments }: AnalysisResult, window: number): GroupRow[] {
  const groups = agreement.find((a) => a.window === window)?.groups ?? [];
  const own = segments.filter((s) => s.window === window);
  return groups
    .map((group) => ({ ...group, segment: own.find((s) => s.number === group.segment) ?? null }))
    .sort((a, b) => b.users - a.users);
}

/** What each figure is called, and what 1 means. */
export const FIGURE_WORDS: readonly (readonly [keyof AgreementFigures, name: string, hint: string])[] = [
  ['ari', 'Adjusted Rand index', 'Pairs of users told alike: 1 the same groups, about 0 by chance'],
  ['ami', 'Adjusted mutual information', 'What the segment tells about the group: 1 all, about 0 by chance'],
  ['homogeneity', 'Homogeneity', '1: each segment holds one group only'],
  ['completeness', 'Completeness', '1: each group lies in one segment'],
  ['vMeasure', 'V-measure', 'Harmonic mean of homogeneity and completeness'],
  ['purity', 'Purity', 'Share of the users who are of their segment’s most frequent group'],
  ['accuracy', 'Accuracy, best match', 'Share of the users in the segment matched with their group, one segment a group'],
  ['f1', 'F1, mean of the groups', 'Mean over the groups, each weighing the same'],
];
