import type { AnalysisResult, Drift, DriftShares, TrackDrift } from '../../domain/index.ts';
import { NO_TRACK } from '../../domain/index.ts';
import { decimal } from '../common/format.ts';
import { Section } from '../common/Panel.tsx';
import { Swatch } from '../common/Swatch.tsx';
import { useTrackColours, useTrackNames } from '../common/use-colours.ts';
import classes from './Movement.module.css';
import { isBeyondChance, mmdWords, PART_WORDS, PARTS, partsWords, percent, shareWords } from './words.ts';

interface FiguresProps {
  readonly drift: Drift;
  /** Name of the earlier window. */
  readonly before: string;
}

/** How far the two windows are apart, whether that is more than chance, and what it is made of. */
export const DriftFigures = ({ drift, before }: FiguresProps) => (
  <div data-quiet={isBeyondChance(drift) === false || undefined} className={classes.drift}>
    <p className={classes.verdict}>{mmdWords(drift, before)}</p>
    {drift.shares && <Parts shares={drift.shares} />}
    <p className={classes.note}>{partsWords(drift)}</p>
    <p className={classes.note}>{shareWords(drift.jensenShannon)}</p>
  </div>
);

/** Bars of the parts that go with the change; one that worked against it is told by its sign. */
function Parts({ shares }: { shares: DriftShares }) {
  const whole = PARTS.reduce((sum, part) => sum + Math.max(0, shares[part]), 0);
  return (
    <dl className={classes.parts}>
      {PARTS.map((part) => (
        <div key={part} className={classes.part}>
          <dt>
            {PART_WORDS[part][0]} <span className={classes.what}>{PART_WORDS[part][1]}</span>
          </dt>
          <dd>{percent(shares[part])}</dd>
          <span aria-hidden className={classes.bar} style={{ width: `${(100 * Math.max(0, shares[part])) / whole}%` }} />
        </div>
      ))}
    </dl>
  );
}

/** Segments of both windows: what share of the users in both they had and have, and how far their centres went. */
export function SegmentDrifts({ result, tracks }: { result: AnalysisResult; tracks: readonly TrackDrift[] }) {
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  const both = tracks.filter(({ track, shift }) => track !== NO_TRACK && shift !== null);
  if (both.length === 0) return null;
  return (
    <Section title="Segments in both windows">
      <table className={classes.tracks}>
        <thead>
          <tr>
            <th scope="col">Segment</th>
            <th scope="col" title="Share of the users in both windows, before and now">
              Share
            </th>
            <th scope="col" title="1 - cosine of its centre before and now: 0 is the same">
              Shift
            </th>
          </tr>
        </thead>
        <tbody>
          {both.map(({ track, shareBefore, shareAfter, shift }) => (
            <tr key={track}>
              <th scope="row">
                <span className={classes.track} title={names(track)}>
                  <Swatch colour={colours(track)} size={8} />
                  <span>{names(track)}</span>
                </span>
              </th>
              <td>
                {percent(shareBefore)} → {percent(shareAfter)}
              </td>
              <td>{decimal(shift as number)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
