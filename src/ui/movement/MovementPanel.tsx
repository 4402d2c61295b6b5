import { ActionIcon, Modal, SegmentedControl, Text, Tooltip } from '@mantine/core';
import { IconMaximize } from '@tabler/icons-react';
import { useState } from 'react';
import type { AnalysisResult, Movement } from '../../domain/index.ts';
import { windowBefore } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { Section } from '../common/Panel.tsx';
import { useWindowNames } from '../common/use-colours.ts';
import { DriftFigures, SegmentDrifts } from './DriftFigures.tsx';
import { MigrationMatrix, type Unit } from './MigrationMatrix.tsx';
import { MostChanged } from './MostChanged.tsx';
import classes from './Movement.module.css';

/** Who went where and how far interests drifted, between the window that is shown and the last one with users before it. */
export function MovementPanel({ result }: { result: AnalysisResult }) {
  const window = useApp((s) => s.view.window);
  const names = useWindowNames(result);
  const movement = result.movements.find((m) => m.window === window);
  if (!movement) {
    return (
      <>
        <p className={classes.empty}>{emptyWords(result, window)}</p>
        <MostChanged result={result} />
      </>
    );
  }
  const before = names(movement.before);
  return (
    <>
      <Section>
        <Text fw={600} size="md">
          {before} to {names(window)}
        </Text>
        <DriftFigures drift={movement.drift} before={before} />
      </Section>
      <Migration key={window} result={result} movement={movement} title={`${before} to ${names(window)}`} />
      <SegmentDrifts result={result} tracks={movement.drift.tracks} />
      <MostChanged result={result} />
    </>
  );
}

function Migration({ result, movement, title }: { result: AnalysisResult; movement: Movement; title: string }) {
  const [unit, setUnit] = useState<Unit>('users');
  const [large, setLarge] = useState(false);
  const control = <UnitControl unit={unit} onChange={setUnit} />;
  const legend = <p className={classes.note}>Framed: more users than chance would bring (Holm p up to .05).</p>;
  return (
    <Section title="Who went where">
      <div className={classes.tools}>
        {control}
        <Tooltip label="Show large, with full names">
          <ActionIcon variant="default" size="md" aria-label="Show large, with full names" onClick={() => setLarge(true)}>
            <IconMaximize size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
      <MigrationMatrix result={result} movement={movement} unit={unit} />
      {legend}
      <Modal
        opened={large}
        onClose={() => setLarge(false)}
        size="auto"
        title={`Who went where, ${title}`}
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <div className={classes.tools}>
          {control}
          {legend}
        </div>
        <MigrationMatrix result={result} movement={movement} unit={unit} roomy />
      </Modal>
    </Section>
  );
}

const UnitControl = ({ unit, onChange }: { unit: Unit; onChange: (unit: Unit) => void }) => (
  <SegmentedControl
    size="xs"
    aria-label="What the cells show"
    value={unit}
    onChange={(value) => onChange(value as Unit)}
    data={[
      { value: 'users', label: 'Users' },
      { value: 'percent', label: '% of the row' },
    ]}
  />
);

/** Why there is nothing to compare. */
function emptyWords(result: AnalysisResult, window: number): string {
  const shown = result.windows[window];
  if (!shown || shown.events === 0) return 'No events in this window, so nothing can be compared.';
  if (shown.profiles === 0) return 'No user of this window has enough events, so nothing can be compared.';
  if (windowBefore(result, window) === null)
    return 'This is the first window with users: there is none before it to compare with.';
  return 'Movement was not measured for this window.';
}
