import { useCallback, useMemo } from 'react';
import { indexWindows, type Paint, type Pose, poseOf, rgbOf } from '../../charts/index.ts';
import type { AnalysisResult, TrackId } from '../../domain/index.ts';
import { ownShares } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { useTrackColours } from '../common/use-colours.ts';
import { useLitSegments } from '../common/use-lit.ts';

const ALPHA = { normal: 205, chosen: 245, dimmed: 34, quiet: 110 } as const;

/** What is left of a dot whose membership is nil; it must still be seen. */
const FAINTEST = 0.12;

/** Track of a profile; null for noise. */
export const trackOf = (result: AnalysisResult, row: number): TrackId | null =>
  result.segments[result.profiles.segment[row] ?? -1]?.track ?? null;

/** The users of a window as they should be drawn now: coloured by track, the others dimmed where one is selected or pointed at. */
export function useScene(result: AnalysisResult): (window: number) => Pose {
  const colours = useTrackColours(result);
  const lit = useLitSegments(result);
  const fade = useApp((s) => s.view.fade);
  const strength = useMemo(() => (fade ? ownShares(result) : null), [result, fade]);
  const index = useMemo(() => indexWindows(result.profiles, result.windows.length), [result]);
  const paint = useMemo((): Paint => {
    const palette = new Map(result.tracks.map((t) => [t.id, rgbOf(colours(t.id))]));
    const grey = rgbOf(colours(null));
    return (row) => {
      const track = trackOf(result, row);
      const quiet = track === null || result.profiles.thin[row] === 1;
      const [r, g, b] = (quiet ? undefined : palette.get(track)) ?? grey;
      const base = quiet ? ALPHA.quiet : ALPHA.normal;
      const own = result.profiles.segment[row] as number;
      const alpha = lit === null ? base : lit.has(own) ? (quiet ? base : ALPHA.chosen) : ALPHA.dimmed;
      return [r, g, b, strength && !quiet ? alpha * (FAINTEST + (1 - FAINTEST) * (strength[row] as number)) : alpha];
    };
  }, [result, colours, lit, strength]);
  return useCallback((window) => poseOf(result.profiles, index, window, paint), [result, index, paint]);
}
