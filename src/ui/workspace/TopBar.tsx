import { Button, Group, HoverCard, Indicator, Popover, Text, Tooltip } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconAlertTriangle } from '@tabler/icons-react';
import type { AnalysisResult } from '../../domain/index.ts';
import { accountingTotals, isBusy } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Brand } from '../common/Brand.tsx';
import { plural } from '../common/format.ts';
import { PrivacyBadge } from '../common/PrivacyBadge.tsx';
import { SchemeToggle } from '../common/SchemeToggle.tsx';
import { AddData, AddProgress } from './AddData.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import classes from './TopBar.module.css';
import { TrustProgress } from './TrustProgress.tsx';

export const TopBar = ({ result }: { result: AnalysisResult }) => (
  <header className={classes.bar}>
    <Brand />
    <Source result={result} />
    <Group gap={8} wrap="nowrap" ml="auto" className={classes.actions}>
      <AddProgress />
      <TrustProgress />
      <Warnings result={result} />
      <PrivacyBadge />
      <ExportMenu />
      <Ways />
      <SchemeToggle />
    </Group>
  </header>
);

function Source({ result }: { result: AnalysisResult }) {
  const names = result.accounting.files.map((f) => f.name);
  const { kept } = accountingTotals(result);
  const { lookAhead } = result.settings;
  const sizes = [plural(kept, 'event'), plural(result.users.length, 'user'), plural(result.windows.length, 'window')];
  const lexical = result.model.kind === 'lexical';
  const facts = [...(lexical ? ['By words, not by meaning'] : []), ...(lookAhead ? [] : ['No look-ahead']), ...sizes];
  return (
    <HoverCard
      openDelay={300}
      width={lookAhead && !lexical ? 'auto' : 300}
      position="bottom-start"
      disabled={names.length < 2 && lookAhead && !lexical}
    >
      <HoverCard.Target>
        <div className={classes.source}>
          <span className={classes.file}>{names.length > 1 ? `${names[0]} and ${names.length - 1} more` : names[0]}</span>
          <span className={classes.facts}>{facts.join(' · ')}</span>
        </div>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        {names.map((name) => (
          <Text key={name} size="sm">
            {name}
          </Text>
        ))}
        {lexical && (
          <Text size="xs" c="dimmed" mt={6}>
            Segments by words, not by meaning: texts with the same words are near, texts that say the same in other words are not.
            A model that knows the language may be chosen under Settings.
          </Text>
        )}
        {!lookAhead && (
          <Text size="xs" c="dimmed" mt={6}>
            No look-ahead: what is told of a window is made of data up to its end only, and later data leave it as it is. The tree
            of interest levels is of all windows and is the exception.
          </Text>
        )}
      </HoverCard.Dropdown>
    </HoverCard>
  );
}

function Ways() {
  const { showSetup, startOver } = useActions();
  const hasFiles = useApp((s) => s.files.length > 0);
  const busy = useApp((s) => isBusy(s.job));
  return (
    <>
      {hasFiles && <AddData />}
      {hasFiles && (
        <Tooltip label="Change columns or settings and run again">
          <Button
            variant="default"
            size="xs"
            onClick={showSetup}
            disabled={busy}
            leftSection={<IconAdjustmentsHorizontal size={14} stroke={1.6} />}
          >
            Settings
          </Button>
        </Tooltip>
      )}
      <Button variant="default" size="xs" onClick={startOver} disabled={busy}>
        New analysis
      </Button>
    </>
  );
}

/** Everything the analyst should know before trusting the picture. */
function Warnings({ result }: { result: AnalysisResult }) {
  const notes = result.warnings;
  if (notes.length === 0) return null;
  return (
    <Popover position="bottom-end" width={380} withinPortal>
      <Popover.Target>
        <Indicator label={notes.length} size={15} offset={3} color="yellow.7">
          <Button variant="default" size="xs" leftSection={<IconAlertTriangle size={14} stroke={1.6} />}>
            Warnings
          </Button>
        </Indicator>
      </Popover.Target>
      <Popover.Dropdown>
        <ul className={classes.warnings}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
