import { Fragment, useMemo } from 'react';
import type { AnalysisResult, Segment } from '../../domain/index.ts';
import { cutsOf, groupSegments, noiseOf, segmentsOf, sizeChange, windowBefore } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { count, plural, share, signed } from '../common/format.ts';
import { Swatch } from '../common/Swatch.tsx';
import { useTrackColours, useTrackNames, useWindowNames } from '../common/use-colours.ts';
import classes from './SegmentList.module.css';

/** Segments of the window that is shown, by interest of level 1, largest first: size, label words, change since the window before, an example text. */
export function SegmentList({ result }: { result: AnalysisResult }) {
  const index = useApp((s) => s.view.window);
  const window = result.windows[index];
  const title = useWindowNames(result)(index);
  const segments = useMemo(() => segmentsOf(result, index), [result, index]);
  const coarsest = useApp((s) => cutsOf(result, s.view)[0]);
  const groups = useMemo(() => groupSegments(result, segments, coarsest), [result, segments, coarsest]);
  const largest = segments[0]?.size ?? 1;
  const noise = noiseOf(result, index);
  return (
    <div className={classes.panel}>
      <header className={classes.head}>
        <span className={classes.title}>{title || 'No window'}</span>
        <span className={classes.sub}>
          {plural(segments.length, 'segment')} · {plural(window?.profiles ?? 0, 'user')}
          {noise > 0 ? `\u00a0· ${share(noise, window?.profiles ?? 0)}\u00a0noise` : ''}
          {window && window.thin > 0 ? `\u00a0· ${count(window.thin)} thin` : ''}
        </span>
      </header>
      {segments.length === 0 ? (
        <p className={classes.empty}>{emptyWords(window?.events ?? 0, noise)}</p>
      ) : (
        <div className={classes.list} role="listbox" aria-label="Segments of this window" tabIndex={-1}>
          {groups.map((group) => (
            <Fragment key={group.node}>
              {group.name !== '' && <GroupHead name={group.name} users={group.users} />}
              {group.segments.map((segment) => (
                <SegmentRow
                  key={segment.index}
                  result={result}
                  segment={segment}
                  largest={largest}
                  first={segment === groups[0]?.segments[0]}
                />
              ))}
            </Fragment>
          ))}
        </div>
      )}
    </div>
  );
}

function emptyWords(events: number, noise: number): string {
  if (events === 0) return 'No events in this window.';
  return noise > 0
    ? 'Nowhere are users dense enough for a segment: all are noise.'
    : 'Too few users with enough events to form segments.';
}

/** The name of a group of the coarsest level over its segments; for the eye alone, since a list box may hold options only. */
const GroupHead = ({ name, users }: { name: string; users: number }) => (
  <div className={classes.group} title={name} aria-hidden="true">
    <span className={classes.groupName}>{name}</span>
    <span>{count(users)}</span>
  </div>
);

interface SegmentRowProps {
  readonly result: AnalysisResult;
  readonly segment: Segment;
  /** Users of the largest segment of the window. */
  readonly largest: number;
  readonly first: boolean;
}

function SegmentRow({ result, segment, largest, first }: SegmentRowProps) {
  const { selectTrack, hoverTrack } = useActions();
  const selected = useApp((s) => s.view.track === segment.track);
  const tabStop = selected || first;
  const colour = useTrackColours(result)(segment.track);
  const name = useTrackNames(result)(segment.track);
  const toggle = (): void => selectTrack(selected ? null : segment.track);
  return (
    <div
      role="option"
      aria-selected={selected}
      tabIndex={tabStop ? 0 : -1}
      className={`${classes.row} mu-focus`}
      data-track={segment.track}
      onClick={toggle}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          toggle();
        }
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
        <span className={classes.terms} title={segment.terms.join(', ')}>
          {moreTerms(segment, name)}
        </span>
        <span className={classes.change} title="Change since the window before">
          {changeWords(result, segment)}
        </span>
      </div>
      {segment.exemplars.length > 0 && (
        <div className={classes.example} title={segment.exemplars.join('\n')}>
          “{segment.exemplars[0]}”
        </div>
      )}
      <span className={classes.bar} style={{ width: `calc((100% - 49px) * ${segment.size / largest})`, background: colour }} />
    </div>
  );
}

/** Label words that the track's name doesn't hold already. */
const moreTerms = (segment: Segment, name: string): string =>
  segment.terms
    .filter((term) => !name.includes(term))
    .slice(0, 5)
    .join(', ');

/** Nothing in the first window: there is no window before it to compare with. */
function changeWords(result: AnalysisResult, segment: Segment): string {
  if (windowBefore(result, segment.window) === null) return '';
  const change = sizeChange(result, segment);
  return change === null ? 'new' : signed(change);
}

/** Up and down walk the list, as in any listbox. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const rows = [...(event.currentTarget.closest('[role=listbox]')?.querySelectorAll<HTMLElement>('[role=option]') ?? [])];
  const next = rows[rows.indexOf(event.currentTarget) + step];
  if (step === 0 || !next) return;
  event.preventDefault();
  next.focus();
}
