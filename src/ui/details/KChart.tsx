import { useMemo } from 'react';
import { type KCurves, type KMeasure, type KRow, layoutKCurves } from '../../charts/index.ts';
import { type AnalysisResult, AUTO_K_RULE, type KChoice } from '../../domain/index.ts';
import { stageIsOpen } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import classes from './Details.module.css';
import { choiceWords, figure, markWords, noCurveWords } from './k-words.ts';

const SIZE = { width: 284, rowHeight: 34, heading: 20, left: 42 };

/** How good each number of segments is in a window, by five measures over one axis; the chosen one is marked through all. */
export function KChart({ result, choice }: { result: AnalysisResult; choice: KChoice }) {
  const { kChoices, settings } = result;
  const layout = useMemo(() => layoutKCurves(kChoices, choice.window, SIZE), [kChoices, choice.window]);
  if (!layout) return <p className={classes.note}>{noCurveWords(result, choice)}</p>;
  return (
    <>
      <p className={classes.note}>{choiceWords(choice)}</p>
      <Picture layout={layout} choice={choice} others={kChoices.length > 1} />
      {choice.window !== null && (
        <p className={classes.note}>
          {AUTO_K_RULE} The tolerance is {settings.kTolerance} of silhouette.
        </p>
      )}
    </>
  );
}

function Picture({ layout, choice, others }: { layout: KCurves; choice: KChoice; others: boolean }) {
  const { width, height, rows, chosenX, commonX, ticks } = layout;
  const [top, bottom] = [rows[0]?.top ?? 0, rows.at(-1)?.bottom ?? 0];
  return (
    <>
      <svg width={width} height={height} className={classes.chart} role="img" aria-label={pictureWords(layout)}>
        {commonX !== null && commonX !== chosenX && (
          <line className={classes.common} x1={commonX} x2={commonX} y1={top} y2={bottom} />
        )}
        {chosenX !== null && <line className={classes.chosen} x1={chosenX} x2={chosenX} y1={top} y2={bottom} />}
        {rows.map((row) => (
          <Row key={row.measure} row={row} width={width} />
        ))}
        {ticks.map(({ k, x }) => (
          <text
            key={k}
            className={classes.tick}
            data-current={k === choice.k || undefined}
            x={x}
            y={height - 4}
            textAnchor="middle"
          >
            {k}
          </text>
        ))}
      </svg>
      <ul className={classes.legend}>
        <li>
          <svg width={12} height={10} aria-hidden="true">
            <circle className={classes.dot} cx={6} cy={5} r={3.5} />
          </svg>
          chosen
        </li>
        <li>
          <svg width={12} height={10} aria-hidden="true">
            <circle className={classes.ring} cx={6} cy={5} r={3.5} />
          </svg>
          the curve’s own best
        </li>
        {commonX !== null && commonX !== chosenX && (
          <li>
            <svg width={12} height={10} aria-hidden="true">
              <line className={classes.common} x1={6} x2={6} y1={0} y2={10} />
            </svg>
            common k
          </li>
        )}
        {others && (
          <li>
            <svg width={12} height={10} aria-hidden="true">
              <line className={classes.other} x1={0} x2={12} y1={5} y2={5} />
            </svg>
            other windows
          </li>
        )}
      </ul>
    </>
  );
}

const NAMES: Readonly<Record<KMeasure, readonly [name: string, how: string]>> = {
  silhouette: ['Silhouette', 'higher is better'],
  daviesBouldin: ['Davies-Bouldin', 'lower is better'],
  calinskiHarabasz: ['Calinski-Harabasz', 'higher is better'],
  inertia: ['Inertia', 'elbow'],
  stability: ['Stability', 'higher is better'],
};

function Row({ row, width }: { row: KRow; width: number }) {
  const measuring = useApp((s) => stageIsOpen(s.job, 'sensitivity'));
  const { measure, top, bottom, line, others, low, high, chosen, best } = row;
  const [name, how] = NAMES[measure];
  const missing = measuring ? 'being measured' : 'not measured';
  return (
    <g>
      <text className={`${classes.rowName} ${classes.clear}`} x={0} y={top - 7}>
        {name}
        <tspan className={classes.rowHow}>{`  ${how}`}</tspan>
      </text>
      <text className={`${classes.tick} ${classes.clear}`} x={width - 8} y={top - 7} textAnchor="end">
        {line === '' ? missing : markWords(row)}
      </text>
      <line className={classes.axis} x1={SIZE.left} x2={width - 8} y1={bottom + 0.5} y2={bottom + 0.5} />
      {[high, low].map(
        (end, i) =>
          end && (
            <text
              key={i === 0 ? 'high' : 'low'}
              className={classes.tick}
              x={SIZE.left - 6}
              y={end.y + (i === 0 ? 8 : -1)}
              textAnchor="end"
            >
              {figure(end.value)}
            </text>
          ),
      )}
      {others.map((path) => (
        <path key={path} className={classes.other} d={path} />
      ))}
      <path className={classes.own} d={line} />
      {best && <circle className={classes.ring} cx={best.x} cy={best.y} r={4.5} />}
      {chosen && <circle className={classes.dot} cx={chosen.x} cy={chosen.y} r={3} />}
    </g>
  );
}

const pictureWords = ({ rows }: KCurves): string =>
  `Curves over the number of segments. ${rows.map((row) => `${NAMES[row.measure][0]}: ${row.line === '' ? 'not measured' : markWords(row)}`).join('. ')}.`;
