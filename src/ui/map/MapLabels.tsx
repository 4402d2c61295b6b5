import { useMemo } from 'react';
import { type Box, type Camera, medianPoint, placeLabels, project, type Size } from '../../charts/index.ts';
import type { AnalysisResult } from '../../domain/index.ts';
import { segmentsOf } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { shorten } from '../common/format.ts';
import { useTrackNames } from '../common/use-colours.ts';
import { useLitSegments } from '../common/use-lit.ts';
import classes from './MapView.module.css';

/** Mean width of a character at 12 px and weight 550; a little wide, so that estimated boxes never touch. */
const CHARACTER = 7;
const HEIGHT = 17;
const MAX_LENGTH = 24;
/** The corner with the name of the window, kept free of labels: its lines, of users, a query and thin ones. */
const legend = (lines: number): Box => ({ x: 0, y: 0, width: 210, height: 14 + 19 * lines });
/** The search field, from the right. */
const SEARCH = { width: 256, height: 46 } as const;

interface MapLabelsProps {
  readonly result: AnalysisResult;
  readonly window: number;
  readonly camera: Camera;
  readonly size: Size;
  /** Pixels at the right that a list lies on. */
  readonly covered: number;
  readonly visible: boolean;
}

/** Names of the segments at the median of their users, placed without overlap, the large ones first. */
export function MapLabels({ result, window, camera, size, covered, visible }: MapLabelsProps) {
  const lit = useLitSegments(result);
  const anchors = useAnchors(result, window);
  const bright = useApp((s) => s.search.hits?.toSegments.bright) ?? null;
  const isLit = (index: number): boolean => lit?.has(index) === true || bright?.[index] === 1;
  const isDimmed = (index: number): boolean => (lit !== null || bright !== null) && !isLit(index);
  const lines = 2 + (bright === null ? 0 : 1) + ((result.windows[window]?.thin ?? 0) > 0 ? 1 : 0);
  const placed = placeLabels(
    anchors.map((a) => {
      const [x, y] = project(camera, size, a.x, a.y);
      const priority = isLit(a.index) ? Number.MAX_SAFE_INTEGER : a.size;
      return { id: a.index, x, y, width: a.label.length * CHARACTER + 8, height: HEIGHT, priority };
    }),
    size,
    [
      legend(lines),
      { x: size.width - SEARCH.width, y: 0, ...SEARCH },
      { x: size.width - covered, y: 0, width: covered, height: size.height },
    ],
  );
  const byIndex = new Map(anchors.map((a) => [a.index, a]));
  return (
    <div className={classes.labels} data-visible={visible || undefined} aria-hidden>
      {placed.map((box) => {
        const anchor = byIndex.get(box.id);
        return (
          <span
            key={box.id}
            className={classes.label}
            data-dimmed={isDimmed(box.id) || undefined}
            data-outlined={(bright !== null && lit?.has(box.id)) || undefined}
            style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
          >
            {anchor?.label}
          </span>
        );
      })}
    </div>
  );
}

function useAnchors(result: AnalysisResult, window: number) {
  const names = useTrackNames(result);
  return useMemo(() => {
    const rows = new Map<number, number[]>();
    const { profiles } = result;
    for (let row = 0; row < profiles.count; row++) {
      if (profiles.window[row] !== window || profiles.thin[row] === 1) continue;
      const segment = profiles.segment[row] as number;
      const members = rows.get(segment);
      if (members) members.push(row);
      else rows.set(segment, [row]);
    }
    return segmentsOf(result, window)
      .filter((s) => rows.has(s.index))
      .map((s) => {
        const [x, y] = medianPoint(profiles, rows.get(s.index) ?? []);
        return { index: s.index, size: s.size, label: shorten(names(s.track), MAX_LENGTH), x, y };
      });
  }, [result, window, names]);
}
