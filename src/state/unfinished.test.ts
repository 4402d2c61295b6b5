import { describe, expect, it } from 'vitest';
import { DEFAULT_INTAKE, DEFAULT_SETTINGS, MANIFEST_VERSION, type UnfinishedRun } from '../domain/index.ts';
import type { UnfinishedRuns } from './services.ts';
import { file, MAPPING, type ManualRun, preview, RESULT, settled, setUp } from './store.fixture.ts';
import { checkResumable } from './unfinished.ts';

/** An interrupted run of these files, whose settings and mapping are none that would be proposed. */
const interrupted = (names: readonly string[], sample = false): UnfinishedRun => ({
  id: 'former',
  at: 0,
  embedded: 0.4,
  sample,
  recipe: {
    manifest: MANIFEST_VERSION,
    app: '0.1.0',
    files: names.map((name) => ({ name, sha256: `sha-${name}` })),
    mapping: { ...MAPPING, text: ['what', 'who'] },
    intake: { ...DEFAULT_INTAKE, zone: 'Asia/Tokyo' },
    settings: { ...DEFAULT_SETTINGS, seed: 77 },
    model: { id: 'auto', dtype: 'auto', device: 'auto', sha256: '' },
    compute: { device: '', adapter: '' },
  },
});

/** What is written down, with the id it is written under. */
function recording(found: UnfinishedRun | null = null) {
  const log: string[] = [];
  const saved: Omit<UnfinishedRun, 'id' | 'at'>[] = [];
  const runs: UnfinishedRuns = {
    begin: (id = 'new') => {
      log.push(`begin ${id}`);
      return { save: (run) => void saved.push(run), end: () => void log.push(`end ${id}`) };
    },
    discover: async (tell) => {
      if (found) tell(found);
    },
    forget: ({ id }) => void log.push(`forget ${id}`),
  };
  return { log, saved, runs };
}

async function started(found: UnfinishedRun | null = null) {
  const { log, saved, runs: unfinished } = recording(found);
  const app = setUp({ unfinished });
  await settled();
  return { ...app, log, saved };
}

describe('a run is written down', () => {
  it('from the first text that is embedded on, with all that it was made of, and no longer than it goes on', async () => {
    const { actions, runs, saved, log } = await started();
    await actions.addFiles([file('a.csv'), file('b.csv')]);
    actions.setSettings({ seed: 5 });
    void actions.analyse();
    const run = runs[0] as ManualRun;
    run.progress({ stage: 'read', done: 1, total: 2 });
    expect(saved).toEqual([]);
    run.progress({ stage: 'embed', done: 1, total: 4 });
    expect(saved).toMatchObject([
      {
        embedded: 0.25,
        sample: false,
        recipe: {
          files: [
            { name: 'a.csv', sha256: 'sha-a.csv' },
            { name: 'b.csv', sha256: 'sha-b.csv' },
          ],
          mapping: MAPPING,
          settings: { seed: 5 },
        },
      },
    ]);
    run.progress({ stage: 'embed', done: 4, total: 4 });
    expect(saved.at(-1)?.embedded, 'the end is written down however soon it comes').toBe(1);
    run.resolve(RESULT);
    await settled();
    expect(log).toEqual(['begin new', 'end new']);
  });

  it('each time that its share grew by a twentieth, however quickly, and not at every batch', async () => {
    const { actions, runs, saved } = await started();
    await actions.addFiles([file('a.csv')]);
    void actions.analyse();
    for (const done of [0, 1, 4, 5, 6, 9, 12]) runs[0]?.progress({ stage: 'embed', done, total: 100 });
    expect(saved.map(({ embedded }) => embedded)).toEqual([0, 0.05, 0.12]);
  });

  it.each(['cancel', 'fail'] as const)('and no more after a %s', async (how) => {
    const { actions, runs, log } = await started();
    await actions.addFiles([file('a.csv')]);
    void actions.analyse();
    const run = runs[0] as ManualRun;
    run.progress({ stage: 'embed', done: 1, total: 4 });
    if (how === 'cancel') actions.cancel();
    run.reject(new Error('over'));
    await settled();
    expect(log).toEqual(['begin new', 'end new']);
  });

  it('and no more once its result is shown', async () => {
    const { actions, runs, log } = await started();
    await actions.addFiles([file('a.csv')]);
    void actions.analyse();
    runs[0]?.part({ kind: 'result', result: RESULT });
    expect(log).toEqual(['begin new', 'end new']);
  });

  it('not where data are added: the result that they are added to is gone with the page', async () => {
    const { actions, runs, log } = await started();
    await actions.addFiles([file('a.csv')]);
    void actions.analyse();
    runs[0]?.resolve(RESULT);
    await settled();
    void actions.appendFiles([file('b.csv')]);
    await settled();
    expect(runs).toHaveLength(2);
    expect(log).toEqual(['begin new', 'end new']);
  });
});

