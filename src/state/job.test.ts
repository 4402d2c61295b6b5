import { describe, expect, it } from 'vitest';
import { inputError, STAGES } from '../domain/index.ts';
import { runLeft, runShare, stageLeft } from './estimate.ts';
import { canPause, IDLE, isPaused, type JobEvent, type JobState, nextJob } from './job.ts';

const from = (start: JobState, ...events: JobEvent[]): JobState => events.reduce(nextJob, start);
const READY: JobState = { phase: 'ready' };
const error = inputError('x', 'x', 'x');

const progress = (id: number, stage: (typeof STAGES)[number], done: number, now: number): JobEvent => ({
  type: 'progress',
  id,
  progress: { stage, done, total: 10 },
  now,
});

function stagesOf(job: JobState) {
  if (job.phase !== 'running') throw new Error(`expected a running job, found ${job.phase}`);
  return job.stages;
}

describe('job state machine', () => {
  it('goes idle, inspecting, ready, running, done', () => {
    const inspecting = from(IDLE, { type: 'inspect', id: 1, total: 5 });
    expect(inspecting.phase).toBe('inspecting');
    expect(from(inspecting, { type: 'inspected', id: 1 }).phase).toBe('ready');
    const running = from(READY, { type: 'run', id: 2, now: 0 });
    expect(running.phase).toBe('running');
    expect(from(running, { type: 'finish', id: 2 }).phase).toBe('done');
  });

  it.each<[string, JobState]>([
    ['ready', READY],
    ['cancelled', { phase: 'cancelled' }],
    ['failed', { phase: 'failed', during: 'running', error }],
    ['done', { phase: 'done' }],
  ])('a run may start from %s', (_, state) => {
    expect(from(state, { type: 'run', id: 3, now: 0 }).phase).toBe('running');
  });

  it('with nothing loaded no run starts, and a busy job starts no other', () => {
    expect(from(IDLE, { type: 'run', id: 1, now: 0 })).toBe(IDLE);
    const running = from(READY, { type: 'run', id: 1, now: 0 });
    expect(from(running, { type: 'run', id: 2, now: 0 })).toBe(running);
    expect(from(running, { type: 'inspect', id: 2, total: 1 })).toBe(running);
  });

  it('events of another id are late and change nothing', () => {
    const running = from(READY, { type: 'run', id: 2, now: 0 });
    const late: JobEvent[] = [progress(1, 'read', 1, 1), { type: 'finish', id: 1 }, { type: 'fail', id: 1, error }];
    for (const event of late) expect(from(running, event)).toBe(running);
    expect(from({ phase: 'cancelled' }, { type: 'finish', id: 2 }).phase).toBe('cancelled');
  });

  it('the newest frame of the map is kept while its run goes on; those of other runs are late', () => {
    const frame = (epoch: number) => ({ positions: new Float32Array(2), epoch, epochs: 9 });
    const running = from(READY, { type: 'run', id: 2, now: 0 });
    expect(running).toMatchObject({ frame: null });
    const shown = from(running, { type: 'layout', id: 2, frame: frame(1) }, { type: 'layout', id: 2, frame: frame(5) });
    expect(shown).toMatchObject({ phase: 'running', frame: { epoch: 5 } });
    expect(from(shown, { type: 'layout', id: 1, frame: frame(7) })).toBe(shown);
    expect(from(shown, progress(2, 'map', 1, 1))).toMatchObject({ frame: { epoch: 5 } });
    expect(from(shown, { type: 'finish', id: 2 })).toEqual({ phase: 'done' });
    expect(from(shown, { type: 'finish', id: 2 }, { type: 'run', id: 3, now: 9 })).toMatchObject({ frame: null });
  });

  it('a stage that reports finishes those before it', () => {
    const job = from(READY, { type: 'run', id: 1, now: 0 }, progress(1, 'read', 4, 1), progress(1, 'embed', 1, 2));
    expect(stagesOf(job).map((s) => s.finished)).toEqual(STAGES.map((stage) => ['read', 'profiles'].includes(stage)));
  });
});

