import { Button, Select, Text } from '@mantine/core';
import { commonColumns, eventTables, type JoinMatches } from '../../domain/index.ts';
import { isBusy } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { count, shorten } from '../common/format.ts';
import { Note } from '../common/Note.tsx';
import classes from './Intake.module.css';

/** The catalogue beside the events: on which columns it is joined, how much of it fits, and the ways to change that. */
export function JoinCard() {
  const intake = useApp((s) => s.intake);
  const previews = useApp((s) => s.previews);
  const proposal = useApp((s) => s.proposal?.join ?? null);
  const busy = useApp((s) => isBusy(s.job));
  const { setJoin, setTableRole } = useActions();
  const { join } = intake;
  const catalogue = previews.find(({ name }) => name === join?.table);
  if (join === null || !catalogue) return null;
  const name = shorten(join.table, 34);
  const why = proposal?.join.table === join.table && proposal.join.on === join.on && proposal.join.key === join.key;
  return (
    <section className={classes.join} aria-label="Join">
      <div className={classes.joinHead}>
        <Text fw={550} truncate>
          Each event takes the columns of {name}
        </Text>
        <Button variant="subtle" size="compact-xs" disabled={busy} onClick={() => void setTableRole(join.table, 'left-out')}>
          Don’t join
        </Button>
      </div>
      <div className={classes.on}>
        <Select
          label="Column of the events"
          data={commonColumns(eventTables(previews, intake))}
          value={join.on}
          readOnly={busy}
          allowDeselect={false}
          onChange={(on) => on !== null && void setJoin({ on })}
        />
        <span>=</span>
        <Select
          label={`Column of ${name}`}
          data={[...new Set(catalogue.header)]}
          value={join.key}
          readOnly={busy}
          allowDeselect={false}
          onChange={(key) => key !== null && void setJoin({ key })}
        />
      </div>
      <Matches />
      {why && (
        <p className={classes.why} style={{ marginTop: 8 }}>
          {proposal.why}
        </p>
      )}
    </section>
  );
}

function Matches() {
  const matches = useApp((s) => s.survey.survey?.join ?? null);
  const going = useApp((s) => s.survey.going);
  if (matches === null)
    return (
      <Text size="sm" c="dimmed">
        {going ? 'Counting the rows that match…' : 'The rows that match are not counted yet.'}
      </Text>
    );
  return (
    <div className={classes.figures} style={going ? { opacity: 0.6 } : undefined}>
      {figures(matches).map(([n, what]) => (
        <span key={what}>
          <b>{count(n)}</b> {what}
        </span>
      ))}
    </div>
  );
}

const figures = (m: JoinMatches): (readonly [number, string])[] => {
  const all: (readonly [number, string])[] = [
    [m.matched, 'events match'],
    [m.unmatched, 'do not'],
    [m.withoutKey, 'have no key'],
    [m.catalogueUsed, `of ${count(m.catalogueRows)} catalogue rows are used`],
    [m.catalogueRepeats, 'catalogue rows repeat a key and are not used'],
  ];
  return all.filter(([n], i) => n > 0 || i < 2 || i === 3);
};

/** What became of a choice whose table is gone. */
export function IntakeNote() {
  const note = useApp((s) => s.intakeNote);
  return note === null ? null : <Note tone="caution">{note}</Note>;
}
