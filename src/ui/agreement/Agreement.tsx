import { type AnalysisResult, type LabelAgreement, meanAgreement } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { count, decimal, plural } from '../common/format.ts';
import { Section } from '../common/Panel.tsx';
import { Swatch } from '../common/Swatch.tsx';
import { useTrackColours, useTrackNames, useWindowNames } from '../common/use-colours.ts';
import classes from './Agreement.module.css';
import { FIGURE_WORDS, type GroupRow, groupRows } from './groups.ts';

/** Segments against the column of known groups: figures of the window that is shown and of all, then each group's. */
export function Agreement({ result }: { result: AnalysisResult }) {
  const window = useApp((s) => s.view.window);
  const title = useWindowNames(result)(window);
  const { label } = result.mapping;
  const shown = result.agreement.find((a) => a.window === window);
  if (label === null || result.agreement.length === 0) return <NoGroups label={label} />;
  return (
    <>
      <Section title={`Agreement with “${label}”`}>
        <Figures windows={result.agreement} shown={shown} title={title} />
        <p className={classes.note}>
          1 means the same groups; the two adjusted ones are about 0 where they agree no more than by chance. All: the mean over{' '}
          {plural(result.agreement.length, 'window')} with users of a known group. The groups are never used to find segments.
        </p>
      </Section>
      <Section title={`Groups of “${label}” in ${title}`}>
        {shown ? <Groups result={result} window={window} /> : <p className={classes.note}>{FEW_LABELLED}</p>}
      </Section>
    </>
  );
}

const FEW_LABELLED = 'Fewer than two users of this window have a known group and enough events to be compared.';

/** How to get there, where there is nothing to compare with. */
const NoGroups = ({ label }: { label: string | null }) => (
  <Section title={label === null ? 'Agreement with known groups' : `Agreement with “${label}”`}>
    <p className={classes.note}>
      {label === null
        ? 'No column of known groups is chosen. To see how far the segments agree with groups that you know, open Settings, choose the column as “Known group” and run again.'
        : 'In no window do two users have a known group and enough events to be compared. Check the column “Known group” under Settings.'}
    </p>
  </Section>
);

interface FiguresProps {
  readonly windows: readonly LabelAgreement[];
  readonly shown: LabelAgreement | undefined;
  readonly title: string;
}

function Figures({ windows, shown, title }: FiguresProps) {
  const mean = meanAgreement(windows);
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">
            <span className={classes.unseen}>Measure</span>
          </th>
          <th scope="col">{title}</th>
          <th scope="col">All</th>
        </tr>
      </thead>
      <tbody>
        {FIGURE_WORDS.map(([key, name, hint]) => (
          <tr key={key} title={hint}>
            <th scope="row">{name}</th>
            <td>{shown ? decimal(shown[key]) : '–'}</td>
            <td>{mean ? decimal(mean[key]) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A column of ids taken for groups would else fill the page with thousands of rows. */
const MOST_GROUPS = 60;

function Groups({ result, window }: { result: AnalysisResult; window: number }) {
  const all = groupRows(result, window);
  const groups = all.slice(0, MOST_GROUPS);
  return (
    <>
      <table className={`${classes.table} ${classes.groups}`}>
        <thead>
          <tr>
            <th scope="col">Group, segment</th>
            <th scope="col">Users</th>
            <th scope="col" title="Share of the matched segment’s users who are of the group">
              Prec.
            </th>
            <th scope="col" title="Share of the group’s users who are in the matched segment">
              Recall
            </th>
            <th scope="col" title="Harmonic mean of precision and recall">
              F1
            </th>
          </tr>
        </thead>
        {groups.map((group) => (
          <Group key={group.label} result={result} group={group} />
        ))}
      </table>
      {groups.length < all.length && (
        <p className={classes.note}>
          The {groups.length} largest of {plural(all.length, 'group')}; tracks.json, under Export, has them all.
        </p>
      )}
      <p className={classes.note}>
        Groups and segments are matched one to one, so that as many users as can be are in their group’s segment. A group that is
        left over, where there are more groups than segments, has no precision.
      </p>
    </>
  );
}

/** A line for the name, which may be long, and one for the figures. */
const Group = ({ result, group }: { result: AnalysisResult; group: GroupRow }) => (
  <tbody>
    <tr>
      <th scope="rowgroup" colSpan={5} className={classes.name}>
        {group.label}
      </th>
    </tr>
    <tr>
      <td>
        <Matched result={result} group={group} />
      </td>
      <td>{count(group.users)}</td>
      <td>{group.precision === null ? '–' : decimal(group.precision)}</td>
      <td>{decimal(group.recall)}</td>
      <td>{decimal(group.f1)}</td>
    </tr>
  </tbody>
);

/** Selects the segment's track. */
function Matched({ result, group: { segment } }: { result: AnalysisResult; group: GroupRow }) {
  const { selectTrack } = useActions();
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  if (segment === null) return <span className={classes.none}>none</span>;
  const { track } = segment;
  return (
    <button type="button" className={`${classes.matched} mu-focus`} title={names(track)} onClick={() => selectTrack(track)}>
      <Swatch colour={colours(track)} size={8} />
      <span>{names(track)}</span>
    </button>
  );
}
