import { describe, expect, it } from 'vitest';
import {
  type AnalysisResult,
  CancelledError,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  type FilePreview,
  type Intake,
  inputError,
  type LayoutFrame,
  type MappingProposal,
  NO_LEVELS,
  NO_MEMBERSHIP,
  type Progress,
  type ResultPart,
  type RunManifest,
  type Sensitivity,
  type Survey,
  type TableForm,
  type TimeFormat,
  UNASKED,
  UNMEASURED,
  UNTRIED,
} from '../domain/index.ts';
import type { AppActions, AppState } from './app-state.ts';
import { addedWords } from './append.ts';
import { isBusy, isWaiting } from './job.ts';
import { EMPTY_MAPPING } from './mapping.ts';
import type { AnalysisInput, AppServices } from './services.ts';
import { createAppStore, problemsOf } from './store.ts';
import { timeProfile } from './tables.fixture.ts';

const MAPPING = {
  user: 'who',
  time: 'when',
  text: ['what'],
  type: null,
  item: null,
  value: null,
  label: null,
  timeFormat: 'iso',
  timeOrigin: null,
} as const;

const FORM: TableForm = {
  format: 'text',
  packed: null,
  encoding: 'utf-8',
  dialect: { delimiter: ',', newline: '\n', quote: '"', escape: 'doubled', comment: null, skip: 0, header: true },
  sheet: null,
  sheets: [],
};

const preview = (name: string, sha256 = `sha-${name}`, header = ['who', 'when', 'what']): FilePreview => ({
  name,
  file: name,
  size: 10,
  sha256,
  form: FORM,
  sureness: {},
  header,
  rows: [],
  rowCount: 3,
  columns: [],
});

const RESULT: AnalysisResult = {
  settings: DEFAULT_SETTINGS,
  mapping: MAPPING,
  intake: DEFAULT_INTAKE,
  accounting: { files: [] },
  users: ['a'],
  windows: [0, 1, 2].map((w) => ({
    start: w,
    end: w + 1,
    name: `w${w}`,
    partial: false,
    events: w ? 1 : 0,
    profiles: w ? 1 : 0,
    thin: 0,
  })),
  profiles: {
    count: 0,
    user: new Uint32Array(),
    window: new Uint32Array(),
    thin: new Uint8Array(),
    events: new Uint32Array(),
    segment: new Int32Array(),
    x: new Float32Array(),
    y: new Float32Array(),
  },
  segments: [
    { index: 0, window: 1, number: 0, track: 1, size: 1, thin: 0, terms: [], exemplars: [], entered: 1, left: 0 },
    { index: 1, window: 2, number: 0, track: 1, size: 1, thin: 0, terms: [], exemplars: [], entered: 0, left: 0 },
  ],
  tracks: [{ id: 1, name: 'one', firstWindow: 1, lastWindow: 2, size: 2 }],
  events: [],
  flows: [],
  trust: UNMEASURED,
  movements: [],
  changes: {
    ...{ first: new Int32Array(), last: new Int32Array(), moves: new Uint32Array() },
    ...{ displacement: new Float64Array(), travelled: new Float64Array() },
  },
  levels: NO_LEVELS,
  membership: NO_MEMBERSHIP,
  quality: [],
  kChoices: [],
  density: null,
  sensitivity: UNTRIED,
  agreement: [],
  dims: 2,
  explainedVariance: 1,
  distinctTexts: 1,
  model: { id: 'm', name: 'm', dtype: 'q8', device: 'wasm', dims: 2, languages: [], golden: null, notes: [], ...UNASKED },
  compute: { device: 'cpu', adapter: '', threads: 1, note: '' },
  appended: null,
  warnings: [],
  timings: {},
};

/** A run that the test ends itself. */
class ManualRun {
  cancelled = 0;
  resolve: (result: AnalysisResult) => void = () => {};
  reject: (error: unknown) => void = () => {};
  readonly result = new Promise<AnalysisResult>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
  constructor(
    readonly input: AnalysisInput,
    readonly progress: (p: Progress) => void,
    readonly layout: (frame: LayoutFrame) => void,
    readonly part: (part: ResultPart) => void,
  ) {}
  cancel(): void {
    this.cancelled++;
  }
}

