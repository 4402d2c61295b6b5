import { describe, expect, it } from 'vitest';
import {
  type AnalysisResult,
  DEFAULT_SETTINGS,
  type FilePreview,
  type Intake,
  inputError,
  type TimeFormat,
  UNASKED,
} from '../domain/index.ts';
import type { AppState } from './app-state.ts';
import { addedWords } from './append.ts';
import { isBusy, isWaiting } from './job.ts';
import { EMPTY_MAPPING } from './mapping.ts';
import type { AppServices } from './services.ts';
import { file, MAPPING, type ManualRun, preview, RESULT, running, settled, setUp, UNSURVEYED } from './store.fixture.ts';
import { problemsOf } from './store.ts';
import { timeProfile } from './tables.fixture.ts';

describe('files and mapping', () => {
  it('dropped files are previewed and the proposal becomes the mapping', async () => {
    const { actions, get } = setUp();
    await actions.addFiles([file('a.csv'), file('b.csv')]);
    expect(get().job.phase).toBe('ready');
    expect(get().previews.map((p) => p.name)).toEqual(['a.csv', 'b.csv']);
    expect(get().mapping).toEqual(MAPPING);
    expect(problemsOf(get())).toEqual([]);
  });

  it('what was loaded before stays when a later file cannot be read', async () => {
    const bad = inputError('empty', 'bad.csv is empty.', 'Choose another file.');
    const { actions, get } = setUp({
      ingest: {
        ...UNSURVEYED,
        inspect: (f) => (f.name === 'bad.csv' ? Promise.reject(bad) : Promise.resolve([preview(f.name)])),
        propose: () => Promise.resolve({ mapping: MAPPING, reasons: {}, notes: [], ...UNASKED }),
      },
    });
    await actions.addFiles([file('a.csv')]);
    await actions.addFiles([file('c.csv'), file('bad.csv')]);
    expect(get().job).toEqual({ phase: 'failed', during: 'inspecting', error: bad });
    expect(get().previews.map((p) => p.name)).toEqual(['a.csv']);
    actions.dismissNotice();
    expect(get().job.phase).toBe('ready');
  });

  it('a choice of the user stays when a file of the same columns is added', async () => {
    const { actions, get } = setUp();
    await actions.addFiles([file('a.csv')]);
    actions.setMapping({ type: 'what' });
    await actions.addFiles([file('b.csv')]);
    expect(get().mapping.type).toBe('what');
  });

  it('what was only proposed follows the files: a day-first file in the place of a month-first one', async () => {
    const times: TimeFormat[] = ['mdy', 'dmy'];
    const { actions, get } = setUp({
      ingest: {
        ...UNSURVEYED,
        inspect: (f) => Promise.resolve([preview(f.name)]),
        propose: () =>
          Promise.resolve({ mapping: { ...MAPPING, timeFormat: times.shift() ?? 'iso' }, reasons: {}, notes: [], ...UNASKED }),
      },
    });
    await actions.addFiles([file('a.csv')]);
    actions.setMapping({ type: 'what' });
    await actions.addFiles([file('a.csv')]);
    expect(get().mapping).toMatchObject({ timeFormat: 'dmy', type: 'what' });
    await actions.removeFile('a.csv');
    expect(get()).toMatchObject({ mapping: EMPTY_MAPPING, choices: {}, proposal: null });
  });

  it('a file of the same name takes the place of the former one, and removing the last goes back to the start', async () => {
    const { actions, get } = setUp();
    await actions.addFiles([file('a.csv')]);
    await actions.addFiles([file('a.csv')]);
    expect(get().files).toHaveLength(1);
    await actions.removeFile('a.csv');
    expect(get().files).toHaveLength(0);
    expect(get().job.phase).toBe('idle');
  });

  it('without user, time or text nothing runs and the reason is told', async () => {
    const { actions, get, runs } = setUp();
    await actions.addFiles([file('a.csv')]);
    actions.setMapping({ user: null, text: [] });
    await actions.analyse();
    expect(runs).toHaveLength(0);
    expect(problemsOf(get())).toEqual(['Choose the column for who (user) and what (text).']);
    actions.setMapping(MAPPING);
    actions.setSettings({ windows: 'fortnight' });
    expect(problemsOf(get())[0]).toContain('Settings: Write P7D');
  });

  it('cancel forgets files that are still being looked at', async () => {
    let finish: (p: FilePreview[]) => void = () => {};
    const { actions, get } = setUp({
      ingest: {
        ...UNSURVEYED,
        inspect: () => new Promise((resolve) => (finish = resolve)),
        propose: () => Promise.resolve({ mapping: MAPPING, reasons: {}, notes: [], ...UNASKED }),
      },
    });
    void actions.addFiles([file('a.csv')]);
    expect(get().job.phase).toBe('inspecting');
    actions.cancel();
    finish([preview('a.csv')]);
    await settled();
    expect(get().job.phase).toBe('idle');
    expect(get().files).toHaveLength(0);
  });

  it('P7 cancel ends the work on files: the service is told, no further file is looked at, the call returns', async () => {
    const asked: string[] = [];
    let ended = 0;
    const { actions, get } = setUp({
      ingest: {
        ...UNSURVEYED,
        inspect: (f) => {
          asked.push(f.name);
          return f.name === 'open.csv' ? new Promise(() => {}) : settled().then(() => [preview(f.name)]);
        },
        propose: () => Promise.resolve({ mapping: MAPPING, reasons: {}, notes: [], ...UNASKED }),
        cancel: () => void ended++,
      },
    });
    for (const first of ['slow.csv', 'open.csv']) {
      const adding = actions.addFiles([file(first), file('next.csv')]);
      actions.cancel();
      await adding;
    }
    await settled();
    expect(asked).toEqual(['slow.csv', 'open.csv']);
    expect(ended).toBe(2);
    expect(get()).toMatchObject({ files: [], job: { phase: 'idle' } });
  });

  it('files that come while the result is shown lead to the setup, and the result stays', async () => {
    const { run, get, actions } = await running();
    run.resolve(RESULT);
    await settled();
    const adding = actions.addFiles([file('b.csv')]);
    expect(get()).toMatchObject({ page: 'setup', job: { phase: 'inspecting' } });
    await adding;
    expect(get().files.map((f) => f.name)).toEqual(['a.csv', 'b.csv']);
    expect(get().result).toBe(RESULT);
  });
});

