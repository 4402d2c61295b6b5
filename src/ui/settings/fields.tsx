import { NumberInput } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './SettingsPanel.module.css';

interface NumberSettingProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max?: number;
  readonly step?: number;
  readonly decimals?: number;
  readonly description?: string;
  readonly error?: string | undefined;
}

/** A number with bounds. What is being typed is taken only while it lies inside them; leaving the field clamps it. */
export const NumberSetting = (p: NumberSettingProps) => (
  <NumberInput
    label={p.label}
    description={p.description}
    value={p.value}
    min={p.min}
    max={p.max ?? 4294967295}
    step={p.step ?? 1}
    allowDecimal={p.decimals !== undefined}
    decimalScale={p.decimals ?? 0}
    allowNegative={false}
    thousandSeparator=","
    clampBehavior="blur"
    error={p.error}
    onChange={(value) => {
      if (typeof value === 'number' && value >= p.min && value <= (p.max ?? 4294967295)) p.onChange(value);
    }}
  />
);

export const FieldGrid = ({ title, children }: { title?: string; children: ReactNode }) => (
  <div className={classes.group}>
    {title && <h3 className={classes.title}>{title}</h3>}
    <div className={classes.grid}>{children}</div>
  </div>
);
