import { useActions } from '../app/store-context.tsx';
import { shorten } from '../common/format.ts';
import { useTrackNames } from '../common/use-colours.ts';
import { useLitSegments } from '../common/use-lit.ts';
import classes from './Lineage.module.css';
import type { LineageDrawing } from './Lineage.tsx';

const LINE = 13.5;
const CHARACTER = 5.7;
const LEADER = 12;

/** Names of the tracks in the last window with segments, beside their blocks, pushed apart; the smallest go where there is no room. */
export function EndLabels({ result, layout, height, room }: LineageDrawing & { room: number }) {
  const names = useTrackNames(result);
  const lit = useLitSegments(result);
  const { selectTrack } = useActions();
  const last = layout.columns.findLast((c) => !c.empty);
  if (!last) return null;
  const blocks = layout.blocks.filter((b) => result.segments[b.segment]?.window === last.window);
  const fitting = [...blocks].sort((a, b) => b.users - a.users).slice(0, Math.max(1, Math.floor(height / LINE)));
  const kept = blocks.filter((b) => fitting.includes(b)).sort((a, b) => a.y - b.y);
  const ys = spread(
    kept.map((b) => b.y + b.height / 2),
    height,
  );
  return kept.map((block, i) => {
    const x = block.x + block.width;
    const y = ys[i] ?? 0;
    const isLit = lit === null || lit.has(block.segment);
    return (
      <g key={block.segment} onPointerDown={() => selectTrack(block.track)}>
        <path className={classes.leader} d={`M${x + 3},${block.y + block.height / 2}L${x + LEADER},${y}`} />
        <text className={classes.end} x={x + LEADER + 4} y={y} dominantBaseline="central" fillOpacity={isLit ? 1 : 0.6}>
          <title>{names(block.track)}</title>
          {shorten(names(block.track), Math.floor((room - LEADER - 4) / CHARACTER))}
        </text>
      </g>
    );
  });
}

/** Moves ascending positions down until they are a line apart, then up from the bottom edge. */
function spread(wanted: readonly number[], height: number): number[] {
  const ys = [...wanted];
  for (let i = 0; i < ys.length; i++) ys[i] = Math.max(ys[i] as number, i === 0 ? LINE / 2 : (ys[i - 1] as number) + LINE);
  for (let i = ys.length - 1; i >= 0; i--) {
    ys[i] = Math.min(ys[i] as number, i === ys.length - 1 ? height - LINE / 2 : (ys[i + 1] as number) - LINE);
  }
  return ys;
}
