/** How far segments and known groups agree. */
export interface AgreementFigures {
  /** Adjusted Rand index: 1 = the same groups, about 0 by chance. */
  readonly ari: number;
  /** Adjusted mutual information: likewise. */
  readonly ami: number;
  /** 1 where each segment holds one group only. */
  readonly homogeneity: number;
  /** 1 where each group lies in one segment. */
  readonly completeness: number;
  /** Harmonic mean of the two before. */
  readonly vMeasure: number;
  /** Share of the users that are of their segment's most frequent group. */
  readonly purity: number;
  /** Share of the users in the segment matched with their group, by the best one-to-one matching. */
  readonly accuracy: number;
  /** Mean of the groups' F1. */
  readonly f1: number;
}

/** How one group was found again. */
export interface GroupScore {
  readonly label: string;
  /** Number of the segment matched with it; null where there are fewer segments than groups. */
  readonly segment: number | null;
  /** Null without a segment. */
  readonly precision: number | null;
  readonly recall: number;
  readonly f1: number;
  readonly users: number;
}

/** How far the segments of one window agree with the label column; users without a label are left out. */
export interface LabelAgreement extends AgreementFigures {
  readonly window: number;
  readonly users: number;
  readonly groups: readonly GroupScore[];
}

const FIGURES = ['ari', 'ami', 'homogeneity', 'completeness', 'vMeasure', 'purity', 'accuracy', 'f1'] as const;

/** Each figure's mean over the windows, all weighing the same; null without any. */
export function meanAgreement(windows: readonly AgreementFigures[]): AgreementFigures | null {
  if (windows.length === 0) return null;
  const mean = (key: keyof AgreementFigures): number => windows.reduce((sum, w) => sum + w[key], 0) / windows.length;
  return Object.fromEntries(FIGURES.map((key) => [key, mean(key)])) as Record<keyof AgreementFigures, number>;
}
