import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom, DEFAULT_SETTINGS, EVENT_KINDS, shuffle } from '../domain/index.ts';
import { type LogRow, toCsv } from '../testing/index.ts';
import { type Folder, PROJECT, type Run, readAssignments, runCli, runProcess, temporaryFolder } from './process.fixture.ts';
import { smallLog, toursCsv } from './small-log.fixture.ts';

const TIMEOUT = 180_000;
const OUTPUTS = ['assignments.csv', 'tracks.json', 'accounting.json', 'manifest.json'] as const;

/** Rows that are no events, with the place in the file where they are planted. */
const BAD_ROWS: readonly (readonly [line: number, reason: string, change: Partial<LogRow>])[] = [
  [2, 'no user', { user_id: '' }],
  [40, 'time not readable', { timestamp: 'yesterday' }],
  [41, 'no text', { title: '' }],
  [900, 'no user', { user_id: '' }],
  [1500, 'no time', { timestamp: '' }],
];

function plantBadRows(rows: readonly LogRow[]): LogRow[] {
  const planted = [...rows];
  for (const [line, , change] of BAD_ROWS) planted.splice(line - 2, 0, { ...(rows[0] as LogRow), ...change });
  return planted;
}

let folder: Folder;
let base: Run;
const rows = smallLog();
const OPTIONS = ['--k', '6', '--seed', '7', '--device', 'cpu', '--threads', '2', '--json'];

const read = (out: string, name: string): Promise<string> => folder.read(`${out}/${name}`);
const readJson = async (out: string, name: string) => JSON.parse(await read(out, name));

beforeAll(async () => {
  folder = await temporaryFolder();
  const file = await folder.write('log.csv', toCsv(plantBadRows(rows)));
  base = await runCli([file, ...OPTIONS, '--out', folder.path('base')], { timeout: TIMEOUT });
}, TIMEOUT);
afterAll(() => folder.remove());

/** The small logs of these tests have small segments, and are told so. */
const FEW_USERS = expect.stringMatching(/^\d+ of \d+ segments have fewer than 10 users/);

