import { useActions, useApp } from '../app/store-context.tsx';
import classes from './Lineage.module.css';
import type { LineageDrawing } from './Lineage.tsx';

const CHARACTER = 6.6;
const LABEL_GAP = 10;

/** A band and a name for each window; the current one is marked, an empty one dashed. */
export function Columns({ layout, height, labels, onTip }: LineageDrawing & { labels: readonly string[] }) {
  const window = useApp((s) => s.view.window);
  const { setWindow } = useActions();
  const { columns } = layout;
  const step = columns.length > 1 ? (columns[1]?.x ?? 0) - (columns[0]?.x ?? 0) : 120;
  // Before it is measured the view has no width.
  const bandWidth = Math.max(0, Math.min(step - 2, 44));
  const every = Math.max(1, Math.ceil((Math.max(...labels.map((l) => l.length)) * CHARACTER + LABEL_GAP) / step));
  return columns.map((column) => (
    // biome: the band is a pointer shortcut; the scrubber offers the same by keyboard.
    <g
      key={column.window}
      className={classes.column}
      data-current={column.window === window || undefined}
      onPointerDown={() => setWindow(column.window)}
      onPointerEnter={() => onTip(null)}
    >
      <rect className={classes.band} x={column.x - bandWidth / 2} y={-4} width={bandWidth} height={height + 26} rx={3} />
      {column.empty && <line className={classes.none} x1={column.x} x2={column.x} y1={8} y2={height - 8} />}
      {(column.window % every === 0 || column.window === window) && !nearCurrent(column.window, window, every) && (
        <text
          className={classes.window}
          data-current={column.window === window || undefined}
          x={column.x}
          y={height + 15}
          textAnchor="middle"
        >
          {labels[column.window]}
        </text>
      )}
    </g>
  ));
}

/** A thinned name gives way where the name of the current window would touch it. */
const nearCurrent = (window: number, current: number, every: number): boolean =>
  window !== current && Math.abs(window - current) < every;