describe('a run that was interrupted', () => {
  it('goes on as it was begun once its files are dropped, in any order', async () => {
    const { actions, runs, get, log } = await started(interrupted(['a.csv', 'b.csv']));
    expect(get().unfinished?.id).toBe('former');
    await actions.addFiles([file('b.csv')]);
    expect(runs).toHaveLength(0);
    void actions.addFiles([file('a.csv')]);
    await settled();
    const { mapping, intake, settings } = interrupted([]).recipe;
    expect(runs[0]?.input).toMatchObject({ mapping, intake, settings });
    expect(runs[0]?.input.files.map(({ name }) => name)).toEqual(['b.csv', 'a.csv']);
    expect(get()).toMatchObject({ unfinished: null, job: { phase: 'running' } });
    expect(log).toEqual(['begin former']);
    runs[0]?.resolve(RESULT);
    await settled();
    expect(log).toEqual(['begin former', 'end former']);
  });

  it('of the sample goes on at one click', async () => {
    const { actions, runs, saved } = await started(interrupted(['sample.csv'], true));
    void actions.resumeSample();
    await settled();
    expect(runs[0]?.input.settings.seed).toBe(77);
    runs[0]?.progress({ stage: 'embed', done: 1, total: 2 });
    expect(saved[0]?.sample).toBe(true);
  });

  it('waits where other files are dropped, which are analysed as ever', async () => {
    const { actions, runs, get } = await started(interrupted(['a.csv']));
    await actions.addFiles([file('c.csv')]);
    expect(runs).toHaveLength(0);
    expect(get()).toMatchObject({ unfinished: { id: 'former' }, mapping: MAPPING, settings: DEFAULT_SETTINGS });
    actions.startOver();
    expect(get().unfinished?.id).toBe('former');
  });

  it('waits where a recipe was loaded: that one is wanted', async () => {
    const { actions, runs, get } = await started(interrupted(['a.csv']));
    await actions.loadManifest(new File([JSON.stringify(interrupted(['a.csv']).recipe)], 'run.json'));
    await actions.addFiles([file('a.csv')]);
    expect(runs).toHaveLength(0);
    expect(get().unfinished?.id).toBe('former');
  });

  it('can be forgotten', async () => {
    const { actions, get, log, runs } = await started(interrupted(['a.csv']));
    actions.forgetUnfinished();
    actions.forgetUnfinished();
    expect(get().unfinished).toBeNull();
    expect(log).toEqual(['forget former']);
    await actions.addFiles([file('a.csv')]);
    expect(runs).toHaveLength(0);
  });

  it('knows its files by their content', () => {
    const run = interrupted(['a.csv', 'b.csv']);
    const renamed = [preview('x.csv', 'sha-a.csv'), preview('y.csv', 'sha-b.csv')];
    expect(checkResumable(run, renamed)).toBe('all');
    expect(checkResumable(run, renamed.slice(1))).toBe('some');
    expect(checkResumable(run, [...renamed, preview('z.csv')])).toBe('some');
    expect(checkResumable(run, [preview('a.csv', 'changed')])).toBe('none');
    expect(checkResumable(run, [])).toBe('none');
  });
});
