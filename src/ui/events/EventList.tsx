import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { changesOf } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { Note } from '../common/Note.tsx';
import { Section } from '../common/Panel.tsx';
import { useWindowNames } from '../common/use-colours.ts';
import classes from './EventList.module.css';
import { EventRow } from './EventRow.tsx';

/** What changed, in all windows or in the one that is shown, and how far it may be trusted. */
export function EventList({ result }: { result: AnalysisResult }) {
  const window = useApp((s) => s.view.window);
  const title = useWindowNames(result)(window);
  const [scope, setScope] = useState('all');
  const changes = changesOf(result);
  const shown = scope === 'all' ? changes : changes.filter((e) => e.window === window);
  return (
    <>
      <Section>
        <Note>
          Trust figures are not computed yet: no p-values, no stability, no false-event rate. Read these as descriptive.
        </Note>
        <SegmentedControl
          mt={10}
          fullWidth
          size="xs"
          aria-label="Which windows"
          value={scope}
          onChange={setScope}
          data={[
            { value: 'all', label: `All windows (${changes.length})` },
            {
              value: 'one',
              label: `${title} (${changes.filter((e) => e.window === window).length})`,
            },
          ]}
        />
      </Section>
      {shown.length === 0 ? (
        <p className={classes.empty}>
          {changes.length === 0
            ? 'Nothing changed: every segment went on from window to window.'
            : 'Nothing changed in this window.'}
        </p>
      ) : (
        <ul className={classes.list} aria-label="Changes">
          {shown.map((event, i) => (
            <EventRow
              key={`${event.window}-${event.kind}-${event.from.join()}-${event.to.join()}`}
              result={result}
              event={event}
              showWindow={event.window !== shown[i - 1]?.window}
            />
          ))}
        </ul>
      )}
    </>
  );
}