/** Surveys never end, SQL is right. */
const UNSURVEYED = {
  survey: () => new Promise<Survey>(() => {}),
  cancelSurvey: () => {},
  checkSql: () => Promise.resolve(null),
  setAsideCsv: () => Promise.resolve(new Blob(['rows'])),
};

function setUp(overrides: Partial<AppServices> = {}) {
  const runs: ManualRun[] = [];
  const saved: { name: string; blob: Blob }[] = [];
  const exported: AnalysisResult[] = [];
  const proposal: MappingProposal = { mapping: MAPPING, reasons: {}, notes: [], ...UNASKED };
  const services: AppServices = {
    version: '0.1.0',
    ingest: { ...UNSURVEYED, inspect: (file) => Promise.resolve([preview(file.name)]), propose: () => Promise.resolve(proposal) },
    analysis: {
      run(input, progress, layout, part) {
        const run = new ManualRun(input, progress, layout, part);
        runs.push(run);
        return run;
      },
    },
    sample: { load: () => Promise.resolve(new File(['x'], 'sample.csv')) },
    exports: {
      assignmentsCsv: () => new Blob(['a']),
      tracksJson: (result) => {
        exported.push(result);
        return new Blob(['t']);
      },
      accountingJson: () => new Blob(['c']),
      manifest: () => new Blob(['m']),
      parseManifest: (text) => JSON.parse(text) as RunManifest,
    },
    save: (name, blob) => void saved.push({ name, blob }),
    environment: () => Promise.resolve({ webgpu: null, software: false }),
    network: () => ({ requests: 1, outside: 0 }),
    ...overrides,
  };
  const store = createAppStore(services, { now: () => 0 });
  return { store, runs, saved, exported, get: () => store.getState(), actions: store.getState().actions };
}

const file = (name: string): File => new File(['x'], name);
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

async function running() {
  const app = setUp();
  await app.actions.addFiles([file('a.csv')]);
  void app.actions.analyse();
  return { ...app, run: app.runs[0] as ManualRun };
}

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

