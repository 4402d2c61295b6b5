import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { type Scheme, shortNames, type TrackColour, trackColourScale } from '../../charts/index.ts';
import type { AnalysisResult, TrackId } from '../../domain/index.ts';

export const useScheme = (): Scheme => useComputedColorScheme('light', { getInitialValueInEffect: false });

/** Many components ask for the same scale; a result never changes, so each scale is made once. */
const scales = new WeakMap<AnalysisResult, Map<Scheme, TrackColour>>();

/** Colour of each track in the scheme that is shown. */
export function useTrackColours(result: AnalysisResult): TrackColour {
  const scheme = useScheme();
  const bySchemes = scales.get(result) ?? new Map<Scheme, TrackColour>();
  scales.set(result, bySchemes);
  const scale = bySchemes.get(scheme) ?? trackColourScale(result.tracks, scheme, result.appended?.former);
  bySchemes.set(scheme, scale);
  return scale;
}

/** Name of each track; a track without words is told by its number. */
export function useTrackNames(result: AnalysisResult): (track: TrackId) => string {
  return useMemo(() => {
    const names = new Map(result.tracks.map((t) => [t.id, t.name || `Track ${t.id}`]));
    return (track) => names.get(track) ?? `Track ${track}`;
  }, [result]);
}

/** Short name of each window: months read 2024-03, years 2024; where windows are days or odd lengths, the full name. */
export function useWindowNames(result: AnalysisResult): (window: number) => string {
  return useMemo(() => {
    const names = shortNames(result.windows.map((w) => w.name));
    return (window) => names[window] ?? '';
  }, [result]);
}
