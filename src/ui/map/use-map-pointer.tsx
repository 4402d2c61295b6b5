import { quadtree } from 'd3';
import { type PointerEvent, useCallback, useMemo, useRef, useState } from 'react';
import { type Camera, type Pose, type Size, unproject } from '../../charts/index.ts';
import type { AnalysisResult } from '../../domain/index.ts';
import { decimal, plural } from '../common/format.ts';
import { Swatch } from '../common/Swatch.tsx';
import type { TipState } from '../common/Tip.tsx';
import { useTrackColours, useTrackNames, useWindowNames } from '../common/use-colours.ts';
import { trackOf } from './use-scene.ts';

/** How near the pointer must be to a dot, and how far it may move in a click. Pixels. */
const REACH = 9;
const CLICK_SLOP = 4;

interface PointerInput {
  readonly result: AnalysisResult;
  readonly pose: Pose;
  readonly camera: Camera | null;
  readonly size: Size;
  readonly settled: boolean;
}

/** Which dot is under the pointer. A quadtree on the main thread: exact, and no read-back from the GPU. */
export function useMapPointer({ result, pose, camera, size, settled }: PointerInput) {
  const [tip, setTip] = useState<TipState | null>(null);
  const down = useRef<{ x: number; y: number } | null>(null);
  const find = useFinder(pose, camera, size);
  const contentOf = useDescription(result);

  /** Row under the pointer, or null. */
  const rowAt = (event: PointerEvent<HTMLElement>): { row: number | null; x: number; y: number } => {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    return { row: settled ? find(x, y) : null, x, y };
  };
  return {
    tip: settled ? tip : null,
    onMove(event: PointerEvent<HTMLElement>) {
      if (event.buttons !== 0) return setTip(null);
      const { row, x, y } = rowAt(event);
      setTip(row === null ? null : { x, y, content: contentOf(row) });
    },
    onLeave: () => setTip(null),
    onDown(event: PointerEvent<HTMLElement>) {
      down.current = { x: event.clientX, y: event.clientY };
    },
    /** The row that was clicked, null beside any, undefined where the pointer was dragged. */
    hitOf(event: PointerEvent<HTMLElement>): number | null | undefined {
      const start = down.current;
      if (!start || Math.hypot(event.clientX - start.x, event.clientY - start.y) > CLICK_SLOP) return undefined;
      return rowAt(event).row;
    },
  };
}

function useFinder(pose: Pose, camera: Camera | null, size: Size): (x: number, y: number) => number | null {
  const tree = useMemo(() => {
    let made: ReturnType<typeof quadtree<number>> | null = null;
    // Built at the first look only: not while playing.
    return () => {
      made ??= quadtree<number>()
        .x((i) => pose.position[2 * i] as number)
        .y((i) => pose.position[2 * i + 1] as number)
        .addAll(Array.from(pose.users.keys()));
      return made;
    };
  }, [pose]);
  return (x, y) => {
    if (!camera) return null;
    const [wx, wy] = unproject(camera, size, x, y);
    const hit = tree().find(wx, wy, REACH / 2 ** camera.zoom);
    return hit === undefined ? null : (pose.row[hit] ?? null);
  };
}

interface ScoresProps {
  readonly result: AnalysisResult;
  readonly row: number;
  readonly nameOf: (track: number) => string;
}

/** What density says of a user: the nearest segment of who was left out, HDBSCAN's strength and outlier score. */
function Scores({ result: { density, segments, profiles }, row, nameOf }: ScoresProps) {
  if (!density) return null;
  const [strength, outlier] = [density.strength[row], density.outlier[row]] as [number, number];
  const near = segments[density.nearest[row] as number];
  const joined =
    profiles.segment[row] === density.nearest[row] ? 'left out, joined it at' : `nearest: ${nameOf(near?.track ?? 0)},`;
  return (
    <>
      {near && (
        <div>
          {joined} cosine {decimal(density.similarity[row] as number)}
        </div>
      )}
      {!Number.isNaN(strength) && (
        <div>
          strength {decimal(strength)} · outlier score {decimal(outlier)}
        </div>
      )}
    </>
  );
}

function useDescription(result: AnalysisResult) {
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  const windowNames = useWindowNames(result);
  return useCallback(
    (row: number) => {
      const { user, window, events, thin } = result.profiles;
      const track = trackOf(result, row);
      return (
        <>
          <div style={{ fontWeight: 550, overflowWrap: 'anywhere' }}>{result.users[user[row] ?? 0]}</div>
          <div style={{ display: 'flex', alignItems: 'center', gap: 6 }}>
            <Swatch colour={colours(track)} size={8} />
            {track === null ? 'No segment (noise)' : names(track)}
          </div>
          <Scores result={result} row={row} nameOf={names} />
          <div style={{ color: 'var(--mantine-color-dimmed)' }}>
            {windowNames(window[row] ?? 0)} · {plural(events[row] ?? 0, 'event')}
            {thin[row] === 1 ? ' · too few to count' : ''}
          </div>
        </>
      );
    },
    [result, colours, names, windowNames],
  );
}
