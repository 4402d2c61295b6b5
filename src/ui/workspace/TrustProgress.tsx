import { ActionIcon, Progress, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { shareOf } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import classes from './TopBar.module.css';

/** While the trust of the shown result is being measured: how far it is, and the way to stop it. */
export function TrustProgress() {
  const job = useApp((s) => s.job);
  const { cancel } = useActions();
  if (job.phase !== 'running' || !job.shown) return null;
  const stage = job.stages.find((s) => s.stage === 'trust');
  const percent = stage ? 100 * shareOf(stage) : 0;
  return (
    <Tooltip label={stage?.note || 'Bootstraps and re-fits of data in which nothing changed'}>
      <div className={classes.trust} role="status">
        <span>Measuring trust</span>
        <Progress value={percent} size={5} w={64} aria-label="Measuring trust" />
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Stop measuring trust" onClick={cancel}>
          <IconX size={14} stroke={1.6} />
        </ActionIcon>
      </div>
    </Tooltip>
  );
}
