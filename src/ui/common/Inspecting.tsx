import { Anchor, Group, Loader, Progress, Text } from '@mantine/core';
import { useActions, useApp } from '../app/store-context.tsx';
import { bytes } from './format.ts';
import classes from './Inspecting.module.css';

/** How far the look at the files is, and Cancel; nothing while no file is looked at. */
export function Inspecting() {
  const job = useApp((s) => s.job);
  const { cancel } = useActions();
  if (job.phase !== 'inspecting') return null;
  const known = job.total > 0;
  return (
    <section className={classes.card} aria-label="Looking at the files">
      <Group gap={10} justify="space-between">
        <Group gap={10}>
          <Loader size={16} />
          <Text size="sm">Looking at the files{known ? ` · ${bytes(job.done)} of ${bytes(job.total)}` : ''}</Text>
        </Group>
        <Anchor component="button" type="button" size="sm" onClick={cancel}>
          Cancel
        </Anchor>
      </Group>
      <Progress value={known ? (100 * job.done) / job.total : 0} size={4} mt={12} aria-label="Bytes looked at" />
    </section>
  );
}
