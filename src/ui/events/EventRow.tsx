import { Badge } from '@mantine/core';
import type { AnalysisResult, TrackEvent } from '../../domain/index.ts';
import { trustOf } from '../../state/index.ts';
import { useActions } from '../app/store-context.tsx';
import { Swatch } from '../common/Swatch.tsx';
import { useTrackColours, useTrackNames, useWindowNames } from '../common/use-colours.ts';
import classes from './EventList.module.css';
import { SensitivityStrip } from './SensitivityStrip.tsx';
import { trustWords } from './trust-words.ts';
import { describeEvent, KIND_WORDS } from './words.ts';

interface EventRowProps {
  readonly result: AnalysisResult;
  readonly event: TrackEvent;
  /** False where the row above is of the same window. */
  readonly showWindow: boolean;
}

/** One change; goes to its window and selects its track. */
export function EventRow({ result, event, showWindow }: EventRowProps) {
  const { setWindow, setPlaying, selectTrack } = useActions();
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  const windowNames = useWindowNames(result);
  const trust = trustOf(result, event);
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
          {KIND_WORDS[event.kind]}
          {trust && trust.verdict !== 'stable' && (
            <Badge variant="default" size="xs" tt="none" fw={450} ml="auto">
              {trust.verdict}
            </Badge>
          )}
        </span>
        <span className={classes.words}>{describeEvent(event, names)}</span>
        {trust && <span className={classes.trust}>{trustWords(trust)}</span>}
        <SensitivityStrip result={result} event={event} />
      </button>
    </li>
  );
}
