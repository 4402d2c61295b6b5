import type { ReactNode } from 'react';
import { NumberField } from '../common/NumberField.tsx';
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

/** A number among the settings; see {@link NumberField}. */
export const NumberSetting = ({ decimals, step = 1, ...p }: NumberSettingProps) => (
  <NumberField {...p} step={step} allowDecimal={decimals !== undefined} decimalScale={decimals ?? 0} thousandSeparator="," />
);

export const FieldGrid = ({ title, children }: { title?: string; children: ReactNode }) => (
  <div className={classes.group}>
    {title && <h3 className={classes.title}>{title}</h3>}
    <div className={classes.grid}>{children}</div>
  </div>
);