describe('a run on a small log', () => {
  test('ends with 0, and stdout is the summary as JSON and nothing else', () => {
    expect(base).toMatchObject({ code: 0, stderr: '' });
    const summary = JSON.parse(base.stdout);
    expect(summary).toMatchObject({
      windows: 4,
      segments: 24,
      compute: { device: 'cpu', threads: 2 },
      model: { device: 'wasm' },
    });
    expect(summary.files).toEqual([{ name: 'log.csv', read: rows.length + 5, kept: rows.length }]);
  });

  test('P6 read = kept + set aside, with the line of every row that is no event', async () => {
    const { files } = await readJson('base', 'accounting.json');
    expect(files).toHaveLength(1);
    const { name, sha256, read: all, kept, setAside } = files[0];
    expect(name).toBe('log.csv');
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const lines = new Map<string, number[]>();
    for (const [line, reason] of BAD_ROWS) lines.set(reason, [...(lines.get(reason) ?? []), line]);
    for (const s of setAside) expect([s.reason, s.count, s.lines]).toEqual([s.reason, s.lines.length, lines.get(s.reason)]);
    expect(setAside).toHaveLength(lines.size);
    expect(all).toBe(rows.length + BAD_ROWS.length);
    expect(kept + setAside.reduce((sum: number, s: { count: number }) => sum + s.count, 0)).toBe(all);
  });

  test('P3 assignments: one line a user and month with an event, thin where there are fewer than 3', async () => {
    const csv = await read('base', 'assignments.csv');
    expect(csv.split('\n')[0]).toBe(
      'user,window_start,segment,track,thin,x,y,primary,share,secondary,secondary_share,entropy,strength,outlier_score',
    );
    const events = new Map<string, number>();
    for (const r of rows) {
      const key = `${r.user_id} ${r.timestamp.slice(0, 7)}-01`;
      events.set(key, (events.get(key) ?? 0) + 1);
    }
    const lines = readAssignments(csv);
    const told = new Map(lines.map((a) => [`${a.user} ${a.window_start}`, a.thin]));
    expect(lines).toHaveLength(events.size);
    expect(told).toEqual(new Map([...events].map(([key, n]) => [key, n < 3 ? '1' : '0'])));
    for (const a of lines) expect([a.segment, a.track, a.x, a.y].every((v) => v !== '' && Number.isFinite(Number(v)))).toBe(true);
  });

  test('tracks.json has the agreed keys, and agrees with the assignments', async () => {
    const tracks = await readJson('base', 'tracks.json');
    const lines = readAssignments(await read('base', 'assignments.csv'));
    expect(Object.keys(tracks)).toEqual([
      ...['windows', 'segments', 'events', 'falseEventRate', 'rawEventRate', 'refits', 'falseChangeRate'],
      ...['migration', 'drift', 'quality', 'agreement', 'levels'],
    ]);
    for (const rate of [tracks.falseEventRate, tracks.rawEventRate]) expect(rate === null).toBe(tracks.refits === 0);
    const starts = ['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01', '2024-05-01'];
    const count = (window: string, thin: string): number =>
      lines.filter((a) => a.window_start === window && a.thin === thin).length;
    expect(tracks.windows).toMatchObject(
      starts.slice(0, 4).map((start, i) => ({
        start,
        end: starts[i + 1],
        profiles: count(start, '0'),
        thin: count(start, '1'),
      })),
    );
    for (const s of tracks.segments) {
      expect(Object.keys(s)).toEqual(['track', 'segment', 'window', 'size', 'stability', 'levels', 'terms', 'exemplars']);
      const members = lines.filter((a) => a.window_start === s.window && a.segment === String(s.segment) && a.thin === '0');
      expect(members.length).toBe(s.size);
      expect(new Set(members.map((a) => a.track))).toEqual(new Set([String(s.track)]));
      expect(s.terms.length).toBeGreaterThan(0);
      expect(s.exemplars.length).toBeGreaterThan(0);
    }
  });

  test('migration: each cell, dormant and newcomer is counted from the assignments; drift and quality go by the same windows', async () => {
    const { migration, drift, quality, windows } = await readJson('base', 'tracks.json');
    const lines = readAssignments(await read('base', 'assignments.csv')).filter((a) => a.thin === '0');
    const trackOf = (window: string): Map<string, number> =>
      new Map(lines.filter((a) => a.window_start === window).map((a) => [a.user as string, Number(a.track)]));
    expect(migration).toHaveLength(3);
    for (const m of migration) {
      const [was, is] = [trackOf(m.before), trackOf(m.window)];
      const count = (test: (user: string) => boolean, of: Map<string, number>): number => [...of.keys()].filter(test).length;
      for (const [x, from] of m.from.entries()) {
        for (const [y, to] of m.to.entries()) {
          expect(m.counts[x][y]).toBe(count((user) => was.get(user) === from && is.get(user) === to, was));
        }
        expect(m.dormant[x]).toBe(count((user) => was.get(user) === from && !is.has(user), was));
      }
      for (const [y, to] of m.to.entries()) {
        expect(m.new[y] + m.resurrecting[y]).toBe(count((user) => is.get(user) === to && !was.has(user), is));
      }
    }
    const pairs = (list: { before: string; window: string }[]): string[] => list.map((m) => `${m.before} ${m.window}`);
    expect(pairs(drift)).toEqual(pairs(migration));
    for (const d of drift) {
      expect(d.p).toBeGreaterThan(0);
      expect(d.shares.activity + d.shares.composition + d.shares.content).toBeCloseTo(1, 9);
    }
    expect(quality.map((q: { window: string }) => q.window)).toEqual(windows.map((w: { start: string }) => w.start));
  });

  test('events: known kinds, from and to are the tracks of the earlier and the later window', async () => {
    const { events, segments } = await readJson('base', 'tracks.json');
    const tracksOf = (window: string): number[] =>
      segments.filter((s: { window: string }) => s.window === window).map((s: { track: number }) => s.track);
    const starts = ['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01'];
    expect(events.length).toBeGreaterThan(0);
    for (const e of events) {
      const trust = ['effect', 'p', 'stability', 'verdict', 'sensitivity'];
      const changes = e.kind === 'survive' ? ['sizeChange', 'compactness', 'shift'] : [];
      expect(Object.keys(e)).toEqual(['window', 'kind', 'from', 'to', 'users', ...trust, ...changes]);
      expect(EVENT_KINDS).toContain(e.kind);
      const before = starts[starts.indexOf(e.window) - 1] as string;
      expect(tracksOf(before)).toEqual(expect.arrayContaining(e.from));
      expect(tracksOf(e.window)).toEqual(expect.arrayContaining(e.to));
      expect(e.users).toBeGreaterThan(0);
    }
  });

  test('levels: two or more, nested, each with all users, and the groups that the segments name', async () => {
    const { levels, segments, windows } = await readJson('base', 'tracks.json');
    expect(levels.length).toBeGreaterThanOrEqual(2);
    const summary = JSON.parse(base.stdout);
    for (const [l, { level, groups }] of levels.entries()) {
      expect([level, groups.length > (levels[l - 1]?.groups.length ?? 0)]).toEqual([l + 1, true]);
      expect(summary.levels[l]).toEqual(groups.map((g: { name: string }) => g.name));
      for (const [w, { profiles }] of windows.entries())
        expect(groups.reduce((sum: number, g: { users: number[] }) => sum + (g.users[w] as number), 0)).toBe(profiles);
      for (const g of groups) expect(segments.filter((s: { levels: number[] }) => s.levels[l] === g.id)).toHaveLength(g.segments);
      const parents = new Map(segments.map((s: { levels: number[] }) => [s.levels[l], s.levels[l - 1]]));
      for (const s of segments) expect(parents.get(s.levels[l])).toBe(s.levels[l - 1]);
    }
  });

  test('mixtures: the strongest segment has a share of its own, the second at least a fifth', async () => {
    const lines = readAssignments(await read('base', 'assignments.csv'));
    for (const a of lines) {
      expect(Number(a.share)).toBeGreaterThan(1 / 24);
      expect(Number(a.entropy)).toBeLessThanOrEqual(Math.log2(6));
      if (a.secondary === '') expect(a.secondary_share).toBe('');
      else expect([Number(a.secondary_share) >= 0.2, a.secondary === a.primary]).toEqual([true, false]);
    }
    const atHome = lines.filter((a) => a.primary === a.segment);
    expect(atHome.length).toBeGreaterThan(0.95 * lines.length);
  });

  test('segments are numbered by size', async () => {
    const { segments } = await readJson('base', 'tracks.json');
    for (const [i, s] of segments.entries()) {
      const before = segments[i - 1];
      if (before?.window !== s.window) expect(s.segment).toBe(0);
      else expect([s.segment, s.size <= before.size]).toEqual([before.segment + 1, true]);
    }
  });

  test('the manifest names every setting', async () => {
    const manifest = await readJson('base', 'manifest.json');
    expect(manifest.settings).toEqual({ ...DEFAULT_SETTINGS, k: 6, seed: 7, device: 'cpu' });
    expect(manifest.mapping).toMatchObject({
      user: 'user_id',
      time: 'timestamp',
      text: ['title'],
      timeFormat: 'iso',
      timeOrigin: null,
      template: null,
      numbers: [],
    });
    expect(manifest.files).toEqual([{ name: 'log.csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });
});

describe('the same result again', () => {
  const sameAsBase = async (out: string, names: readonly string[]): Promise<void> => {
    for (const name of names) expect(await read(out, name), name).toBe(await read('base', name));
  };

  test('P2 a second run, by the manifest alone, writes the same four files', { timeout: TIMEOUT }, async () => {
    const args = [folder.path('log.csv'), '--manifest', folder.path('base/manifest.json'), '--out', folder.path('again')];
    expect(await runCli(args, { timeout: TIMEOUT })).toMatchObject({ code: 0, stderr: '' });
    await sameAsBase('again', OUTPUTS);
  });

  test('P2 neither row order nor the number of threads matters', { timeout: TIMEOUT }, async () => {
    const file = await folder.write('shuffled.csv', toCsv(shuffle(plantBadRows(rows), createRandom(3))));
    const args = [file, ...OPTIONS, '--threads', '1', '--out', folder.path('shuffled')];
    expect(await runCli(args, { timeout: TIMEOUT })).toMatchObject({ code: 0 });
    await sameAsBase('shuffled', ['assignments.csv', 'tracks.json']);
  });

  test('P2 nor does it matter that the rows lie in two files, one of them packed', { timeout: TIMEOUT }, async () => {
    const mixed = shuffle([...rows], createRandom(4));
    const packed = await folder.write('first.csv.gz', gzipSync(toCsv(mixed.slice(0, 700))));
    const plain = await folder.write('second.csv', toCsv(mixed.slice(700)));
    const run = await runCli([plain, packed, ...OPTIONS, '--out', folder.path('two')], { timeout: TIMEOUT });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    await sameAsBase('two', ['assignments.csv', 'tracks.json']);
    const { files } = await readJson('two', 'accounting.json');
    expect(files.map((f: { name: string; kept: number }) => [f.name, f.kept])).toEqual([
      ['second.csv', rows.length - 700],
      ['first.csv.gz', 700],
    ]);
  });
});

describe('k auto, on samples', () => {
  // Fewer than the profiles there are, so that what is measured and what is laid out are drawn by lot.
  const SAMPLED = {
    ...DEFAULT_SETTINGS,
    device: 'cpu',
    kMax: 8,
    silhouetteSample: 40,
    layout: { ...DEFAULT_SETTINGS.layout, maxFit: 100 },
  };

  test('P2 row order does not matter', { timeout: TIMEOUT }, async () => {
    const recipe = { ...(await readJson('base', 'manifest.json')), settings: SAMPLED };
    const manifest = await folder.write('sampled.json', JSON.stringify(recipe));
    const mixed = await folder.write('mixed.csv', toCsv(shuffle(plantBadRows(rows), createRandom(5))));
    const run = (file: string, out: string) =>
      runCli([file, '--manifest', manifest, '--out', folder.path(out)], { timeout: TIMEOUT });
    expect(await run(folder.path('log.csv'), 'sampled')).toMatchObject({ code: 0, stderr: '' });
    expect((await run(mixed, 'mixed')).code).toBe(0);
    for (const name of ['assignments.csv', 'tracks.json']) expect(await read('mixed', name)).toBe(await read('sampled', name));
    const { windows } = await readJson('sampled', 'tracks.json');
    const profiles = windows.map((w: { profiles: number }) => w.profiles);
    expect(Math.min(...profiles)).toBeGreaterThan(SAMPLED.silhouetteSample);
    expect(profiles.reduce((a: number, b: number) => a + b, 0)).toBeGreaterThan(SAMPLED.layout.maxFit);
  });
});

describe('choices', () => {
  test('k auto: every month gets segments of its own number', { timeout: TIMEOUT }, async () => {
    const run = await runCli([folder.path('log.csv'), '--k', 'auto', '--out', folder.path('auto')], { timeout: TIMEOUT });
    expect(run).toMatchObject({ code: 0, told: [FEW_USERS] });
    expect(run.stdout).toContain(`log.csv: ${rows.length + 5} rows read, ${rows.length} kept, 5 set aside`);
    const { windows, segments } = await readJson('auto', 'tracks.json');
    for (const { start } of windows) {
      const k = segments.filter((s: { window: string }) => s.window === start).length;
      expect(k).toBeGreaterThanOrEqual(DEFAULT_SETTINGS.kMin);
      expect(k).toBeLessThanOrEqual(DEFAULT_SETTINGS.kMax);
    }
  });

  test('windows under a day, few users, another file than the manifest`s: runs, and each is said', {
    timeout: TIMEOUT,
  }, async () => {
    const file = await folder.write('tours.csv', toursCsv());
    const args = [file, '--manifest', folder.path('base/manifest.json'), '--windows', 'PT6H', '--json'];
    const run = await runCli([...args, '--out', folder.path('tours')], { timeout: TIMEOUT });
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout).windows).toBe(3);
    expect(run.told).toEqual([
      expect.stringContaining('log.csv of the manifest is not among the files'),
      expect.stringContaining('tours.csv is not a file of the manifest'),
      expect.stringMatching(/1 of 3 windows .*fewer than 6/),
      FEW_USERS,
    ]);
    const lines = readAssignments(await read('tours', 'assignments.csv'));
    const at = (hour: string) => lines.filter((a) => a.window_start === `2024-03-05T${hour}:00:00.000Z`);
    expect(at('06')).toHaveLength(12);
    expect(new Set(at('06').map((a) => a.segment)).size).toBe(6);
    expect(new Set(at('12').map((a) => a.segment)).size).toBeLessThanOrEqual(4);
    // Only thin profiles: nothing was fitted that they could belong to.
    expect(at('18').map((a) => [a.segment, a.track, a.thin])).toEqual([
      ['-1', '', '1'],
      ['-1', '', '1'],
    ]);
    const { windows } = await readJson('tours', 'tracks.json');
    expect(windows[2]).toEqual({
      ...{ start: '2024-03-05T18:00:00.000Z', end: '2024-03-06T00:00:00.000Z', profiles: 0, thin: 2 },
      ...{ falseEventRate: null, rawEventRate: null },
    });
  });

  test('the same file twice: runs, and says that its events count twice', { timeout: TIMEOUT }, async () => {
    const [one, two] = [await folder.write('tours.csv', toursCsv()), await folder.write('copy.csv', toursCsv())];
    const args = ['--k', '2', '--windows', 'PT6H', '--out', folder.path('twice')];
    const run = await runCli([one, two, ...args], { timeout: TIMEOUT });
    expect(run).toMatchObject({
      code: 0,
      told: [expect.stringContaining('tours.csv and copy.csv have the same content'), FEW_USERS],
    });
  });

  test('--label: the segments are compared with that column, and the saved run knows it', { timeout: TIMEOUT }, async () => {
    const file = await folder.write('tours.csv', toursCsv());
    const args = [file, '--k', '6', '--windows', 'day', '--label', 'title', '--out', folder.path('labelled')];
    expect((await runCli(args, { timeout: TIMEOUT })).code).toBe(0);
    const { agreement } = await readJson('labelled', 'tracks.json');
    // Each user of the log reads one of six titles.
    const all = { ari: 1, ami: 1, homogeneity: 1, completeness: 1, vMeasure: 1, purity: 1, accuracy: 1, f1: 1 };
    expect(agreement).toMatchObject({ mean: all, windows: [{ window: '2024-03-05', users: 12, ...all }] });
    const [{ groups }] = agreement.windows;
    expect(groups).toHaveLength(6);
    for (const group of groups) expect(group).toMatchObject({ precision: 1, recall: 1, f1: 1, users: 2 });
    expect((await readJson('labelled', 'manifest.json')).mapping.label).toBe('title');
  });

  test('one window only: runs, and says that nothing can be compared', { timeout: TIMEOUT }, async () => {
    const file = await folder.write('one.csv', toursCsv());
    const run = await runCli([file, '--k', '2', '--windows', 'year', '--out', folder.path('one')], { timeout: TIMEOUT });
    expect(run.code).toBe(0);
    expect(run.told).toEqual([expect.stringContaining('nothing can be compared through time'), FEW_USERS]);
    expect((await readJson('one', 'tracks.json')).events).toEqual([]);
  });

  test('`npm run analyze -- --help` prints the usage', { timeout: TIMEOUT }, async () => {
    const run = await runProcess('npm', ['run', '-s', 'analyze', '--', '--help'], { timeout: TIMEOUT, cwd: PROJECT });
    expect(run.code).toBe(0);
    for (const option of [
      '--map',
      '--label',
      '--windows',
      '--k',
      '--algorithm',
      '--seed',
      '--device',
      '--manifest',
      '--json',
      '--out',
    ])
      expect(run.stdout).toContain(option);
  });
});
