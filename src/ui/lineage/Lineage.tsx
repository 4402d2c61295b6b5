import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { type Alluvial, layoutAlluvial, shortNames } from '../../charts/index.ts';
import type { AnalysisResult } from '../../domain/index.ts';
import { useApp } from '../app/store-context.tsx';
import { Tip, type TipState } from '../common/Tip.tsx';
import { Blocks } from './Blocks.tsx';
import { Columns } from './Columns.tsx';
import { EndLabels } from './EndLabels.tsx';
import classes from './Lineage.module.css';
import { Ribbons } from './Ribbons.tsx';

const HEAD = 38;
const HINT =
  'A block is a segment, as tall as its users; a ribbon is users moving on; a fading end is users absent, or with too few events';

const AXIS = 22;
const TOP = 4;
/** Room at the right for the names of the tracks that live to the end. */
const NAMES = 178;
const MIN_MARGIN = 30;
/** Half a character of the axis labels. */
const HALF_CHARACTER = 3.4;
/** Narrower columns are not readable; more windows than fit scroll sideways. */
const MIN_STEP = 30;
/** The current column keeps at least this far from the edges. */
const SIGHT = 90;

export interface LineageDrawing {
  readonly result: AnalysisResult;
  readonly layout: Alluvial;
  /** Height of the drawing without the axis. */
  readonly height: number;
  readonly onTip: (tip: TipState | null) => void;
}

/** Segments as blocks, users flowing between them as ribbons. */
export function Lineage({ result, title }: { result: AnalysisResult; title: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const { ref: sized, width, height } = useElementSize<HTMLDivElement>();
  const ref = useMergedRef(box, sized);
  const [tip, setTip] = useState<TipState | null>(null);
  const window = useApp((s) => s.view.window);
  const inner = Math.max(0, height - AXIS - TOP);
  const flowWidth = Math.max(width - NAMES, result.windows.length * MIN_STEP);
  const labels = useMemo(() => shortNames(result.windows.map((w) => w.name)), [result]);
  const margin = Math.max(MIN_MARGIN, (labels[0]?.length ?? 0) * HALF_CHARACTER);
  const layout = useMemo(
    () =>
      layoutAlluvial(
        { windowCount: result.windows.length, segments: result.segments, flows: result.flows },
        { width: flowWidth, height: inner, blockWidth: 9, gap: 3.5, margin, stub: 18 },
      ),
    [result, flowWidth, inner, margin],
  );
  useScrollTo(box, layout.columns[window]?.x ?? 0, width);
  const drawing: LineageDrawing = {
    result,
    layout,
    height: inner,
    onTip: (shown) => setTip(shown && { ...shown, x: shown.x - (box.current?.scrollLeft ?? 0) }),
  };
  const full = flowWidth + NAMES;
  return (
    <div className={classes.panel} style={{ gridTemplateRows: `${HEAD}px minmax(0, 1fr)` }}>
      <header className={classes.head}>
        {title}
        <span className={classes.hint} title={HINT}>
          {HINT}
        </span>
      </header>
      <div className={classes.scroll} ref={ref}>
        {result.segments.length === 0 ? (
          <p className={classes.empty}>No segments, so no lineage.</p>
        ) : (
          <div className={classes.stage} style={{ width: full, height }} onPointerLeave={() => setTip(null)}>
            <svg width={full} height={height} className={classes.drawing} aria-hidden="true">
              <g transform={`translate(0,${TOP})`}>
                <Columns {...drawing} labels={labels} />
                <Ribbons {...drawing} />
                <EndLabels {...drawing} room={NAMES} />
              </g>
            </svg>
            <Blocks {...drawing} top={TOP} />
          </div>
        )}
      </div>
      <div className={classes.tips}>
        <Tip tip={tip} width={width} height={height} />
      </div>
    </div>
  );
}

/** Keeps the column of the current window in sight. */
function useScrollTo(ref: RefObject<HTMLDivElement | null>, x: number, width: number): void {
  useEffect(() => {
    const scroller = ref.current;
    if (scroller && (x < scroller.scrollLeft + SIGHT || x > scroller.scrollLeft + width - SIGHT))
      scroller.scrollLeft = x - width / 2;
  }, [ref, x, width]);
}
