import { ActionIcon, Autocomplete, Button, Group, NumberInput, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Settings } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import classes from './SettingsPanel.module.css';

/** How much an event of a type counts; a type without a weight counts 1. */
export function TypeWeights({ settings }: { settings: Settings }) {
  const { setSettings } = useActions();
  const [name, setName] = useState('');
  const examples = useTypeExamples().filter((type) => !(type in settings.typeWeights));
  const set = (typeWeights: Settings['typeWeights']): void => setSettings({ typeWeights });
  const add = (): void => {
    if (name.trim() === '') return;
    set({ ...settings.typeWeights, [name.trim()]: 1 });
    setName('');
  };
  return (
    <div className={classes.group}>
      <h3 className={classes.title}>Weight of event types</h3>
      {Object.entries(settings.typeWeights).map(([type, weight]) => (
        <div key={type} className={classes.weights}>
          <Text size="sm" truncate>
            {type}
          </Text>
          <NumberInput
            aria-label={`Weight of ${type}`}
            value={weight}
            min={0}
            max={1000}
            step={0.5}
            decimalScale={2}
            onChange={(value) => typeof value === 'number' && value >= 0 && set({ ...settings.typeWeights, [type]: value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove the weight of ${type}`}
            onClick={() => set(without(settings.typeWeights, type))}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <Group gap={8} align="end">
        <Autocomplete
          aria-label="Type of event"
          placeholder="A type, as in the file"
          data={examples}
          value={name}
          onChange={setName}
          w={220}
        />
        <Button variant="default" size="xs" leftSection={<IconPlus size={13} />} onClick={add} disabled={name.trim() === ''}>
          Add
        </Button>
        <Text size="xs" c="dimmed" pb={6}>
          Types not named here weigh 1.
        </Text>
      </Group>
    </div>
  );
}

/** Types that the look through the files met. */
function useTypeExamples(): string[] {
  const column = useApp((s) => s.mapping.type);
  const previews = useApp((s) => s.previews);
  const found = previews.flatMap((p) => [
    ...(p.columns.find((c) => c.name === column)?.examples ?? []),
    ...p.rows.map((row) => row[p.header.indexOf(column ?? '')] ?? ''),
  ]);
  return [...new Set(found)].filter((type) => type !== '').sort();
}

const without = (weights: Settings['typeWeights'], type: string): Settings['typeWeights'] =>
  Object.fromEntries(Object.entries(weights).filter(([name]) => name !== type));
