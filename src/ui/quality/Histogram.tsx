import { layoutBars } from '../../charts/index.ts';
import classes from './Quality.module.css';

interface HistogramProps {
  readonly counts: readonly number[];
  readonly width: number;
  readonly height: number;
  /** What it shows, for those who don't see it and those who point at it. */
  readonly label: string;
  /** As wide as there is room. */
  readonly fluid?: boolean;
}

export const Histogram = ({ counts, width, height, label, fluid = false }: HistogramProps) => (
  <svg
    role="img"
    aria-label={label}
    className={classes.histogram}
    width={fluid ? '100%' : width}
    height={height}
    viewBox={`0 0 ${width} ${height}`}
    preserveAspectRatio="none"
  >
    <title>{label}</title>
    {layoutBars(counts, { width, height }).map(({ index, x, y, width: wide, height: tall }) => (
      <rect key={index} x={x} y={y} width={wide} height={tall} />
    ))}
  </svg>
);
