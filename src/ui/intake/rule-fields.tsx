import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Intake.module.css';

/** A rule, and what it touches: told boldly where the rule is on. */
export const Row = ({ on, told, children }: { on: boolean; told: string | null; children: ReactNode }) => (
  <>
    <div className={classes.rule}>{children}</div>
    <span className={classes.count} data-on={on || undefined}>
      {told ?? '–'}
    </span>
  </>
);

interface ChoiceProps<K extends string> {
  readonly label: string;
  readonly data: Readonly<Record<K, string>>;
  readonly value: K;
  readonly onChange: (value: K) => void;
}

export const Choice = <K extends string>({ label, data, value, onChange }: ChoiceProps<K>) => (
  <Select
    aria-label={label}
    w={200}
    data={Object.entries<string>(data).map(([key, name]) => ({ value: key, label: name }))}
    value={value}
    allowDeselect={false}
    onChange={(key) => key !== null && onChange(key as K)}
  />
);