describe('estimates', () => {
  it('a stage at a fifth after two seconds has eight left, and the clock counts it down', () => {
    const job = from(READY, { type: 'run', id: 1, now: 0 }, progress(1, 'read', 0, 0), progress(1, 'read', 2, 2000));
    const read = stagesOf(job)[0];
    expect(read && stageLeft(read, 2000)).toBe(8000);
    expect(read && stageLeft(read, 5000)).toBe(5000);
  });

  it('the time in which a model is loaded, and what was known before, say nothing of the pace', () => {
    const run = from(READY, { type: 'run', id: 1, now: 0 }, progress(1, 'read', 0, 0), progress(1, 'read', 10, 2000));
    const left = (job: JobState, now: number) => runLeft(stagesOf(job), 0, now);
    const loading = from(run, progress(1, 'embed', 0, 2000));
    expect(left(loading, 9000)).toBe(left(loading, 2000));
    const moving = from(loading, progress(1, 'embed', 0, 9000), progress(1, 'embed', 2, 10_000));
    const embed = stagesOf(moving).find(({ stage }) => stage === 'embed');
    expect(embed && stageLeft(embed, 10_000)).toBe(4000);
    const half = from(run, progress(1, 'embed', 5, 9000), progress(1, 'embed', 6, 10_000));
    const known = stagesOf(half).find(({ stage }) => stage === 'embed');
    expect(known && stageLeft(known, 10_000)).toBeCloseTo(4000, 6);
  });

  it('nothing is claimed before anything is known, and nothing is left at the end', () => {
    const start = from(READY, { type: 'run', id: 1, now: 0 });
    expect(runLeft(stagesOf(start), 0, 0)).toBeNull();
    const end = STAGES.reduce((job, stage, i) => nextJob(job, progress(1, stage, 10, 1000 * i)), start);
    expect(runShare(stagesOf(end))).toBe(1);
    expect(runLeft(stagesOf(end), 0, 7000)).toBe(0);
  });
});

describe('pausing', () => {
  const at = (done: number, now: number): JobEvent => progress(1, 'embed', done, now);
  const pause = (paused: boolean, now: number): JobEvent => ({ type: 'pause', paused, now });
  const embedding = from(READY, { type: 'run', id: 1, now: 0 }, progress(1, 'read', 10, 1000), at(0, 1000), at(2, 3000));

  it('is possible while texts are embedded, and at no other time', () => {
    expect(canPause(embedding)).toBe(true);
    const before = from(READY, { type: 'run', id: 1, now: 0 }, progress(1, 'read', 5, 10));
    const after = from(embedding, at(10, 4000));
    for (const job of [IDLE, READY, before, after]) {
      expect(canPause(job)).toBe(false);
      expect(from(job, pause(true, 5000))).toBe(job);
    }
  });

  it('stops the clock of the estimates, however long it lasts and how often it comes', () => {
    const straight = from(embedding, at(4, 5000), at(6, 7000));
    const halted = from(
      embedding,
      ...[pause(true, 3000), { type: 'tick', now: 60_000 } as const, pause(true, 70_000), pause(false, 103_000)],
      ...[at(4, 105_000), pause(true, 105_000), pause(false, 205_000), at(6, 207_000)],
    );
    expect(stagesOf(halted)).toEqual(stagesOf(straight));
    const left = (job: JobState) => (job.phase === 'running' ? runLeft(job.stages, job.startedAt, job.now) : null);
    expect(left(halted)).toBe(left(straight));
    expect(left(from(embedding, pause(true, 3000), { type: 'tick', now: 90_000 }))).toBe(left(embedding));
  });

  it('is over with the stage: its last batch may have been under way', () => {
    const paused = from(embedding, pause(true, 3000));
    expect(isPaused(paused)).toBe(true);
    expect(isPaused(from(paused, at(5, 3100)))).toBe(true);
    expect(isPaused(from(paused, at(10, 3100)))).toBe(false);
    expect(isPaused(from(paused, progress(1, 'reduce', 0, 3100)))).toBe(false);
  });

  it('does not keep a cancel from acting', () => {
    expect(from(embedding, pause(true, 3000), { type: 'cancel' }).phase).toBe('cancelled');
  });
});
