import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ByteSource, type ColumnMapping, DEFAULT_INTAKE, silentContext } from '../../domain/index.ts';
import { createEventReader, inspectFile, openDuckDbInNode, readRows } from '../../ingest/index.ts';
import { behaviourCsv } from '../../testing/index.ts';
import { loadNow, machine } from './machine.ts';
import { packageVersion } from './packages.ts';
import { heading, lines, type Report } from './report.ts';
import { type CaseResult, type PeerResult, timesOf } from './run.ts';
import { type Clock, ratioOf } from './statistics.ts';
import { timeOnce } from './timing.ts';
import type { Timed } from './types.ts';

export interface IngestArguments {
  readonly rows: number;
  readonly rounds: number;
  readonly clock: Clock;
  readonly json: string | null;
}

const COLS = 7;
/** The faster peer's time is at least this part of ours: at most one and a half times as long. */
const TARGET = 1 / 1.5;

const MAPPING: ColumnMapping = {
  user: 'user_id',
  time: 'timestamp',
  text: ['item_title'],
  type: 'event_type',
  item: 'item_id',
  value: 'value',
  label: 'country',
  timeFormat: 'iso',
  timeOrigin: null,
  template: null,
  numbers: [],
};

/** A way from the file to rows that can be worked with; gives the number of rows. */
interface Way {
  readonly by: string;
  readonly run: (path: string) => Promise<number>;
}

const reader = createEventReader({ openDuckDb: openDuckDbInNode });

const read = async (file: ByteSource): Promise<number> =>
  (await reader.read([file], MAPPING, DEFAULT_INTAKE, silentContext)).accounting.files[0]?.read ?? 0;

/** Another object each time, so that nothing is known of the file from the run before. */
const OURS: readonly Way[] = [
  {
    by: 'file to typed rows: hash, form, types, duplicates, accounting',
    run: async (path) => {
      const assets = { openDuckDb: openDuckDbInNode };
      const { accounts } = await readRows([await fresh(path)], MAPPING, DEFAULT_INTAKE, silentContext, assets);
      return accounts[0]?.read ?? 0;
    },
  },
  { by: 'file to events: the same, and their canonical order', run: async (path) => read(await fresh(path)) },
  {
    by: 'look at a file, then read it to events',
    run: async (path) => {
      const file = await fresh(path);
      await inspectFile(file, DEFAULT_INTAKE.forms, silentContext);
      return read(file);
    },
  },
];

const PEERS: readonly (Way & { readonly by: 'papaparse' | 'udsv' })[] = [
  {
    by: 'papaparse',
    run: async (path) => {
      const { default: papa } = await import('papaparse');
      return papa.parse(await readFile(path, 'utf8'), { header: true, skipEmptyLines: true, dynamicTyping: true }).data.length;
    },
  },
  {
    by: 'udsv',
    run: async (path) => {
      const { inferSchema, initParser } = createRequire(import.meta.url)('udsv') as typeof import('udsv');
      const text = await readFile(path, 'utf8');
      return (initParser(inferSchema(text)).typedCols(text)[0] as unknown[]).length;
    },
  },
];

async function fresh(path: string): Promise<ByteSource> {
  const blob = await openAsBlob(path);
  return {
    name: 'behaviour.csv',
    size: blob.size,
    stream: () => blob.stream() as ReadableStream<Uint8Array<ArrayBuffer>>,
    slice: (start, end) => blob.slice(start, end),
  };
}

/** Reads a generated log by ours, papaparse with dynamic typing and uDSV's typed columns, in turn; the exit code. */
export async function benchIngest(asked: IngestArguments, print: (text: string) => void): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'murmuration-bench-'));
  try {
    const path = join(folder, 'behaviour.csv');
    await pipeline(Readable.from(behaviourCsv(asked.rows, 7)), createWriteStream(path));
    const report = await measure(asked, path, print);
    if (asked.json) await writeFile(asked.json, `${JSON.stringify(report, null, 2)}\n`);
    return report.results.every(({ missed, peers }) => missed.length === 0 && peers.every(({ met }) => met !== false)) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(asked: IngestArguments, path: string, print: (text: string) => void): Promise<Report> {
  const before = loadNow();
  const size = (await stat(path)).size;
  const head: Omit<Report, 'results' | 'load'> = {
    ...{ machine: machine(), date: new Date().toISOString().slice(0, 10), place: 'Node', device: 'cpu', software: false },
    ...{ clock: asked.clock, data: `a behaviour log of ${(size / 1e6).toFixed(0)} MB as CSV, seed 7`, shrunkBy: 1, peaks: [] },
    versions: [`Node ${process.versions.node}`, ...PEERS.map(({ by }) => packageVersion(by))],
    threads: 'one thread each',
  };
  print(heading(head));
  const runs = await inTurn([...OURS, ...PEERS], path, asked);
  const results = OURS.map((way, i) => resultOf(way, i === 0, asked, runs));
  for (const result of results) print(lines(result, []));
  return { ...head, load: [before, loadNow()], results };
}

/** Each way once a round; what the one before has left is collected first, outside the timing. */
async function inTurn(ways: readonly Way[], path: string, { rows, rounds }: IngestArguments): Promise<Map<Way, Timed[]>> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const runs = new Map<Way, Timed[]>(ways.map((way) => [way, []]));
  // The first round compiles the loops and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const [way, done] of runs) {
      collect();
      const timed = await timeOnce(async () => ({ value: await way.run(path) }));
      if (timed.output.value !== rows) throw new Error(`${way.by} read ${timed.output.value} rows of ${rows}.`);
      if (round > 0) done.push(timed);
    }
  }
  return runs;
}

function resultOf(
  way: Way,
  judged: boolean,
  { rows, clock }: IngestArguments,
  runs: ReadonlyMap<Way, readonly Timed[]>,
): CaseResult {
  const ours = timesOf(runs.get(way) ?? []);
  const peers = PEERS.map((peer): PeerResult => {
    const times = timesOf(runs.get(peer) ?? []);
    const ratio = ratioOf(ours, times, clock);
    return {
      ...{ by: peer.by, times, quoted: null, score: rows, agreement: 'the same number of rows', refused: false, ratio },
      ...{ target: judged ? TARGET : null, met: judged ? ratio >= TARGET : null },
    };
  });
  return { ...{ name: way.by, rows, cols: COLS, k: 0, ours, score: rows, scored: 'rows', missed: [] }, peers, gpu: null };
}
