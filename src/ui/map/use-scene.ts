import { useCallback, useMemo } from 'react';
import { indexWindows, type Paint, type Pose, poseOf, rgbOf } from '../../charts/index.ts';
import type { AnalysisResult, TrackId } from '../../domain/index.ts';
import { ownShares } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { useTrackColours } from '../common/use-colours.ts';
import { useLitSegments } from '../common/use-lit.ts';

const ALPHA = { normal: 205, chosen: 245, dimmed: 34, unlit: 26, quiet: 110 } as const;

/** What is left of a dot whose membership is nil; it must still be seen. */
const FAINTEST = 0.12;

/** What a search found is drawn so much larger, the rest so much smaller. */
const SCALE = { unlit: 0.8, lit: 1.7 } as const;

type Rgb = readonly [number, number, number];

/** From a faint grey to the full colour: where hundreds of dots lie on each other, faint colours would add up to full ones. */
function litColour(grey: Rgb, colour: Rgb, light = 0): readonly [number, number, number, number] {
  const mix = (i: 0 | 1 | 2): number => grey[i] + (colour[i] - grey[i]) * light;
  return [mix(0), mix(1), mix(2), ALPHA.unlit + (ALPHA.chosen - ALPHA.unlit) * light];
}

const grown = (light = 0): number => SCALE.unlit + (SCALE.lit - SCALE.unlit) * light;

/** Track of a profile; null for noise. */
export const trackOf = (result: AnalysisResult, row: number): TrackId | null =>
  result.segments[result.profiles.segment[row] ?? -1]?.track ?? null;

/** The users of a window as they should be drawn now: coloured by track; what a search found stands out, else, where a track is selected or pointed at, that. */
export function useScene(result: AnalysisResult): (window: number) => Pose {
  const colours = useTrackColours(result);
  const lit = useLitSegments(result);
  const fade = useApp((s) => s.view.fade);
  const light = useApp((s) => s.search.hits?.light) ?? null;
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
      // Before what is selected: as long as it is told that what is near is bright, nothing else may be.
      if (light) return litColour(grey, [r, g, b], light[row]);
      const own = result.profiles.segment[row] as number;
      const alpha = lit === null ? base : lit.has(own) ? (quiet ? base : ALPHA.chosen) : ALPHA.dimmed;
      return [r, g, b, strength && !quiet ? alpha * (FAINTEST + (1 - FAINTEST) * (strength[row] as number)) : alpha];
    };
  }, [result, colours, lit, strength, light]);
  const scaleOf = useCallback((row: number) => (light ? grown(light[row]) : 1), [light]);
  return useCallback((window) => poseOf(result.profiles, index, window, paint, scaleOf), [result, index, paint, scaleOf]);
}
