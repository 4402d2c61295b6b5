import { extent, line, scaleLinear } from 'd3';
import type { KChoice } from '../../domain/index.ts';
import { decimal } from '../common/format.ts';
import classes from './Details.module.css';

const WIDTH = 284;
const HEIGHT = 92;
const PAD = { left: 32, right: 8, top: 10, bottom: 20 };

/** Mean silhouette for each number of segments that was tried; the chosen one is marked. */
export function KChart({ choice }: { choice: KChoice }) {
  const { curve, k } = choice;
  if (curve.length === 0) return <p className={classes.note}>{k}, fixed in the settings.</p>;
  const [low = 0, high = 1] = extent(curve, (p) => p.silhouette) as [number, number];
  const [first = 0, last = 1] = extent(curve, (p) => p.k) as [number, number];
  const x = scaleLinear([first, Math.max(last, first + 1)], [PAD.left, WIDTH - PAD.right]);
  const y = scaleLinear([Math.min(low, high - 0.01), high], [HEIGHT - PAD.bottom, PAD.top]);
  const path = line<(typeof curve)[number]>(
    (p) => x(p.k),
    (p) => y(p.silhouette),
  )(curve);
  const best = curve.find((p) => p.k === k);
  return (
    <>
      <p className={classes.note}>{best ? choiceWords(choice, best) : withoutEmpty(choice)}</p>
      <svg
        width={WIDTH}
        height={HEIGHT}
        className={classes.chart}
        role="img"
        aria-label={`Mean silhouette by number of segments${best ? `, ${k} chosen` : ''}`}
      >
        <line className={classes.axis} x1={PAD.left} x2={WIDTH - PAD.right} y1={HEIGHT - PAD.bottom} y2={HEIGHT - PAD.bottom} />
        {[low, high].map((v, i) => (
          <text
            key={i === 0 ? 'low' : 'high'}
            className={classes.tick}
            x={PAD.left - 6}
            y={y(v)}
            textAnchor="end"
            dominantBaseline="central"
          >
            {decimal(v)}
          </text>
        ))}
        {(best ? [first, k, last] : [first, last])
          .filter((v, i, all) => all.indexOf(v) === i && (!best || v === k || Math.abs(x(v) - x(k)) > 18))
          .map((v) => (
            <text
              key={v}
              className={classes.tick}
              data-current={v === k || undefined}
              x={x(v)}
              y={HEIGHT - 6}
              textAnchor="middle"
            >
              {v}
            </text>
          ))}
        <path className={classes.curve} d={path ?? ''} />
        {best && <circle className={classes.dot} cx={x(best.k)} cy={y(best.silhouette)} r={3.5} />}
      </svg>
    </>
  );
}

type Tried = KChoice['curve'][number];

const rangeOf = (curve: KChoice['curve']): string => `${curve[0]?.k} to ${curve.at(-1)?.k}`;

function choiceWords({ curve, k }: KChoice, best: Tried): string {
  const common = curve.some((p) => p.silhouette > best.silhouette) ? ' · the common choice of all windows' : '';
  return `${k}, chosen from ${rangeOf(curve)} · mean silhouette ${decimal(best.silhouette)}${common}`;
}

/** Segments that k-means left empty are dropped, so the number that is left need not be one that was tried. */
const withoutEmpty = ({ curve, k }: KChoice): string =>
  `${rangeOf(curve)} were tried; ${k} are left of the number chosen, because the others stayed empty.`;
