import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  CancelledError,
  DEFAULT_CLEANING,
  DEFAULT_SETTINGS,
  type Intake,
  inputError,
  NO_LANGUAGES,
  type SqlProblem,
  type Survey,
  UNASKED,
} from '../domain/index.ts';
import type { AppServices } from './services.ts';
import { NOTHING_UNFINISHED } from './store.fixture.ts';
import { createAppStore, problemsOf } from './store.ts';
import { tableOf } from './tables.fixture.ts';

const MAPPING = {
  ...{ user: 'who', time: 'when', text: ['what'], type: null, item: null, value: null, label: null },
  ...{ timeFormat: 'iso', timeOrigin: null, template: null, numbers: [] },
} as const;

const surveyOf = (read: number): Survey => ({
  accounting: { files: [{ name: 'a.csv', sha256: '', read, kept: read, setAside: [], touched: [], header: [] }] },
  cleaning: {
    ...{ duplicates: 0, repeats: 0, missingText: 0, textFromItem: 0, outliers: 0, missingNumbers: 0, rules: [] },
    ...{ fewEvents: { rows: 0, users: 0 }, bots: { rows: 0, users: 0 } },
    texts: { collapse: 0, lowerCase: 0, nfkc: 0, stripHtml: 0 },
    at: {
      ...{ repeatSeconds: 1, minUserEvents: 3, maxDayEvents: 1000 },
      outliers: { columns: [], method: 'z-score', limit: 3, action: 'mark' },
    },
  },
  quality: [],
  overTime: { from: 0, step: 1, counts: [], first: 0, last: 0 },
  join: null,
  distinctTexts: 0,
  languages: NO_LANGUAGES,
  texts: [],
  examples: [],
});

interface Asked {
  readonly intake: Intake;
  readonly answer: (survey: Survey) => void;
  readonly refuse: (error: unknown) => void;
}

