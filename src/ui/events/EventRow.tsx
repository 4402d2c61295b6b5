import { Badge } from '@mantine/core';
import type { AnalysisResult } from '../../domain/index.ts';
import type { Told } from '../../state/index.ts';
import { useActions } from '../app/store-context.tsx';
import { Swatch } from '../common/Swatch.tsx';
import { useTrackColours, useTrackNames, useWindowNames } from '../common/use-colours.ts';
import { describeChange } from './change-words.ts';
import classes from './EventList.module.css';
import { SensitivityStrip } from './SensitivityStrip.tsx';
import { trustWords } from './trust-words.ts';
import { describeEvent, KIND_WORDS } from './words.ts';

interface EventRowProps {
  readonly result: AnalysisResult;
  readonly told: Told;
  /** False where the row above is of the same window. */
  readonly showWindow: boolean;
}

/** One thing that happened; goes to its window and selects its track. */
export function EventRow({ result, told, showWindow }: EventRowProps) {
  const { setWindow, setPlaying, selectTrack } = useActions();
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  const windowNames = useWindowNames(result);
  const { event, change, kind, verdict } = told;
  const tracks = [...new Set([...event.from, ...event.to])];
  const go = (): void => {
    setPlaying(false);
    setWindow(event.window);
    selectTrack(event.to[0] ?? event.from[0] ?? null);
  };
  return (
    <li>
      {showWindow && <div className={classes.window}>{windowNames(event.window)}</div>}
      <button type="button" className={`${classes.row} mu-focus`} onClick={go}>
        <span className={classes.kind}>
          {tracks.map((track) => (
            <Swatch key={track} colour={colours(track)} size={8} />
          ))}
          {KIND_WORDS[kind]}
          {verdict && verdict !== 'stable' && (
            <Badge variant="default" size="xs" tt="none" fw={450} ml="auto">
              {verdict}
            </Badge>
          )}
        </span>
        <span className={classes.words}>
          {change ? describeChange(change, names(event.to[0] as number)) : describeEvent(event, names)}
        </span>
        {verdict && <span className={classes.trust}>{trustWords(told)}</span>}
        {!change && <SensitivityStrip result={result} event={event} />}
      </button>
    </li>
  );
}

/** Tells the rows of a list apart. */
export const rowKey = ({ kind, event: { window, from, to } }: Told): string => `${window}-${kind}-${from.join()}-${to.join()}`;
