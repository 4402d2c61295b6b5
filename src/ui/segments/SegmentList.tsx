import { useMemo } from 'react';
import type { AnalysisResult, Segment } from '../../domain/index.ts';
import { segmentsOf, sizeChange } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { count, plural, share, signed } from '../common/format.ts';
import { Swatch } from '../common/Swatch.tsx';
import { useTrackColours, useTrackNames } from '../common/use-colours.ts';
import classes from './SegmentList.module.css';

/** Segments of the window that is shown, largest first, with their change since the window before. */
export function SegmentList({ result }: { result: AnalysisResult }) {
  const index = useApp((s) => s.view.window);
  const window = result.windows[index];
  const segments = useMemo(() => segmentsOf(result, index), [result, index]);
  return (
    <div className={classes.panel}>
      <header className={classes.head}>
        <span className={classes.title}>{window?.name ?? 'No window'}</span>
        <span className={classes.sub}>
          {plural(segments.length, 'segment')} · {plural(window?.profiles ?? 0, 'user')}
          {window && window.thin > 0 ? ` · ${count(window.thin)} thin` : ''}
        </span>
      </header>
      {segments.length === 0 ? (
        <p className={classes.empty}>
          {(window?.events ?? 0) === 0 ? 'No events in this window.' : 'Too few users with enough events to form segments.'}
        </p>
      ) : (
        <div className={classes.list} role="listbox" aria-label="Segments of this window" tabIndex={-1}>
          {segments.map((segment) => (
            <SegmentRow key={segment.index} result={result} segment={segment} total={window?.profiles ?? 0} />
          ))}
        </div>
      )}
    </div>
  );
}

function SegmentRow({ result, segment, total }: { result: AnalysisResult; segment: Segment; total: number }) {
  const { selectTrack, hoverTrack } = useActions();
  const selected = useApp((s) => s.view.track === segment.track);
  const colour = useTrackColours(result)(segment.track);
  const name = useTrackNames(result)(segment.track);
  const change = sizeChange(result, segment);
  const toggle = (): void => selectTrack(selected ? null : segment.track);
  return (
    <div
      role="option"
      aria-selected={selected}
      tabIndex={0}
      className={`${classes.row} mu-focus`}
      data-track={segment.track}
      onClick={toggle}
      onKeyDown={(event) => {
        if (event.key === 'Enter') toggle();
        moveFocus(event);
      }}
      onPointerEnter={() => hoverTrack(segment.track)}
      onPointerLeave={() => hoverTrack(null)}
    >
      <div className={classes.line}>
        <Swatch colour={colour} />
        <span className={classes.name} title={name}>
          {name}
        </span>
        <span className={classes.size}>{count(segment.size)}</span>
      </div>
      <div className={classes.second}>
        <span className={classes.terms}>{segment.terms.slice(0, 5).join(', ')}</span>
        <span className={classes.change} title="Change since the window before">
          {change === null ? 'new here' : signed(change)}
        </span>
      </div>
      <span className={classes.bar} style={{ width: share(segment.size, total), background: colour }} />
    </div>
  );
}

/** Up and down walk the list, as in any listbox. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 'nextElementSibling' : event.key === 'ArrowUp' ? 'previousElementSibling' : null;
  const next = step && event.currentTarget[step];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}
