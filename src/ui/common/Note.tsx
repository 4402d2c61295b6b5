import { CloseButton } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Note.module.css';

interface NoteProps {
  readonly children: ReactNode;
  readonly title?: string;
  /** 'caution' asks for a look, 'plain' only tells. */
  readonly tone?: 'plain' | 'caution';
  readonly icon?: typeof IconInfoCircle;
  readonly onClose?: () => void;
}

/** A quiet remark; announced politely, unlike an error. */
export function Note({ children, title, tone = 'plain', icon: Icon = IconInfoCircle, onClose }: NoteProps) {
  return (
    <div role="status" className={classes.note} data-tone={tone}>
      <Icon size={16} stroke={1.6} className={classes.icon} />
      <div className={classes.words}>
        {title && <div className={classes.title}>{title}</div>}
        {children}
      </div>
      {onClose && <CloseButton size="sm" aria-label="Dismiss" onClick={onClose} />}
    </div>
  );
}
