import { type LabelAgreement, NO_ID, type ProfileTable } from '../domain/index.ts';
import { adjustedRandIndex } from '../engine/index.ts';

/**
 * Segments against the label column, window by window, over the profiles that are not thin and have a label. A window
 * needs two such profiles.
 */
export function labelAgreement(profiles: ProfileTable, numberOf: Int32Array, windows: number): LabelAgreement[] {
  const labels: number[][] = Array.from({ length: windows }, () => []);
  const segments: number[][] = Array.from({ length: windows }, () => []);
  for (let p = 0; p < profiles.count; p++) {
    if (profiles.thin[p] || profiles.label[p] === NO_ID) continue;
    const window = profiles.window[p] as number;
    labels[window]?.push(profiles.label[p] as number);
    segments[window]?.push(numberOf[p] as number);
  }
  return labels.flatMap((known, window) =>
    known.length < 2 ? [] : [{ window, users: known.length, ari: adjustedRandIndex(known, segments[window] as number[]) }],
  );
}