describe('how files are read', () => {
  const looks = (refuse = false) => {
    const asked: { name: string; forms: Intake['forms'] }[] = [];
    const app = setUp({
      ingest: {
        ...UNSURVEYED,
        inspect: async (f, forms) => {
          asked.push({ name: f.name, forms });
          if (refuse && Object.keys(forms).length > 0) throw inputError('encoding', 'a.zip/one is not Big5.', 'Choose another.');
          if (f.name !== 'a.zip') return [preview(f.name)];
          return ['a.zip/one', 'a.zip/two'].map((name) => ({ ...preview(name), file: 'a.zip' }));
        },
        propose: () => Promise.resolve({ mapping: MAPPING, reasons: {}, notes: [], ...UNASKED }),
      },
    });
    return { ...app, asked };
  };

  it('another form is seen at once: that file alone is looked at again, its tables stay in their places', async () => {
    const { actions, get, asked } = looks();
    await actions.addFiles([file('first.csv'), file('a.zip'), file('last.csv')]);
    actions.setMapping({ type: 'what' });
    asked.length = 0;
    await actions.setForm('a.zip/two', { encoding: 'big5' });
    expect(asked).toEqual([{ name: 'a.zip', forms: { 'a.zip/two': { encoding: 'big5' } } }]);
    expect(get().previews.map((p) => p.name)).toEqual(['first.csv', 'a.zip/one', 'a.zip/two', 'last.csv']);
    expect(get()).toMatchObject({ job: { phase: 'ready' }, mapping: { type: 'what' } });
    await actions.setForm('a.zip/two', null);
    expect(get().intake.forms).toEqual({});
  });

  it('a form in which the file cannot be read changes nothing', async () => {
    const { actions, get } = looks(true);
    await actions.addFiles([file('a.zip')]);
    const { previews, intake } = get();
    await actions.setForm('a.zip/one', { encoding: 'big5' });
    expect(get()).toMatchObject({ job: { phase: 'failed', error: { code: 'encoding' } } });
    expect(get().previews).toBe(previews);
    expect(get().intake).toBe(intake);
  });

  it('a file goes with all its tables, and what was said of them', async () => {
    const { actions, get } = looks();
    await actions.addFiles([file('a.zip'), file('b.csv')]);
    await actions.setTableRole('a.zip/one', 'left-out');
    await actions.setTableRole('a.zip/two', 'catalogue');
    expect(get().intake).toMatchObject({ leftOut: ['a.zip/one'], join: { table: 'a.zip/two' } });
    await actions.removeFile('a.zip');
    expect(get().previews.map((p) => p.name)).toEqual(['b.csv']);
    expect(get()).toMatchObject({ intake: { leftOut: [], join: null }, intakeNote: expect.stringContaining('a.zip/two') });
  });

  it('a zone for the times is the zone of the windows, too; what is set is run with', async () => {
    const { actions, get, runs } = looks();
    await actions.addFiles([file('b.csv')]);
    actions.setIntake({ zone: 'Europe/Berlin' });
    actions.setCleaning({ minUserEvents: 5 });
    expect(get().settings.timeZone).toBe('Europe/Berlin');
    void actions.analyse();
    expect(runs[0]?.input.intake).toMatchObject({ zone: 'Europe/Berlin', cleaning: { minUserEvents: 5, duplicates: true } });
  });

  it('nothing is analysed while a question is open', async () => {
    const column = timeProfile('when', { timeAmbiguous: true });
    const { actions, get, runs } = setUp({
      ingest: {
        ...UNSURVEYED,
        inspect: async (f) => [{ ...preview(f.name), columns: [column] }],
        propose: () => Promise.resolve({ mapping: { ...MAPPING, timeFormat: 'mdy' }, reasons: {}, notes: [], ...UNASKED }),
      },
    });
    await actions.addFiles([file('a.csv')]);
    expect(problemsOf(get())).toEqual(['Say which part of the dates is the day.']);
    await actions.analyse();
    expect(runs).toHaveLength(0);
    actions.setMapping({ timeFormat: 'dmy' });
    void actions.analyse();
    expect(runs[0]?.input.mapping.timeFormat).toBe('dmy');
  });
});