describe('life of a run', () => {
  it('a finished run shows its result at the first window that has a segment', async () => {
    const { run, get } = await running();
    expect(run.input).toMatchObject({ mapping: MAPPING, settings: DEFAULT_SETTINGS });
    run.resolve(RESULT);
    await settled();
    expect(get().job.phase).toBe('done');
    expect(get().page).toBe('workspace');
    expect(get().view.window).toBe(1);
  });

  it('P7 cancel takes effect at once, tells the service, and what comes late is dropped', async () => {
    const { run, get, actions } = await running();
    actions.cancel();
    expect(get().job.phase).toBe('cancelled');
    expect(run.cancelled).toBe(1);
    run.progress({ stage: 'read', done: 1, total: 2 });
    run.layout({ positions: new Float32Array(2), epoch: 1, epochs: 9 });
    run.resolve(RESULT);
    await settled();
    expect(get().job).toEqual({ phase: 'cancelled' });
    expect(get().result).toBeNull();
    expect(get().files).toHaveLength(1);
  });

  it('the map that forms is part of the running job', async () => {
    const { run, get } = await running();
    const frame = { positions: Float32Array.of(1, 2), epoch: 1, epochs: 9 };
    run.layout(frame);
    expect(get().job).toMatchObject({ phase: 'running', frame });
  });

  describe('the result comes before its trust', () => {
    const trust = { ...UNMEASURED, stability: Float64Array.of(0.5, 0.9) };

    it('it is shown at once and nothing waits; the trust is put in as it grows, and the view stays', async () => {
      const { run, get, actions } = await running();
      run.part({ kind: 'result', result: RESULT });
      expect(get()).toMatchObject({ page: 'workspace', job: { phase: 'running', shown: true } });
      expect(isBusy(get().job)).toBe(false);
      actions.setWindow(2);
      run.part({ kind: 'trust', trust });
      expect(get().result?.trust).toBe(trust);
      run.resolve({ ...RESULT, trust });
      await settled();
      expect(get().job.phase).toBe('done');
      expect(get().view.window).toBe(2);
    });

    it('what other choices show is put in beside it, as it grows', async () => {
      const { run, get } = await running();
      run.part({ kind: 'result', result: RESULT });
      run.part({ kind: 'trust', trust });
      const sensitivity: Sensitivity = { changes: [0], variants: [{ group: 'seed', name: 'seed 1', outcomes: null }] };
      const kChoices = [{ window: 1, k: 2, common: 2, curve: [] }];
      run.part({ kind: 'choices', kChoices });
      run.part({ kind: 'sensitivity', sensitivity });
      expect(get().result).toMatchObject({ trust, kChoices, sensitivity, tracks: RESULT.tracks });
      expect(get().result).not.toHaveProperty('kind');
    });

    it('P7 stopping it keeps the result, and what was measured', async () => {
      const { run, get, actions } = await running();
      run.part({ kind: 'result', result: RESULT });
      run.part({ kind: 'trust', trust });
      actions.cancel();
      expect(run.cancelled).toBe(1);
      run.part({ kind: 'trust', trust: UNMEASURED });
      run.reject(new CancelledError());
      await settled();
      expect(get()).toMatchObject({ page: 'workspace', job: { phase: 'done' }, result: { trust } });
    });

    it.each<[string, (actions: AppActions) => void]>([
      ['another analysis', (actions) => void actions.analyse()],
      ['the settings', (actions) => actions.showSetup()],
      ['a new start', (actions) => actions.startOver()],
      ['other files', (actions) => void actions.addFiles([new File(['a'], 'b.csv')])],
    ])('%s stops it', async (_, begin) => {
      const { run, get, actions } = await running();
      run.part({ kind: 'result', result: RESULT });
      begin(actions);
      expect(run.cancelled).toBe(1);
      run.resolve(RESULT);
      await settled();
      expect(get().result).toEqual(RESULT);
    });

    it('parts of a run that was cancelled before are dropped', async () => {
      const { run, get, actions } = await running();
      actions.cancel();
      run.part({ kind: 'result', result: RESULT });
      expect(get()).toMatchObject({ result: null, job: { phase: 'cancelled' } });
    });
  });

  it('a late end of a cancelled run does not end the next one', async () => {
    const { run, runs, get, actions } = await running();
    actions.cancel();
    void actions.analyse();
    run.reject(new CancelledError());
    await settled();
    expect(get().job.phase).toBe('running');
    runs[1]?.resolve(RESULT);
    await settled();
    expect(get().job.phase).toBe('done');
  });

  it('a failed or cancelled run keeps the files and the former result', async () => {
    const { run, runs, get, actions } = await running();
    run.resolve(RESULT);
    await settled();
    actions.showSetup();
    void actions.analyse();
    runs[1]?.reject(new Error('boom'));
    await settled();
    expect(get().job).toMatchObject({ phase: 'failed', during: 'running', error: { kind: 'bug' } });
    expect(get().result).toBe(RESULT);
    expect(get().files).toHaveLength(1);
    actions.showWorkspace();
    expect(get().page).toBe('workspace');
  });

  it('a result run again takes its own settings with the change alone, and the same window is looked at', async () => {
    const { run, runs, get, actions } = await running();
    run.resolve(RESULT);
    await settled();
    actions.setWindow(2);
    actions.setSettings({ seed: 5 });
    void actions.rerun({ nInit: 9 });
    expect(runs[1]?.input).toMatchObject({ mapping: MAPPING, settings: { ...DEFAULT_SETTINGS, nInit: 9 } });
    expect(get()).toMatchObject({ settings: { ...DEFAULT_SETTINGS, nInit: 9 }, files: [{ name: 'a.csv' }], result: RESULT });
    runs[1]?.part({ kind: 'result', result: RESULT });
    expect(get().view.window).toBe(2);
    runs[1]?.resolve(RESULT);
    await settled();
    expect([get().job.phase, get().view.window]).toEqual(['done', 2]);
  });

  it('a result whose files are gone is not run again; one whose mapping no longer fits them leads to the setup', async () => {
    const { run, runs, get, actions } = await running();
    await actions.rerun({ seed: 2 });
    run.resolve({ ...RESULT, mapping: { ...MAPPING, user: 'gone' } });
    await settled();
    await actions.rerun({ seed: 2 });
    expect([runs.length, get().page, problemsOf(get())]).toEqual([1, 'setup', ['a.csv has no column “gone”.']]);
    actions.startOver();
    await actions.rerun({ seed: 2 });
    expect([runs.length, get().settings.seed]).toEqual([1, 1]);
  });

  it('starting over forgets files, mapping and settings, not the result', async () => {
    const { run, get, actions } = await running();
    run.resolve(RESULT);
    await settled();
    actions.startOver();
    expect(get()).toMatchObject({ page: 'setup', files: [], previews: [], settings: DEFAULT_SETTINGS, job: { phase: 'idle' } });
    expect(get().result).toBe(RESULT);
  });
});

