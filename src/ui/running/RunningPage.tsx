import { Button, Group, Progress, Text, Title } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { IconCheck } from '@tabler/icons-react';
import type { Stage } from '../../domain/index.ts';
import { canPause, isPaused, runLeft, runShare, type StageRecord, shareOf, stageLeft } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Brand } from '../common/Brand.tsx';
import { duration } from '../common/format.ts';
import { PrivacyBadge } from '../common/PrivacyBadge.tsx';
import { SchemeToggle } from '../common/SchemeToggle.tsx';
import { LayoutPreview } from './LayoutPreview.tsx';
import classes from './RunningPage.module.css';

const STAGE_WORDS: Readonly<Record<Stage, readonly [name: string, what: string]>> = {
  read: ['Read', 'rows into events'],
  profiles: ['Profiles', 'events into users by window'],
  embed: ['Embed', 'texts into vectors'],
  reduce: ['Reduce', 'vectors to their main directions'],
  segment: ['Segment', 'users of a window into segments'],
  track: ['Track', 'segments from window to window'],
  drift: ['Drift', 'how far windows are apart, and by what'],
  map: ['Map', 'places on the map'],
  trust: ['Trust', 'what chance alone would show'],
  sensitivity: ['Sensitivity', 'what other choices would show'],
};

const CLOCK_MS = 500;

/** The stages with their progress, the time left, the map as it forms, Cancel, and Pause while texts are embedded. */
export function RunningPage() {
  const job = useApp((s) => s.job);
  const files = useApp((s) => s.files);
  const { cancel, pause, tick } = useActions();
  useInterval(tick, CLOCK_MS, { autoInvoke: true });
  if (job.phase !== 'running') return null;
  const left = runLeft(job.stages, job.startedAt, job.now);
  const paused = isPaused(job);
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <Brand />
        <Group gap={8}>
          <PrivacyBadge />
          <SchemeToggle />
        </Group>
      </header>
      <main className={classes.main}>
        <Group justify="space-between" align="flex-end" wrap="nowrap" mb={16}>
          <div style={{ minWidth: 0 }}>
            <Title order={2}>Analysing</Title>
            <Text size="sm" c="dimmed" truncate>
              {files.map((f) => f.name).join(', ')}
            </Text>
          </div>
          <Group gap={16} wrap="nowrap">
            <Text size="sm" c="dimmed" aria-live="off" className={classes.left}>
              {leftWords(left, paused)}
            </Text>
            {canPause(job) && (
              <Button variant="default" onClick={() => pause(!paused)}>
                {paused ? 'Go on' : 'Pause'}
              </Button>
            )}
            <Button variant="default" onClick={cancel}>
              Cancel
            </Button>
          </Group>
        </Group>
        <Progress value={100 * runShare(job.stages)} size={6} aria-label="Whole run" mb={10} />
        <ol className={classes.stages}>
          {job.stages.map((stage) => (
            <StageRow key={stage.stage} stage={stage} now={job.now} />
          ))}
        </ol>
        <LayoutPreview frame={job.frame} />
      </main>
    </div>
  );
}

function leftWords(left: number | null, paused: boolean): string {
  const words = left === null ? 'Estimating…' : left === 0 ? 'Almost done' : `About ${duration(left)} left`;
  if (!paused) return words;
  return left === null ? 'Paused' : `Paused, ${words.toLowerCase()}`;
}

function StageRow({ stage, now }: { stage: StageRecord; now: number }) {
  const [name, what] = STAGE_WORDS[stage.stage];
  const left = stageLeft(stage, now);
  const waiting = stage.startedAt === null && !stage.finished;
  return (
    <li className={classes.stage} data-waiting={waiting || undefined}>
      <span className={classes.mark}>{stage.finished && <IconCheck size={15} stroke={2} aria-label="done" />}</span>
      <div className={classes.words}>
        <span className={classes.name}>{name}</span> <span className={classes.what}>{what}</span>
      </div>
      <Progress value={100 * shareOf(stage)} size={4} aria-label={name} color={stage.finished ? 'var(--mu-bar)' : 'harbour'} />
      <span className={classes.note}>{stage.note}</span>
      <span className={classes.eta}>{!waiting && !stage.finished && left !== null ? duration(left) : ''}</span>
    </li>
  );
}
