import { Button, Progress } from '@mantine/core';
import type { ModelWork } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { bytes } from '../common/format.ts';
import classes from './Models.module.css';
import { nameOf } from './words.ts';

const VERBS: Readonly<Record<ModelWork['kind'], string>> = {
  adding: 'Checking and keeping',
  downloading: 'Fetching',
  removing: 'Removing',
};

/** A model that comes or goes, with a way to stop it. */
export function ModelWorkNote({ work: { kind, id, done, total } }: { work: ModelWork }) {
  const entries = useApp((s) => s.models.entries);
  const { cancelModel } = useActions();
  const words = `${VERBS[kind]} ${id === '' ? 'the model' : nameOf(id, entries)}…`;
  return (
    <div className={classes.work} role="status">
      <span>
        {words} {total > 0 && `${bytes(done)} of ${bytes(total)}`}
      </span>
      <Progress
        className={classes.progress}
        value={total > 0 ? (100 * done) / total : 100}
        animated={total === 0}
        aria-label={words}
      />
      {kind !== 'removing' && (
        <Button variant="default" size="compact-xs" onClick={cancelModel}>
          Cancel
        </Button>
      )}
    </div>
  );
}
