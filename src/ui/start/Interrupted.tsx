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
    <section className={`${classes.recipe} ${classes.interrupted}`} aria-label="Interrupted run">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={500}>
          {whatOf(run)} was interrupted
        </Text>
        <Text size="sm" c="dimmed">
          {moment(run.at)}, {stateOf(run)}.{!run.sample && ` To go on, drop ${filesOf(run)} again.`}
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap">
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
function stateOf({ embedded }: UnfinishedRun): string {
  const percent = Math.floor(100 * embedded);
  if (percent === 0) return 'before texts were embedded; mapping and settings are kept';
  return `with ${embedded >= 1 ? 'all' : `${percent} %`} of its texts embedded; those are kept, as are mapping and settings`;
}
