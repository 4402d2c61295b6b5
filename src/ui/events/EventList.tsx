import { SegmentedControl, Select, Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { isFinding, stageIsOpen, TOLD_KINDS, type Told, type ToldKind, toldOf } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { Section } from '../common/Panel.tsx';
import { useWindowNames } from '../common/use-colours.ts';
import classes from './EventList.module.css';
import { EventRow, rowKey } from './EventRow.tsx';
import { SensitivityNote } from './SensitivityNote.tsx';
import { TrustNote } from './TrustNote.tsx';
import { KIND_WORDS } from './words.ts';

const ALL = 'all';

/** What changed, in all windows or in the one that is shown, and how far it may be trusted. */
export function EventList({ result }: { result: AnalysisResult }) {
  const window = useApp((s) => s.view.window);
  const title = useWindowNames(result)(window);
  const [scope, setScope] = useState(ALL);
  const [unsure, setUnsure] = useState(false);
  const [kind, setKind] = useState<string>(ALL);
  const measuring = useApp((s) => stageIsOpen(s.job, 'trust'));
  const all = useMemo(() => toldOf(result), [result]);
  const findings = all.filter(isFinding);
  // Before the first figures nothing is a finding yet, and nothing is hidden either.
  const measured = result.trust.events.length > 0;
  const offered = unsure || !measured ? all : findings;
  const hidden = measured ? all.length - findings.length : 0;
  const changes = kind === ALL ? offered : offered.filter((told) => told.kind === kind);
  const here = changes.filter(({ event }) => event.window === window);
  const shown = scope === ALL ? changes : here;
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
            { value: ALL, label: `All windows (${changes.length})` },
            { value: 'one', label: `${title} (${here.length})` },
          ]}
        />
        <KindSelect offered={offered} kind={kind} onChange={setKind} />
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
        <p className={classes.empty}>{emptyWords(all.length, offered.length, changes.length, measuring)}</p>
      ) : (
        <ul className={classes.list} aria-label="Changes">
          {shown.map((told, i) => (
            <EventRow
              key={rowKey(told)}
              result={result}
              told={told}
              showWindow={told.event.window !== shown[i - 1]?.event.window}
            />
          ))}
        </ul>
      )}
    </>
  );
}

interface KindSelectProps {
  readonly offered: readonly Told[];
  readonly kind: string;
  readonly onChange: (kind: string) => void;
}

/** Kinds that are offered, and the one that is chosen though nothing of it is left. */
function KindSelect({ offered, kind, onChange }: KindSelectProps) {
  const count = (of: ToldKind): number => offered.filter((told) => told.kind === of).length;
  const kinds = TOLD_KINDS.filter((of) => count(of) > 0 || of === kind);
  return (
    <Select
      mt={8}
      size="xs"
      aria-label="Kind of change"
      allowDeselect={false}
      value={kind}
      onChange={(value) => onChange(value ?? ALL)}
      data={[
        { value: ALL, label: `All kinds (${offered.length})` },
        ...kinds.map((of) => ({ value: of, label: `${KIND_WORDS[of]} (${count(of)})` })),
      ]}
    />
  );
}

function emptyWords(all: number, offered: number, ofKind: number, measuring: boolean): string {
  if (all === 0) return 'Nothing changed: every segment went on from window to window, unchanged within its interval.';
  if (offered === 0 && measuring) return 'Trust is still being measured: no change stands out from chance so far.';
  if (offered === 0) return 'No change stands out from what chance alone would show.';
  return ofKind === 0 ? 'Nothing of this kind.' : 'Nothing changed in this window.';
}
