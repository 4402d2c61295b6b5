import { useMemo } from 'react';
import { layoutSparkline, shortNames } from '../../charts/index.ts';
import type { AnalysisResult } from '../../domain/index.ts';
import { useApp } from '../app/store-context.tsx';
import { count } from '../common/format.ts';
import classes from './Details.module.css';

const SIZE = { width: 284, height: 62 };
const TOP = 14;

interface SizeSparklineProps {
  readonly result: AnalysisResult;
  /** One a window; null where it is empty. */
  readonly values: readonly (number | null)[];
  readonly colour: string;
}

/** Users in each window, from zero; empty windows are gaps. The current window is marked with its number. */
export function SizeSparkline({ result, values, colour }: SizeSparklineProps) {
  const window = useApp((s) => s.view.window);
  const spark = useMemo(() => layoutSparkline(values, SIZE), [values]);
  const names = useMemo(() => shortNames(result.windows.map((w) => w.name)), [result]);
  const here = spark.points.find((p) => p.index === window);
  const anchor = here && here.x < 24 ? 'start' : here && here.x > SIZE.width - 24 ? 'end' : 'middle';
  return (
    <svg
      width={SIZE.width}
      height={SIZE.height + TOP + 16}
      className={classes.chart}
      role="img"
      aria-label={`Users in each window, at most ${count(spark.max)}`}
    >
      <g transform={`translate(0,${TOP})`}>
        <path d={spark.area} fill={colour} fillOpacity={0.14} />
        <path d={spark.line} fill="none" stroke={colour} strokeWidth={1.8} />
        <line className={classes.axis} x1={0} x2={SIZE.width} y1={SIZE.height - 3.5} y2={SIZE.height - 3.5} />
        {here && (
          <>
            <circle cx={here.x} cy={here.y} r={3.5} fill={colour} />
            <text className={classes.tick} data-current x={here.x} y={here.y - 8} textAnchor={anchor}>
              {count(here.value)}
            </text>
          </>
        )}
        <text className={classes.tick} x={0} y={SIZE.height + 11}>
          {names[0]}
        </text>
        <text className={classes.tick} x={SIZE.width} y={SIZE.height + 11} textAnchor="end">
          {names.length > 1 ? names[names.length - 1] : ''}
        </text>
      </g>
    </svg>
  );
}
