import { Button, Group, Text } from '@mantine/core';
import type { UnfinishedRun } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { moment } from '../common/format.ts';
import classes from './StartPage.module.css';

/** A run that ended with its page: how far it was, and the ways to go on or to let it be. */
export function Interrupted({ disabled }: { disabled: boolean }) {
  const run = useApp((s) => s.unfinished);
  const { resumeSample, forgetUnfinished } = useActions();
  if (run === null) return null;
  return (
    <section className={classes.recipe} aria-label="Interrupted run">
      <Text size="sm" fw={500}>
        {whatOf(run)} was interrupted
      </Text>
      <Text size="sm" c="dimmed">
        {moment(run.at)}, with {shareWords(run.embedded)} of its texts embedded. Those are kept, and so are mapping and settings
        {run.sample ? '.' : `: to go on, drop ${filesOf(run)} again.`}
      </Text>
      <Group gap="xs" mt={10}>
        {run.sample && (
          <Button size="xs" disabled={disabled} onClick={() => void resumeSample()}>
            Go on
          </Button>
        )}
        <Button size="xs" variant="default" disabled={disabled} onClick={forgetUnfinished}>
          Forget it
        </Button>
      </Group>
    </section>
  );
}

const filesOf = ({ recipe }: UnfinishedRun): string => recipe.files.map(({ name }) => name).join(', ');

const whatOf = (run: UnfinishedRun): string => (run.sample ? 'The analysis of the sample' : `The analysis of ${filesOf(run)}`);

/** Rounded down: what is told as all is all. */
const shareWords = (share: number): string => (share >= 1 ? 'all' : `${Math.floor(100 * share)} %`);
