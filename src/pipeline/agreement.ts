import { type GroupScore, type LabelAgreement, NO_ID, type ProfileTable } from '../domain/index.ts';
import {
  adjustedMutualInformation,
  adjustedRandIndex,
  type ClassScore,
  classAgreement,
  classScores,
  purity,
} from '../engine/index.ts';

/**
 * Segments against the label column, window by window, over the profiles that are not thin and have a label. A window
 * needs two such profiles. Users of no segment are one more group to the Rand index, the information and the entropies, and wrong to
 * purity and accuracy.
 * @param names of the labels, by id.
 */
export function labelAgreement(
  profiles: ProfileTable,
  numberOf: Int32Array,
  windows: number,
  names: readonly string[],
): LabelAgreement[] {
  const labels: number[][] = Array.from({ length: windows }, () => []);
  const segments: number[][] = Array.from({ length: windows }, () => []);
  for (let p = 0; p < profiles.count; p++) {
    if (profiles.thin[p] || profiles.label[p] === NO_ID) continue;
    const window = profiles.window[p] as number;
    labels[window]?.push(profiles.label[p] as number);
    segments[window]?.push(numberOf[p] as number);
  }
  return labels.flatMap((known, window) =>
    known.length < 2 ? [] : [agreementOf(window, known, segments[window] as number[], names)],
  );
}

function agreementOf(window: number, known: number[], segments: number[], names: readonly string[]): LabelAgreement {
  const { accuracy, classes } = classScores(known, segments);
  return {
    window,
    users: known.length,
    ari: adjustedRandIndex(known, segments),
    ami: adjustedMutualInformation(known, segments),
    ...classAgreement(known, segments),
    purity: purity(known, segments) as number,
    accuracy: accuracy as number,
    f1: classes.reduce((sum, c) => sum + c.f1, 0) / classes.length,
    groups: classes.map((score) => groupScore(score, names)),
  };
}

const groupScore = ({ label, cluster, precision, recall, f1, support }: ClassScore, names: readonly string[]): GroupScore => ({
  label: names[label] ?? '',
  segment: cluster,
  precision: cluster === null ? null : precision,
  recall,
  f1,
  users: support,
});
