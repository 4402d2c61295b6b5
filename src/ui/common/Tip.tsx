import { Paper } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Tip.module.css';

export interface TipState {
  /** Pixels from the top left of the positioned box that holds the tip. */
  readonly x: number;
  readonly y: number;
  readonly content: ReactNode;
}

/** A tooltip at the pointer, kept inside a box of the given size. */
export function Tip({ tip, width, height }: { tip: TipState | null; width: number; height: number }) {
  if (!tip) return null;
  const left = tip.x > width / 2;
  const above = tip.y > height / 2;
  return (
    <Paper
      role="tooltip"
      className={classes.tip}
      style={{
        ...(left ? { right: width - tip.x + 12 } : { left: tip.x + 12 }),
        ...(above ? { bottom: height - tip.y + 8 } : { top: tip.y + 12 }),
      }}
    >
      {tip.content}
    </Paper>
  );
}
