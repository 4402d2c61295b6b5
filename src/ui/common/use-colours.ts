import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { type Scheme, type TrackColour, trackColourScale } from '../../charts/index.ts';
import type { AnalysisResult, TrackId } from '../../domain/index.ts';

export const useScheme = (): Scheme => useComputedColorScheme('light', { getInitialValueInEffect: false });

/** Colour of each track in the scheme that is shown. */
export function useTrackColours(result: AnalysisResult): TrackColour {
  const scheme = useScheme();
  return useMemo(() => trackColourScale(result.tracks, scheme), [result, scheme]);
}

/** Name of each track; a track without words is told by its number. */
export function useTrackNames(result: AnalysisResult): (track: TrackId) => string {
  return useMemo(() => {
    const names = new Map(result.tracks.map((t) => [t.id, t.name || `Track ${t.id}`]));
    return (track) => names.get(track) ?? `Track ${track}`;
  }, [result]);
}
