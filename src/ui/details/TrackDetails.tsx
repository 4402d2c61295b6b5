import { Button, Text } from '@mantine/core';
import { useMemo } from 'react';
import { type AnalysisResult, featuresApart, type Segment, type TrackId } from '../../domain/index.ts';
import { membershipOf, segmentsOfTrack, sizeChange, sizesOf, toldOfTrack, windowBefore } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { ClearButton } from '../common/ClearButton.tsx';
import { count, plural, share, signed } from '../common/format.ts';
import { Facts, Section } from '../common/Panel.tsx';
import { Swatch } from '../common/Swatch.tsx';
import { useTrackColours, useTrackNames, useWindowNames } from '../common/use-colours.ts';
import eventClasses from '../events/EventList.module.css';
import { EventRow, rowKey } from '../events/EventRow.tsx';
import { TrustNote } from '../events/TrustNote.tsx';
import { percent } from '../movement/words.ts';
import { ChangeFigures } from './ChangeFigures.tsx';
import classes from './Details.module.css';
import { SizeSparkline } from './SizeSparkline.tsx';

/** A track: its size over time, and its segment in the window that is shown. */
export function TrackDetails({ result, track }: { result: AnalysisResult; track: TrackId }) {
  const window = useApp((s) => s.view.window);
  const colour = useTrackColours(result)(track);
  const segments = segmentsOfTrack(result, track);
  const segment = segments.find((s) => s.window === window);
  return (
    <>
      <Section>
        <Head result={result} track={track} segments={segments} />
      </Section>
      <Section title="Users over time">
        <SizeSparkline result={result} values={sizesOf(result, track)} colour={colour} />
      </Section>
      {segment ? <Now result={result} segment={segment} /> : <Elsewhere result={result} segments={segments} />}
      <History result={result} track={track} />
    </>
  );
}

function Head({ result, track, segments }: { result: AnalysisResult; track: TrackId; segments: readonly Segment[] }) {
  const { selectTrack } = useActions();
  const colour = useTrackColours(result)(track);
  const name = useTrackNames(result)(track);
  const windowNames = useWindowNames(result);
  const nameOf = (s: Segment | undefined): string => windowNames(s?.window ?? 0);
  return (
    <div className={classes.head}>
      <div className={classes.name}>
        <Swatch colour={colour} size={11} />
        <Text fw={600} size="md" style={{ lineHeight: 1.3 }}>
          {name}
        </Text>
        <ClearButton label="Clear the selection" onClear={() => selectTrack(null)} />
      </div>
      <Text size="xs" c="dimmed">
        Track {track} · {plural(segments.length, 'window')},{' '}
        <span className={classes.range}>
          {nameOf(segments[0])}
          {segments.length > 1 ? ` to ${nameOf(segments[segments.length - 1])}` : ''}
        </span>
      </Text>
    </div>
  );
}

function Now({ result, segment }: { result: AnalysisResult; segment: Segment }) {
  const window = result.windows[segment.window];
  const change = sizeChange(result, segment);
  const title = useWindowNames(result)(segment.window);
  const first = windowBefore(result, segment.window) === null;
  const membership = useMemo(() => membershipOf(result, segment), [result, segment]);
  return (
    <>
      <Section title={`In ${title}`}>
        <Facts
          facts={[
            ['Users', `${count(segment.size)} (${share(segment.size, window?.profiles ?? 0)})`],
            first ? null : ['Since the window before', change === null ? 'new' : signed(change)],
            first ? null : ['Absent or too few events before', count(segment.entered)],
            ['Absent or too few events after', count(segment.left)],
            segment.thin > 0 ? ['Also near, with too few events', count(segment.thin)] : null,
            membership.evenness === null ? null : ['Mean entropy, of the most possible', percent(membership.evenness)],
            ['Second interest of others', count(membership.secondaryOf)],
          ]}
        />
      </Section>
      <ChangeFigures result={result} track={segment.track} />
      <Doings result={result} segment={segment} />
      {segment.terms.length > 0 && (
        <Section title="Words">
          <ul className={classes.terms}>
            {segment.terms.map((term) => (
              <li key={term}>{term}</li>
            ))}
          </ul>
        </Section>
      )}
      {segment.exemplars.length > 0 && (
        <Section title="Example texts">
          <ul className={classes.examples}>
            {segment.exemplars.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** Below half an interquartile range a difference of means is small beside that of users. */
const LEAST_APART = 0.5;

/** What its users do otherwise than others, where behaviour is part of the profiles. */
function Doings({ result: { behaviour }, segment }: { result: AnalysisResult; segment: Segment }) {
  const apart = behaviour ? featuresApart(behaviour, segment.index, 4, LEAST_APART) : [];
  if (apart.length === 0) return null;
  return (
    <Section title="Behaviour">
      <p className={classes.note}>Mean of its users less that of all in the window, in interquartile ranges.</p>
      <Facts facts={apart.map(({ name, by }) => [name, `${by > 0 ? '+' : '−'}${Math.abs(by).toFixed(1)}`])} />
    </Section>
  );
}

/** The track is not in the window that is shown: say so, and offer the way to where it is. */
function Elsewhere({ result, segments }: { result: AnalysisResult; segments: readonly Segment[] }) {
  const window = useApp((s) => s.view.window);
  const { setWindow } = useActions();
  const windowNames = useWindowNames(result);
  const nearest = [...segments].sort((a, b) => Math.abs(a.window - window) - Math.abs(b.window - window))[0];
  return (
    <Section title={`In ${windowNames(window)}`}>
      <p className={classes.note}>This track has no segment in this window.</p>
      {nearest && (
        <Button variant="default" size="compact-sm" mt={8} onClick={() => setWindow(nearest.window)}>
          Go to {windowNames(nearest.window)}
        </Button>
      )}
    </Section>
  );
}

function History({ result, track }: { result: AnalysisResult; track: TrackId }) {
  const all = toldOfTrack(result, track);
  if (all.length === 0) return null;
  return (
    <>
      <Section title="What happened to it">
        <TrustNote result={result} />
      </Section>
      <ul className={eventClasses.list} style={{ borderTop: 0 }}>
        {all.map((told, i) => (
          <EventRow key={rowKey(told)} result={result} told={told} showWindow={told.event.window !== all[i - 1]?.event.window} />
        ))}
      </ul>
    </>
  );
}
