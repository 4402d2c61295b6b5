import { createReadStream, existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import papaparse from 'papaparse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Folder, type Run, readAssignments, runCli, temporaryFolder } from './process.fixture.ts';

/** Real exports, dirt included: the folder that MURMURATION_DATA names. */
const ROOT = process.env.MURMURATION_DATA ?? '';
const TIMEOUT = 600_000;

let folder: Folder;
beforeAll(async () => {
  if (ROOT === '' || !existsSync(ROOT)) {
    throw new Error('Set MURMURATION_DATA to the folder with the data sets (online-retail, movielens-small, polis, ...).');
  }
  folder = await temporaryFolder();
});
afterAll(() => folder?.remove());

async function analyze(path: string, ...options: string[]): Promise<Run> {
  const out = folder.path(path.replaceAll('/', '-'));
  const run = await runCli([join(ROOT, path), ...options, '--json', '--out', out], { timeout: TIMEOUT });
  const memory =
    run.code === 0 ? `, of the processor ${JSON.parse(run.stdout).cpuSeconds} s, ${JSON.parse(run.stdout).maxMemoryMB} MB` : '';
  console.warn(`${path}: ${run.seconds.toFixed(1)} s${memory}, load ${loadavg()[0]?.toFixed(1)}`);
  return run;
}

const readJson = async (path: string, name: string) => JSON.parse(await folder.read(`${path.replaceAll('/', '-')}/${name}`));

describe('online-retail by month, default settings', () => {
  const PATH = 'online-retail/OnlineRetail.csv.gz';
  let run: Run;
  beforeAll(async () => {
    run = await analyze(PATH);
  }, TIMEOUT);

  test('ends with 0 in under 3 minutes with under 2 GB', () => {
    expect(run.code, run.stderr).toBe(0);
    expect(run.seconds).toBeLessThan(180);
    expect(JSON.parse(run.stdout).maxMemoryMB).toBeLessThan(2000);
  });

  test('P6 541,909 rows: those without a customer are set aside and counted, and nothing is lost', async () => {
    const { files } = await readJson(PATH, 'accounting.json');
    const { read, kept, setAside } = files[0];
    expect(read).toBe(541_909);
    expect(setAside).toContainEqual({ reason: 'no user', count: 135_080, lines: expect.any(Array) });
    expect(kept + setAside.reduce((sum: number, s: { count: number }) => sum + s.count, 0)).toBe(read);
  });

  test('the only doubt told is about the encoding', () => {
    expect(run.told).toEqual([expect.stringMatching(/is not UTF-8; it is read as Windows-1252/)]);
  });

  test('13 months, the last one partly covered, each with its customers', async () => {
    const { windows, segments } = await readJson(PATH, 'tracks.json');
    expect(windows.map((w: { start: string }) => w.start)).toEqual([
      '2010-12-01',
      ...Array.from({ length: 12 }, (_, m) => `2011-${String(m + 1).padStart(2, '0')}-01`),
    ]);
    for (const w of windows) {
      const sizes = segments.filter((s: { window: string }) => s.window === w.start).map((s: { size: number }) => s.size);
      expect(sizes.length).toBeGreaterThanOrEqual(2);
      expect(sizes.reduce((a: number, b: number) => a + b, 0)).toBe(w.profiles);
    }
  });

  test('Christmas: every purchase of the raw file has its segment; what they show is told as it is', {
    timeout: TIMEOUT,
  }, async () => {
    const out = PATH.replaceAll('/', '-');
    const assigned = readAssignments(await folder.read(`${out}/assignments.csv`));
    const segmentOf = new Map(assigned.map((a) => [`${a.user} ${a.window_start}`, a.segment as string]));
    const { months, unassigned } = await countChristmas(join(ROOT, PATH), segmentOf);
    const { segments } = await readJson(PATH, 'tracks.json');
    expect(unassigned).toBe(0);
    expect(months.size).toBe(13);
    for (const [month, counts] of months) tellMonth(month, counts, segments);
  });
});

interface Count {
  rows: number;
  christmas: number;
}

/** Rows with a customer by month and segment, counted from the raw file by other means than the pipeline's reader. */
async function countChristmas(path: string, segmentOf: ReadonlyMap<string, string>) {
  const months = new Map<string, Map<string, Count>>();
  let unassigned = 0;
  const stream = createReadStream(path).pipe(createGunzip()).setEncoding('latin1');
  await new Promise<void>((done, fail) => {
    papaparse.parse<Record<string, string>>(stream, {
      header: true,
      step: ({ data }) => {
        const { CustomerID = '', InvoiceDate = '', Description = '' } = data;
        if (CustomerID === '' || Description.trim() === '') return;
        const [month = '', , year = ''] = InvoiceDate.split(' ')[0]?.split('/') ?? [];
        const start = `${year}-${month.padStart(2, '0')}-01`;
        const segment = segmentOf.get(`${CustomerID} ${start}`);
        if (segment === undefined) unassigned++;
        else add(months, start, segment, /CHRISTMAS|XMAS/i.test(Description));
      },
      complete: () => done(),
      error: fail,
    });
  });
  return { months, unassigned };
}

function add(months: Map<string, Map<string, Count>>, month: string, segment: string, christmas: boolean): void {
  const counts = months.get(month) ?? new Map<string, Count>();
  months.set(month, counts);
  const count = counts.get(segment) ?? { rows: 0, christmas: 0 };
  counts.set(segment, count);
  count.rows++;
  if (christmas) count.christmas++;
}

interface ToldSegment {
  readonly window: string;
  readonly segment: number;
  readonly track: number;
  readonly size: number;
  readonly terms: readonly string[];
}

const percent = ({ rows, christmas }: Count): string => `${((100 * christmas) / rows).toFixed(1)} %`;

/** One line a month: the share over all, and the segment with the largest share. */
function tellMonth(month: string, counts: ReadonlyMap<string, Count>, segments: readonly ToldSegment[]): void {
  const all = [...counts.values()].reduce((sum, c) => ({
    rows: sum.rows + c.rows,
    christmas: sum.christmas + c.christmas,
  }));
  const [[richest, most] = ['', all]] = [...counts].sort((a, b) => b[1].christmas / b[1].rows - a[1].christmas / a[1].rows);
  const told = segments.find((s) => s.window === month && String(s.segment) === richest);
  const words = `${told?.size} users on track ${told?.track}: ${told?.terms.join(', ')}`;
  console.warn(
    `${month}: Christmas ${percent(all)} over all, at most ${percent(most)} in one of ${counts.size} segments (${words})`,
  );
}

test('movielens tags by year run', { timeout: TIMEOUT }, async () => {
  const run = await analyze('movielens-small/tags.csv', '--windows', 'year');
  expect(run.code, run.stderr).toBe(0);
  const { files } = await readJson('movielens-small/tags.csv', 'accounting.json');
  expect(files[0]).toMatchObject({ read: 3683, kept: 3683 });
});

test('polis comments in Chinese: a result or a clear line, and the built-in model`s language is said', {
  timeout: TIMEOUT,
}, async () => {
  const run = await analyze('polis/vtaiwan.uberx/comments.csv');
  expect(run.code, run.stderr).toBe(0);
  expect(run.stderr).toMatch(/The built-in model knows English; .*Chinese/);
});

test.each([
  ['polis/vtaiwan.uberx/votes.csv.gz', /There is no text column.*--map text=COL/],
  ['reddit-titles/chess.csv.gz', /There is no user column.*--map user=COL/],
])('%s: one clear line', { timeout: TIMEOUT }, async (path, says) => {
  const run = await analyze(path);
  expect(run).toMatchObject({ code: 1, stdout: '', told: [expect.stringMatching(says)] });
});
