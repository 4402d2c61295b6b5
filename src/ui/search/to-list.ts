import type { AnalysisResult, SearchHits, Segment, TrackId } from '../../domain/index.ts';

/** As in the lists of what was found: what is less near than this share of the nearest is not told. */
const LEAST_SHARE = 1 / 3;

/**
 * One segment a track, the nearest first: that of the window that is shown if it is near or bright on the map, else the nearest of the track's.
 * @param window that is shown
 */
export function segmentsToList(
  { segments }: Pick<AnalysisResult, 'segments'>,
  { segments: found, toSegments: { cosine, bright } }: SearchHits,
  window: number,
): { readonly segment: Segment; readonly cosine: number }[] {
  const least = LEAST_SHARE * (found[0]?.cosine ?? Number.POSITIVE_INFINITY);
  const ofTrack = new Map<TrackId, Segment>();
  for (const { segment } of found) {
    const best = segments[segment];
    if (best) ofTrack.set(best.track, best);
  }
  for (const segment of segments) {
    if (segment.window !== window) continue;
    const isNear = ofTrack.has(segment.track) && (cosine[segment.index] as number) >= least;
    if (isNear || bright[segment.index] === 1) ofTrack.set(segment.track, segment);
  }
  return [...ofTrack.values()]
    .map((segment) => ({ segment, cosine: cosine[segment.index] as number }))
    .sort((a, b) => b.cosine - a.cosine || a.segment.index - b.segment.index);
}
