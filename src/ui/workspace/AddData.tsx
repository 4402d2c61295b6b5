import { ActionIcon, Button, FileButton, Progress, Tooltip } from '@mantine/core';
import { IconFilePlus, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { addedWords, isBusy, runShare } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Note } from '../common/Note.tsx';
import { useWindowNames } from '../common/use-colours.ts';
import classes from './TopBar.module.css';

/** Chooses further files of the same columns; dropping them on the page does the same. */
export function AddData() {
  const busy = useApp((s) => isBusy(s.job));
  const { appendFiles } = useActions();
  // A file chosen twice in a row is chosen again: without a reset the browser would not say so.
  const reset = useRef<() => void>(null);
  const add = (files: File[]): void => {
    reset.current?.();
    if (files.length > 0) void appendFiles(files);
  };
  return (
    <FileButton multiple resetRef={reset} onChange={add}>
      {(props) => (
        <Tooltip
          label="Add files with the same columns: only the windows that they touch and those after are computed again"
          multiline
          w={260}
        >
          <Button
            {...props}
            aria-label="Add data"
            classNames={{ section: classes.icon }}
            variant="default"
            size="xs"
            disabled={busy}
            leftSection={<IconFilePlus size={14} stroke={1.6} />}
          >
            <span className={classes.roomy}>Add data</span>
          </Button>
        </Tooltip>
      )}
    </FileButton>
  );
}

/** While data are added to the shown result: how far that is, and the way to stop it. */
export function AddProgress() {
  const job = useApp((s) => s.job);
  const { cancel } = useActions();
  const looking = job.phase === 'inspecting';
  if (!looking && !(job.phase === 'running' && job.append && !job.shown)) return null;
  const percent = looking ? (100 * job.done) / Math.max(1, job.total) : 100 * runShare(job.stages);
  return (
    <div className={classes.trust} role="status">
      <span>{looking ? 'Looking at the files' : 'Adding data'}</span>
      <Progress value={percent} size={5} w={64} aria-label="Adding data" />
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Stop adding data" onClick={cancel}>
        <IconX size={14} stroke={1.6} />
      </ActionIcon>
    </div>
  );
}

/** What came of the data that were added last. */
export function AddedNote({ result }: { result: AnalysisResult }) {
  const added = useApp((s) => s.added);
  const { dismissAdded } = useActions();
  const words = addedWords(result, useWindowNames(result));
  return added && words !== null ? <Note onClose={dismissAdded}>{words}</Note> : null;
}