/** A page with one file, whose surveys the test answers itself. */
async function loaded(sqlProblem: SqlProblem | null = null) {
  const asked: Asked[] = [];
  const checked: { columns: readonly string[]; intake: Intake }[] = [];
  const stopped = vi.fn();
  const saved: string[] = [];
  const services = {
    version: '',
    ingest: {
      inspect: async (file) => [tableOf(file.name, ['who', 'when', 'what'])],
      propose: async () => ({ mapping: MAPPING, reasons: {}, notes: [], ...UNASKED }),
      survey: (_files, _mapping, intake) => new Promise<Survey>((answer, refuse) => void asked.push({ intake, answer, refuse })),
      cancelSurvey: stopped,
      checkSql: async (columns, intake) => {
        checked.push({ columns, intake });
        return sqlProblem;
      },
      setAsideCsv: async () => new Blob(['rows']),
    },
    analysis: {
      run: () => ({ result: new Promise(() => {}), cancel: () => {}, pause: () => {} }),
      search: () => new Promise(() => {}),
    },
    unfinished: NOTHING_UNFINISHED,
    save: (name) => void saved.push(name),
    environment: () => Promise.resolve({ webgpu: null, software: false }),
    network: () => ({ requests: 0, outside: 0, allowed: [] }),
  } as Pick<AppServices, 'version' | 'ingest' | 'analysis' | 'unfinished' | 'save' | 'environment' | 'network'> as AppServices;
  const store = createAppStore(services);
  const { actions } = store.getState();
  await actions.addFiles([new File(['x'], 'a.csv')]);
  return { asked, checked, stopped, saved, actions, get: store.getState };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('survey', () => {
  it('is made a moment after the last of several changes, once', async () => {
    const { asked, actions, get } = await loaded();
    expect(get().survey).toMatchObject({ going: true, survey: null });
    await pass(300);
    actions.setCleaning({ minUserEvents: 2 });
    await pass(300);
    actions.setCleaning({ minUserEvents: 3 });
    expect(asked).toHaveLength(0);
    await pass(400);
    expect(asked.map(({ intake }) => intake.cleaning.minUserEvents)).toEqual([3]);
    asked[0]?.answer(surveyOf(7));
    await pass(0);
    expect(get().survey).toEqual({ going: false, share: 0, survey: surveyOf(7), error: null });
  });

  it('that is overtaken is stopped, and what it says too late is dropped', async () => {
    const { asked, actions, get, stopped } = await loaded();
    await pass(400);
    actions.setCleaning({ minUserEvents: 2 });
    expect(stopped).toHaveBeenCalledTimes(1);
    asked[0]?.answer(surveyOf(1));
    await pass(400);
    expect(get().survey).toMatchObject({ going: true, survey: null });
    asked[0]?.refuse(new CancelledError());
    asked[1]?.answer(surveyOf(2));
    await pass(0);
    expect(get().survey.survey).toEqual(surveyOf(2));
  });

  it('stays in view while another is made, and after one that failed, whose error is told beside it', async () => {
    const { asked, actions, get } = await loaded();
    await pass(400);
    asked[0]?.answer(surveyOf(1));
    await pass(0);
    actions.setCleaning({ duplicates: false });
    expect(get().survey).toMatchObject({ going: true, survey: surveyOf(1) });
    await pass(400);
    asked[1]?.refuse(inputError('cut', 'a.csv breaks off.', 'Copy it again.'));
    await pass(0);
    expect(get().survey).toMatchObject({ going: false, survey: surveyOf(1), error: { code: 'cut' } });
    expect(problemsOf(get())).toEqual([]);
  });

  it('is not made twice of the same: a change that is taken back, a key of no meaning for it', async () => {
    const { asked, actions, get } = await loaded();
    await pass(400);
    asked[0]?.answer(surveyOf(1));
    await pass(0);
    actions.setSettings({ seed: 5 });
    actions.setCleaning({ duplicates: false });
    actions.setCleaning({ ...DEFAULT_CLEANING });
    await pass(1000);
    expect(asked).toHaveLength(1);
    expect(get().survey.going).toBe(false);
  });

  it('keeps no analysis waiting: that stops it, and nothing is made of a mapping that lacks something', async () => {
    const { asked, actions, get, stopped } = await loaded();
    await pass(400);
    void actions.analyse();
    expect(get().job.phase).toBe('running');
    expect(stopped).toHaveBeenCalledTimes(1);
    actions.cancel();
    actions.setMapping({ user: null });
    await pass(1000);
    expect(asked).toHaveLength(1);
    expect(get().survey.going).toBe(false);
  });

  it('does not stand for files that can no longer be read as is said, and is made again when they can', async () => {
    const { asked, actions, get } = await loaded();
    await pass(400);
    asked[0]?.answer(surveyOf(1));
    await pass(0);
    actions.setMapping({ user: null });
    expect(get().survey.survey).toBeNull();
    actions.setMapping({ user: MAPPING.user });
    await pass(400);
    asked[1]?.answer(surveyOf(2));
    await pass(0);
    expect(get().survey.survey).toEqual(surveyOf(2));
  });

  it('is not made for a rule that still lacks its value', async () => {
    const { asked, actions } = await loaded();
    await pass(400);
    actions.setCleaning({ rules: [{ column: 'what', test: 'starts-with', value: '' }] });
    await pass(400);
    expect(asked).toHaveLength(1);
    actions.setCleaning({ rules: [{ column: 'what', test: 'starts-with', value: 'C' }] });
    await pass(400);
    expect(asked).toHaveLength(2);
  });

  it('goes with the last file', async () => {
    const { asked, actions, get } = await loaded();
    await pass(400);
    asked[0]?.answer(surveyOf(1));
    await pass(0);
    await actions.removeFile('a.csv');
    expect(get().survey.survey).toBeNull();
  });
});

describe('SQL', () => {
  it('is checked against the columns of a row once the typing rests; a problem keeps the run and the survey from starting', async () => {
    const problem = { field: 'filter', message: 'There is no column “raiting”.', offset: 3 };
    const { asked, checked, actions, get } = await loaded(problem);
    actions.setIntake({ filter: 'rai' });
    await pass(100);
    actions.setIntake({ filter: 'raiting > 3' });
    expect(get().sql.checking).toBe(true);
    await pass(250);
    expect(checked.map(({ columns, intake }) => [columns, intake.filter])).toEqual([[['who', 'when', 'what'], 'raiting > 3']]);
    expect(get().sql).toEqual({ checking: false, problem });
    expect(problemsOf(get())).toEqual(['SQL: There is no column “raiting”.']);
    await pass(1000);
    expect(asked).toHaveLength(0);
    actions.setIntake({ filter: '  ' });
    expect(get().sql).toEqual({ checking: false, problem: null });
    await pass(400);
    expect(asked).toHaveLength(1);
  });
});

describe('rows that were set aside', () => {
  it('are saved under the name of their table and reason', async () => {
    const { actions, saved, get } = await loaded();
    const rows = { of: 'setup', table: 'logs.zip/a.csv', reason: 'no user' } as const;
    const saving = actions.saveSetAside(rows);
    expect(get().saving).toEqual(rows);
    await saving;
    expect(saved).toEqual(['logs.zip-a.csv-no-user.csv']);
    expect(get().saving).toBeNull();
    expect(get().settings).toEqual(DEFAULT_SETTINGS);
  });
});
