import { SegmentedControl, Switch } from '@mantine/core';
import { useState } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { changesOf, isFinding } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { Section } from '../common/Panel.tsx';
import { useWindowNames } from '../common/use-colours.ts';
import classes from './EventList.module.css';
import { EventRow } from './EventRow.tsx';
import { SensitivityNote } from './SensitivityNote.tsx';
import { TrustNote } from './TrustNote.tsx';

/** What changed, in all windows or in the one that is shown, and how far it may be trusted. */
export function EventList({ result }: { result: AnalysisResult }) {
  const window = useApp((s) => s.view.window);
  const title = useWindowNames(result)(window);
  const [scope, setScope] = useState('all');
  const [unsure, setUnsure] = useState(false);
  const all = changesOf(result);
  const findings = all.filter((event) => isFinding(result, event));
  // Before the first figures nothing is a finding yet, and nothing is hidden either.
  const measured = result.trust.events.length > 0;
  const changes = unsure || !measured ? all : findings;
  const hidden = measured ? all.length - findings.length : 0;
  const shown = scope === 'all' ? changes : changes.filter((e) => e.window === window);
  return (
    <>
      <Section>
        <TrustNote result={result} />
        <SensitivityNote result={result} />
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
        {hidden > 0 && (
          <Switch
            mt={10}
            size="xs"
            label={`Also show ${hidden} that may be chance (tentative or noise)`}
            checked={unsure}
            onChange={() => setUnsure(!unsure)}
          />
        )}
      </Section>
      {shown.length === 0 ? (
        <p className={classes.empty}>{emptyWords(all.length, changes.length)}</p>
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

function emptyWords(all: number, shown: number): string {
  if (all === 0) return 'Nothing changed: every segment went on from window to window.';
  return shown === 0 ? 'No change stands out from what chance alone would show.' : 'Nothing changed in this window.';
}
