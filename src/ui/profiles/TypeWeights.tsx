import { Button, Group, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Settings } from '../../domain/index.ts';
import { knownTypes } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { NumberField } from '../common/NumberField.tsx';
import classes from './Profiles.module.css';

/** More are shown once they are named. */
const SHOWN = 12;
const MOST = 1000;

/** How much an event of a type counts; a type without a weight counts 1. */
export function TypeWeights({ weights }: { weights: Settings['typeWeights'] }) {
  const { setSettings } = useActions();
  const typed = useApp((s) => s.mapping.type !== null);
  const known = useApp(useShallow(knownTypes));
  const [name, setName] = useState('');
  const set = (type: string, weight: number): void => {
    const others = without(weights, type);
    // One is what a type weighs that is not named; a type that the files do not show is kept to be seen.
    setSettings({ typeWeights: weight === 1 && known.includes(type) ? others : { ...others, [type]: weight } });
  };
  const shown = [...new Set([...known.slice(0, SHOWN), ...Object.keys(weights)])];
  if (!typed && shown.length === 0) {
    return (
      <p className={classes.words}>Every event weighs the same: choose a column for the type of event to weigh kinds of them.</p>
    );
  }
  return (
    <div>
      <div className={classes.types}>
        {shown.map((type) => (
          <NumberField
            key={type}
            label={type}
            aria-label={`Weight of ${type}`}
            value={weights[type] ?? 1}
            min={0}
            max={MOST}
            step={0.5}
            decimalScale={2}
            onChange={(weight) => set(type, weight)}
          />
        ))}
      </div>
      <Group gap={8} mt={8} wrap="nowrap">
        <TextInput
          aria-label="Another type of event"
          placeholder="Another type"
          value={name}
          flex={1}
          miw={0}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={13} />}
          disabled={name.trim() === ''}
          onClick={() => {
            set(name.trim(), 1);
            setName('');
          }}
        >
          Add
        </Button>
      </Group>
    </div>
  );
}

const without = (weights: Settings['typeWeights'], type: string): Settings['typeWeights'] =>
  Object.fromEntries(Object.entries(weights).filter(([name]) => name !== type));
