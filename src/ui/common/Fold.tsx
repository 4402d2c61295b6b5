import { Collapse, Loader, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import classes from './Fold.module.css';

interface FoldProps {
  readonly title: string;
  /** What stands in it, in a line. */
  readonly summary?: string;
  /** Asks for a look. */
  readonly caution?: boolean;
  readonly busy?: boolean;
  readonly children: ReactNode;
}

/** A part of a card that is folded away until it is asked for. */
export function Fold({ title, summary = '', caution = false, busy = false, children }: FoldProps) {
  const [open, setOpen] = useState(false);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <section className={classes.fold} aria-label={title}>
      <UnstyledButton className={classes.head} onClick={() => setOpen(!open)} aria-expanded={open}>
        <Chevron size={15} />
        <span className={classes.title}>{title}</span>
        <span className={classes.summary} data-caution={caution || undefined}>
          {summary}
        </span>
        {busy && <Loader size={12} aria-label="Counting" />}
      </UnstyledButton>
      <Collapse expanded={open}>
        <div className={classes.body}>{children}</div>
      </Collapse>
    </section>
  );
}
