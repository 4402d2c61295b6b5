import { useMemo } from 'react';
import { intervalRange, layoutInterval } from '../../charts/index.ts';
import type { AnalysisResult, ChangeMeasure, ChangeTrust, SurvivorChange, TrackId } from '../../domain/index.ts';
import { survivalInto } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { decimal } from '../common/format.ts';
import { Section } from '../common/Panel.tsx';
import { useTrackColours, useWindowNames } from '../common/use-colours.ts';
import { endWords, limitWords, MEASURE_WORDS } from '../events/change-words.ts';
import classes from './ChangeFigures.module.css';

/** How a track that goes on into the window that is shown has changed: its size, its compactness and the shift of its centre. */
export function ChangeFigures({ result, track }: { result: AnalysisResult; track: TrackId }) {
  const window = useApp((s) => s.view.window);
  const windowNames = useWindowNames(result);
  const survival = survivalInto(result, track, window);
  if (!survival) return null;
  const told = survival.changes.some(({ trust }) => trust?.verdict === 'stable');
  const measured = survival.changes.some(({ trust }) => trust !== null);
  return (
    <Section title={`Change since ${windowNames(survival.event.before)}`}>
      {measured && !told && <p className={classes.note}>Goes on; no change stands out from what chance alone would show.</p>}
      {survival.changes.map(({ change, trust }) => (
        <Figure key={change.measure} result={result} track={track} change={change} trust={trust} />
      ))}
    </Section>
  );
}

interface FigureProps {
  readonly result: AnalysisResult;
  readonly track: TrackId;
  readonly change: SurvivorChange;
  readonly trust: ChangeTrust | null;
}

function Figure({ result, track, change, trust }: FigureProps) {
  const [name, what] = MEASURE_WORDS[change.measure];
  const stable = trust?.verdict === 'stable';
  return (
    <div className={classes.figure}>
      <div className={classes.line}>
        <span title={what}>{name}</span>
        <span className={classes.value} data-stable={stable || undefined}>
          {endWords(change)}
        </span>
      </div>
      <Mark result={result} track={track} change={change} stable={stable} />
      <div className={classes.limits}>
        <span>95 %: {limitWords(change)}</span>
        <span>{trust ? `p ${decimal(trust.p)}, ${trust.verdict}` : 'not measured'}</span>
      </div>
    </div>
  );
}

const WIDTH = 284;
const HEIGHT = 14;

interface MarkProps extends Omit<FigureProps, 'trust'> {
  readonly stable: boolean;
}

/** The interval about no change, on the scale of all windows of the track; thick where it is told as a finding. */
function Mark({ result, track, change, stable }: MarkProps) {
  const colour = useTrackColours(result)(track);
  const range = useMemo(() => intervalRange(changesOfTrack(result, track, change.measure)), [result, track, change.measure]);
  const { zero, at, low, high } = layoutInterval(change, range, WIDTH);
  const middle = HEIGHT / 2;
  return (
    <svg width={WIDTH} height={HEIGHT} className={classes.mark} aria-hidden="true">
      <line className={classes.axis} x1={0} x2={WIDTH} y1={middle} y2={middle} />
      <line className={classes.zero} x1={zero} x2={zero} y1={0} y2={HEIGHT} />
      <line x1={low} x2={high} y1={middle} y2={middle} stroke={colour} strokeWidth={stable ? 4 : 2} strokeLinecap="round" />
      <circle className={classes.dot} cx={at} cy={middle} r={4} fill={colour} />
    </svg>
  );
}

const changesOfTrack = (result: AnalysisResult, track: TrackId, measure: ChangeMeasure): SurvivorChange[] =>
  result.events
    .filter((e) => e.kind === 'survive' && e.to.includes(track))
    .flatMap((e) => e.changes.filter((c) => c.measure === measure));
