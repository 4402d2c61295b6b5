import { countFrom, layoutSimilarities } from '../../charts/index.ts';
import classes from './Density.module.css';
import { useSlider } from './use-slider.ts';
import { figure } from './words.ts';

const SIZE = { width: 284, height: 74 };
const PLOT = { x: 8, y: 6, width: 268, height: 44 };
const BINS = 40;

interface NoiseSliderProps {
  /** One a profile; NaN where it was not left out. */
  readonly similarity: Float32Array;
  /** The threshold; null = none joins, which stands at 1. */
  readonly least: number | null;
  readonly onChange: (least: number | null) => void;
}

/** The users left out by their similarity to the nearest segment, and the threshold from which they join it. */
export function NoiseSlider({ similarity, least, onChange }: NoiseSliderProps) {
  const value = least ?? 1;
  const xOf = (at: number): number => PLOT.x + PLOT.width * at;
  const slider = useSlider({
    ...{ value, min: 0, max: 1, step: 0.01, page: 0.1 },
    valueAt: (x) => (x - PLOT.x) / PLOT.width,
    onChange: (at) => onChange(at === 1 ? null : at),
  });
  const joins = countFrom(similarity, value);
  return (
    <div
      {...slider}
      role="slider"
      tabIndex={0}
      className={`${classes.chart} mu-focus`}
      data-way="horizontal"
      aria-label="Similarity from which noise joins its nearest segment"
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={value}
      aria-valuetext={least === null ? 'off: noise stays noise' : `${figure(least)}: ${joins} join`}
    >
      <svg {...SIZE} aria-hidden="true">
        {layoutSimilarities(similarity, BINS, PLOT).map((bar) => (
          <rect
            key={bar.from}
            className={classes.bar}
            data-joins={bar.from >= value - 1e-9 || undefined}
            x={bar.x + 0.5}
            width={bar.width - 1}
            y={bar.y}
            height={bar.height}
          />
        ))}
        <line className={classes.axis} x1={PLOT.x} x2={PLOT.x + PLOT.width} y1={PLOT.y + PLOT.height} y2={PLOT.y + PLOT.height} />
        <line className={classes.handleLine} x1={xOf(value)} x2={xOf(value)} y1={PLOT.y} y2={PLOT.y + PLOT.height} />
        <circle className={classes.handle} cx={xOf(value)} cy={PLOT.y + PLOT.height} r={5.5} />
        <Ticks value={value} />
      </svg>
    </div>
  );
}

/** 0 and 1, and the threshold between them where it finds room. */
const Ticks = ({ value }: { value: number }) => (
  <>
    {[0, 1, value]
      .filter((at, i) => (i < 2 ? Math.abs(at - value) > 0.12 : true))
      .map((at, i, all) => (
        <text
          key={at}
          className={classes.tick}
          data-current={i === all.length - 1 || undefined}
          x={PLOT.x + PLOT.width * at}
          y={SIZE.height - 5}
          textAnchor={at < 0.05 ? 'start' : at > 0.95 ? 'end' : 'middle'}
        >
          {figure(at)}
        </text>
      ))}
  </>
);
