import { coreShareAt, layoutReach } from '../../charts/index.ts';
import type { Reach } from '../../domain/index.ts';
import { share } from '../common/format.ts';
import classes from './Density.module.css';
import { useSlider } from './use-slider.ts';
import { figure } from './words.ts';

const SIZE = { width: 284, height: 132 };
const PLOT = { x: 32, y: 10, width: 244, height: 100 };
/** Text may stand this near to another on the axis of distances. */
const APART = 14;

interface ReachChartProps {
  readonly reach: Reach;
  /** The eps that the line stands at. */
  readonly eps: number;
  readonly onChange: (eps: number) => void;
}

/** The k-distance curve with its knee; the eps line is dragged up and down, and by keys. */
export function ReachChart({ reach, eps, onChange }: ReachChartProps) {
  const { curve, knee } = reach;
  // The run's own eps sets the scale, so that it stands still while the line moves.
  const layout = layoutReach(curve, reach.eps, PLOT);
  const core = coreShareAt(curve, eps);
  const slider = useSlider({
    ...{ value: eps, min: 0, max: layout.max, step: 0.005, page: 0.05, onChange },
    valueAt: (_, y) => layout.distanceAt(y),
  });
  return (
    <div
      {...slider}
      role="slider"
      tabIndex={0}
      className={`${classes.chart} mu-focus`}
      data-way="vertical"
      aria-label="Reach (eps)"
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={layout.max}
      aria-valuenow={eps}
      aria-valuetext={`${figure(eps)}, about ${share(core, 1)} of the users core`}
    >
      <svg {...SIZE} aria-hidden="true">
        <Axes max={layout.max} eps={eps} yOf={layout.yOf} />
        <rect
          className={classes.covered}
          x={PLOT.x}
          y={PLOT.y}
          width={Math.max(0, layout.xOf(core) - PLOT.x)}
          height={PLOT.height}
        />
        <path className={classes.curve} d={layout.line} />
        <circle className={classes.knee} cx={layout.xOf(coreShareAt(curve, knee))} cy={layout.yOf(knee)} r={3.5} />
        <line className={classes.handleLine} x1={PLOT.x} x2={PLOT.x + PLOT.width} y1={layout.yOf(eps)} y2={layout.yOf(eps)} />
        <circle className={classes.handle} cx={PLOT.x + PLOT.width} cy={layout.yOf(eps)} r={5.5} />
      </svg>
    </div>
  );
}

interface AxesProps {
  readonly max: number;
  readonly eps: number;
  readonly yOf: (distance: number) => number;
}

/** Distances to the left, eps among them; shares of the users below. */
const Axes = ({ max, eps, yOf }: AxesProps) => (
  <>
    <line className={classes.axis} x1={PLOT.x} x2={PLOT.x + PLOT.width} y1={yOf(0)} y2={yOf(0)} />
    {[0, max]
      .filter((value) => Math.abs(yOf(value) - yOf(eps)) > APART)
      .map((value) => (
        <text
          key={value === 0 ? 'low' : 'high'}
          className={classes.tick}
          x={PLOT.x - 6}
          y={yOf(value)}
          textAnchor="end"
          dominantBaseline="central"
        >
          {axisFigure(value)}
        </text>
      ))}
    <text className={classes.tick} data-current x={PLOT.x - 6} y={yOf(eps)} textAnchor="end" dominantBaseline="central">
      {axisFigure(eps)}
    </text>
    <text className={classes.tick} x={PLOT.x} y={SIZE.height - 6}>
      0 %
    </text>
    <text className={classes.tick} x={PLOT.x + PLOT.width / 2} y={SIZE.height - 6} textAnchor="middle">
      users, nearest together first
    </text>
    <text className={classes.tick} x={PLOT.x + PLOT.width} y={SIZE.height - 6} textAnchor="end">
      100 %
    </text>
  </>
);

const axisFigure = (value: number): string => (value === 0 ? '0' : value.toFixed(2));
