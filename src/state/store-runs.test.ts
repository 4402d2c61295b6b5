import { describe, expect, it } from 'vitest';
import {
  CancelledError,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  type RunManifest,
  type Sensitivity,
  UNMEASURED,
} from '../domain/index.ts';
import type { AppActions } from './app-state.ts';
import { isBusy, isPaused } from './job.ts';
import { file, MAPPING, RESULT, running, settled, setUp } from './store.fixture.ts';
import { problemsOf } from './store.ts';

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

  it('P7 texts that are embedded can be held back: the run is told of each change once, and of the end of what it held', async () => {
    const { run, get, actions } = await running();
    actions.pause(true);
    expect(run.pauses, 'nothing is embedded yet').toEqual([]);
    run.progress({ stage: 'embed', done: 1, total: 4 });
    actions.pause(true);
    actions.pause(true);
    actions.pause(false);
    actions.pause(true);
    expect(run.pauses).toEqual([true, false, true]);
    expect(isPaused(get().job)).toBe(true);
    run.progress({ stage: 'reduce', done: 0, total: 1 });
    expect(run.pauses).toEqual([true, false, true, false]);
    actions.pause(true);
    expect(isPaused(get().job)).toBe(false);
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
    model: { id: 'm', dtype: 'q8', device: 'wasm', sha256: '' },
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
