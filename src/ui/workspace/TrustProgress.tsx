import { ActionIcon, Progress, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { shareOf, stageIsOpen } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import classes from './TopBar.module.css';

/** While trust, and then what other choices show, are measured for the result that is shown: how far it is, and the way to stop it. */
export function TrustProgress() {
  const job = useApp((s) => s.job);
  const { cancel } = useActions();
  if (job.phase !== 'running' || !job.shown) return null;
  const trusted = !stageIsOpen(job, 'trust');
  const stage = job.stages.find((s) => s.stage === (trusted ? 'sensitivity' : 'trust'));
  const percent = stage ? 100 * shareOf(stage) : 0;
  const [name, what] = trusted
    ? ['Trying other choices', 'Other k, seeds and window lengths']
    : ['Measuring trust', 'Bootstraps and re-fits of data in which nothing changed'];
  return (
    <Tooltip label={stage?.note || what}>
      <div className={classes.trust} role="status">
        <span>{name}</span>
        <Progress value={percent} size={5} w={64} aria-label={name} />
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={trusted ? 'Stop trying other choices' : 'Stop measuring trust'}
          onClick={cancel}
        >
          <IconX size={14} stroke={1.6} />
        </ActionIcon>
      </div>
    </Tooltip>
  );
}
