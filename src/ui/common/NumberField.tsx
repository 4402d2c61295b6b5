import { NumberInput, type NumberInputProps } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { count } from './format.ts';

/** The largest number that settings may hold: seeds have 32 bits. */
const LARGEST = 4_294_967_295;

interface NumberFieldProps extends Omit<NumberInputProps, 'value' | 'defaultValue' | 'onChange' | 'onBlur' | 'clampBehavior'> {
  readonly value: number;
  readonly min: number;
  readonly max?: number;
  readonly error?: ReactNode;
  readonly onChange: (value: number) => void;
}

/**
 * A number with bounds. What is being typed is taken while it lies inside them, and else told to be wrong; leaving the field moves it inside, or, where
 * it is no number, shows the one that counts again.
 */
export function NumberField({ value, min, max = LARGEST, error, onChange, ...others }: NumberFieldProps) {
  const [wrong, setWrong] = useState<string | number | null>(null);
  return (
    <NumberInput
      {...others}
      value={wrong ?? value}
      min={min}
      max={max}
      clampBehavior="none"
      error={wrong === null ? error : boundsWords(min, max)}
      onChange={(typed) => {
        const fits = typeof typed === 'number' && typed >= min && typed <= max;
        setWrong(fits ? null : typed);
        if (fits) onChange(typed);
      }}
      onBlur={() => {
        if (typeof wrong === 'number') onChange(Math.min(max, Math.max(min, wrong)));
        setWrong(null);
      }}
    />
  );
}

const boundsWords = (min: number, max: number): string =>
  max === LARGEST ? `A number from ${count(min)} on` : `A number from ${count(min)} to ${count(max)}`;
