import { useMemo } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { litSegments } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';

/** The segments that are brought out, by what is pointed at or selected in any view; null where none is. */
export function useLitSegments(result: AnalysisResult): ReadonlySet<number> | null {
  const track = useApp((s) => s.view.track);
  const hoveredTrack = useApp((s) => s.view.hoveredTrack);
  const node = useApp((s) => s.view.node);
  const hoveredNode = useApp((s) => s.view.hoveredNode);
  return useMemo(
    () => litSegments(result, { track, hoveredTrack, node, hoveredNode }),
    [result, track, hoveredTrack, node, hoveredNode],
  );
}