describe('data that are added to a result', () => {
  const APPENDED: AnalysisResult = {
    ...RESULT,
    users: ['a', 'b'],
    appended: { from: 2, embedded: 1, whole: null, former: [RESULT.tracks] },
  };

  async function finished(overrides: Partial<AppServices> = {}) {
    const app = setUp(overrides);
    await app.actions.addFiles([file('a.csv')]);
    void app.actions.analyse();
    app.runs[0]?.resolve(RESULT);
    await settled();
    return app;
  }

  it('run with the mapping and settings of the result, which stays in view until there is a new one', async () => {
    const { get, actions, runs } = await finished();
    actions.selectTrack(1);
    actions.setWindow(2);
    actions.setSettings({ seed: 9 });
    actions.setMapping({ user: null });
    const adding = actions.appendFiles([file('b.csv')]);
    expect(get()).toMatchObject({ page: 'workspace', job: { phase: 'inspecting' } });
    await settled();
    const { input, part, resolve } = runs[1] as ManualRun;
    expect(input).toMatchObject({ append: true, mapping: MAPPING, settings: DEFAULT_SETTINGS, recordedDevice: 'cpu' });
    const { id, dtype, device, sha256 } = RESULT.model;
    expect(input.recordedModel).toEqual({ id, dtype, device, sha256 });
    expect(input.files.map((f) => f.name)).toEqual(['a.csv', 'b.csv']);
    expect(isWaiting(get().job)).toBe(false);
    expect(isBusy(get().job)).toBe(true);
    expect(get().result).toBe(RESULT);
    expect(get().files).toHaveLength(1);
    part({ kind: 'result', result: APPENDED });
    expect(get()).toMatchObject({ result: APPENDED, added: true, view: { track: 1, window: 2 }, page: 'workspace' });
    expect(get().files.map((f) => f.name)).toEqual(['a.csv', 'b.csv']);
    expect(get().previews).toHaveLength(2);
    resolve(APPENDED);
    await adding;
    expect(get().job.phase).toBe('done');
    actions.dismissAdded();
    expect(get().added).toBe(false);
  });

  it('files without the columns are refused in words, and nothing is lost', async () => {
    const inspect = (f: File) =>
      Promise.resolve([f.name === 'b.csv' ? preview('b.csv', 'sha', ['who', 'when']) : preview(f.name)]);
    const { get, actions, runs } = await finished({
      ingest: { ...UNSURVEYED, inspect, propose: async () => ({ mapping: MAPPING, reasons: {}, notes: [], ...UNASKED }) },
    });
    await actions.appendFiles([file('b.csv')]);
    expect(get().job).toMatchObject({
      phase: 'failed',
      error: { kind: 'input', message: expect.stringContaining('b.csv has no column “what”') },
    });
    expect(get()).toMatchObject({ page: 'workspace', result: RESULT });
    expect(get().files.map((f) => f.name)).toEqual(['a.csv']);
    expect(runs).toHaveLength(1);
  });

  it.each<[string, (run: ManualRun, actions: AppState['actions']) => void]>([
    ['a cancel', (_, actions) => actions.cancel()],
    ['a failure', (run) => run.reject(new Error('broken'))],
  ])('%s leaves the result and its files', async (_, stop) => {
    const { get, actions, runs } = await finished();
    const adding = actions.appendFiles([file('b.csv')]);
    await settled();
    stop(runs[1] as ManualRun, actions);
    (runs[1] as ManualRun).resolve(APPENDED);
    await adding;
    expect(['cancelled', 'failed']).toContain(get().job.phase);
    expect(get()).toMatchObject({ page: 'workspace', result: RESULT, added: false });
    expect(get().files.map((f) => f.name)).toEqual(['a.csv']);
  });

  it('without a result, or once its files are forgotten, files are looked at as any others', async () => {
    const { get, actions, runs } = setUp();
    await actions.appendFiles([file('a.csv')]);
    expect(get()).toMatchObject({ page: 'setup', job: { phase: 'ready' } });
    expect(runs).toHaveLength(0);
    const later = await finished();
    later.actions.startOver();
    await later.actions.appendFiles([file('b.csv')]);
    expect(later.get()).toMatchObject({ page: 'setup', job: { phase: 'ready' }, result: RESULT });
    expect(later.get().files.map((f) => f.name)).toEqual(['b.csv']);
  });

  it('what came of them is told in words', () => {
    const words = (appended: AnalysisResult['appended']) => addedWords({ ...RESULT, appended }, (w) => `w${w}`);
    const some = { embedded: 1, whole: null, former: [] };
    expect(words(null)).toBeNull();
    expect(words({ ...some, from: 1 })).toBe('Computed again: w1 to w2 (2 of 3 windows). The windows before are as they were.');
    expect(words({ ...some, from: 2 })).toMatch(/^Computed again: w2 \(1 of 3/);
    expect(words({ ...some, from: 3 })).toMatch(/nothing new/);
    expect(words({ ...some, from: 0, whole: 'The run before is gone.' })).toBe(
      'The run before is gone. So all 3 windows were computed again.',
    );
  });
});