describe('manifest and exports', () => {
  const manifest = {
    manifest: 1,
    app: '0.1.0',
    files: [{ name: 'a.csv', sha256: 'sha-a.csv' }],
    mapping: { ...MAPPING, type: 'what' },
    intake: DEFAULT_INTAKE,
    settings: { ...DEFAULT_SETTINGS, seed: 7, windows: 'week' },
    model: { id: 'm', dtype: 'q8', device: 'wasm' },
    compute: { device: 'cpu', adapter: '' },
  } satisfies RunManifest;

  it('a manifest fills in mapping and settings, before or after the files', async () => {
    for (const first of ['manifest', 'files']) {
      const { actions, get } = setUp();
      if (first === 'files') await actions.addFiles([file('a.csv')]);
      await actions.loadManifest(new File([JSON.stringify(manifest)], 'manifest.json'));
      if (first === 'manifest') await actions.addFiles([file('a.csv')]);
      expect(get().mapping).toEqual(manifest.mapping);
      expect(get().settings).toEqual(manifest.settings);
    }
  });

  it('a manifest whose reading ends after a run began changes nothing of it, and that is told', async () => {
    const { actions, get } = setUp();
    await actions.addFiles([file('a.csv')]);
    const loading = actions.loadManifest(new File([JSON.stringify(manifest)], 'manifest.json'));
    void actions.analyse();
    await loading;
    expect(get()).toMatchObject({ job: { phase: 'running' }, manifest: null, settings: DEFAULT_SETTINGS, mapping: MAPPING });
    expect(get().notice?.message).toContain('manifest.json was not loaded');
  });

  it('a file that is no manifest is told and changes nothing', async () => {
    const { actions, get } = setUp();
    await actions.loadManifest(new File(['{'], 'x.json'));
    expect(get().notice).not.toBeNull();
    expect(get().manifest).toBeNull();
    expect(get().settings).toEqual(DEFAULT_SETTINGS);
  });

  it('each export is saved under its name; none without a result', async () => {
    const { run, actions, saved } = await running();
    actions.export('assignments');
    expect(saved).toHaveLength(0);
    run.resolve(RESULT);
    await settled();
    for (const kind of ['assignments', 'tracks', 'accounting', 'manifest'] as const) actions.export(kind);
    expect(saved.map((s) => s.name)).toEqual(['assignments.csv', 'tracks.json', 'accounting.json', 'manifest.json']);
  });

  it('cuts that the user has moved are in what is exported, and in its recipe', async () => {
    const { run, actions, get, exported } = await running();
    const names = ['a', 'b', 'c', 'd', 'e'];
    const tree = { a: Int32Array.of(0, 2), b: Int32Array.of(1, 3), height: Float64Array.of(1, 2), names, terms: [] };
    run.resolve({ ...RESULT, levels: { tree, cuts: [2] } });
    await settled();
    actions.moveCut(0, 3);
    expect(get().view.cuts).toEqual([3]);
    actions.export('tracks');
    expect(exported.at(-1)).toMatchObject({ levels: { cuts: [3] }, settings: { levels: { cut: 'count', cuts: [3] } } });
    actions.resetCuts();
    actions.export('tracks');
    expect(exported.at(-1)?.levels.cuts).toEqual([2]);
  });

  it('a node and a track are never selected together, and what is selected is shown', async () => {
    const { run, actions, get } = await running();
    run.resolve(RESULT);
    await settled();
    actions.showTab('movement');
    actions.selectTrack(1);
    actions.selectNode(0);
    expect(get().view).toMatchObject({ track: null, node: 0, tab: 'details' });
    actions.selectTrack(1);
    expect(get().view).toMatchObject({ track: 1, node: null });
    actions.showTab('movement');
    actions.selectUser(0);
    expect(get().view).toMatchObject({ track: 1, user: 0, tab: 'details' });
  });
});
