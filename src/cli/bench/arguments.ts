import { parseArgs } from 'node:util';
import { type AppError, inputError } from '../../domain/index.ts';
import { CASES, type Case, GPU_CASES, onDevice, shrunk } from './cases.ts';
import type { EmbedArguments } from './embed/embed.ts';
import type { IngestArguments } from './ingest.ts';
import type { Clock } from './statistics.ts';

export const USAGE = `usage: npm run bench -- kernels|umap|gpu|all [options]
       npm run bench -- table [FILE ...]       the README's table from src/cli/bench/results (or FILE)
       npm run bench -- ingest [--rows N]      a CSV of N rows (1,000,000) to events, beside papaparse and uDSV (--rounds, --by, --json)
       npm run bench -- embed                  texts to vectors, beside transformers.js and bare onnxruntime-web (--rounds, --by, --quick, --json)
  --device cpu|webgpu    where ours runs; cpu unless said     --in node|chromium   node unless said
  --peers none|python|js|all   who runs beside it; all on the CPU in Node, python in Chromium, none on WebGPU unless said
  --python COMMAND       a Python with scikit-learn (and pynndescent, umap-learn); python3 or /usr/bin/python3 unless said
  --only TEXT            cases whose name or work holds TEXT
  --rounds N             runs of each, 3 unless said; peers that take ten seconds and more run once unless this is said
  --quick [--factor N]   a tenth (an N-th) of the rows: to see that it works, for no figures
  --by wall|cpu          the clock that ratios are judged by; processor time on a machine that others use too
  --threads N|all        of the Python peers, 1 unless said
  --peak-tflops X --peak-gbs Y   the adapter's peak, where you know better than the data sheets here
  --json FILE            write the results`;

export type PeerKinds = 'none' | 'python' | 'js' | 'all';

export interface BenchArguments {
  readonly cases: readonly Case[];
  readonly device: 'cpu' | 'webgpu';
  readonly place: 'node' | 'chromium';
  readonly peers: PeerKinds;
  /** Commands to try, the first that has scikit-learn. */
  readonly pythons: readonly string[];
  /** Null: 3, and 1 of what takes long. */
  readonly rounds: number | null;
  readonly clock: Clock;
  readonly threads: number | null;
  readonly shrunkBy: number;
  /** Null: the data sheet's, where the adapter is known. */
  readonly peak: { readonly teraflops: number; readonly gigabytes: number } | null;
  readonly json: string | null;
}

interface Table {
  readonly table: readonly string[];
}

interface Ingest {
  readonly ingest: IngestArguments;
}

interface Embed {
  readonly embed: EmbedArguments;
}

interface Help {
  readonly help: string;
}

/** `table` and its files, or a run. @throws AppError input, one clear line */
export function parseBench(args: readonly string[]): BenchArguments | Table | Ingest | Embed | Help {
  const { values, positionals } = parse(args);
  if (values.help) return { help: USAGE };
  const [what = '', ...files] = positionals;
  if (what === 'table') return { table: files };
  if (what === 'ingest' && files.length === 0) return { ingest: ingestOf(values) };
  if (what === 'embed' && files.length === 0) return { embed: embedOf(values) };
  if (files.length > 0) throw wrong(`"${files[0]}" is one word too many.`);
  const device = oneOf('device', values.device, ['cpu', 'webgpu'] as const, 'cpu');
  const place = oneOf('in', values.in, ['node', 'chromium'] as const, 'node');
  const factor = factorOf(values);
  return {
    ...{ device, place, shrunkBy: factor },
    cases: chosen(what, values.only ?? '').map((each) => (factor > 1 ? shrunk(each, factor) : onDevice(each, device))),
    peers: peerKinds(values.peers, device, place),
    pythons: values.python ? [values.python] : ['python3', '/usr/bin/python3'],
    rounds: whole('rounds', values.rounds),
    clock: oneOf('by', values.by, ['wall', 'cpu'] as const, 'wall'),
    threads: values.threads === 'all' ? null : (whole('threads', values.threads) ?? 1),
    peak: peakOf(values['peak-tflops'], values['peak-gbs']),
    json: values.json ?? null,
  };
}

function embedOf(values: ReturnType<typeof parse>['values']): EmbedArguments {
  return {
    rounds: whole('rounds', values.rounds) ?? 3,
    clock: oneOf('by', values.by, ['wall', 'cpu'] as const, 'wall'),
    shrunkBy: factorOf(values),
    data: process.env.MURMURATION_DATA,
    json: values.json ?? null,
  };
}

function factorOf({ factor, quick }: ReturnType<typeof parse>['values']): number {
  const found = number('factor', factor) ?? (quick ? 10 : 1);
  if (found < 1) throw wrong(`--factor ${found} would make more rows.`);
  return found;
}

function ingestOf({ rows, rounds, by, json }: ReturnType<typeof parse>['values']): IngestArguments {
  return {
    rows: whole('rows', rows) ?? 1_000_000,
    rounds: whole('rounds', rounds) ?? 3,
    clock: oneOf('by', by, ['wall', 'cpu'] as const, 'wall'),
    json: json ?? null,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const names = [
    'device',
    'in',
    'peers',
    'python',
    'only',
    'rows',
    'rounds',
    'by',
    'threads',
    'factor',
    'peak-tflops',
    'peak-gbs',
    'json',
  ] as const;
  const options = Object.fromEntries(names.map((name) => [name, text])) as Record<(typeof names)[number], typeof text>;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { ...options, quick: flag, help: flag } });
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause));
  }
}

function chosen(what: string, only: string): Case[] {
  const groups = { kernels: ['kernels'], umap: ['umap'], gpu: ['gpu'], all: ['kernels', 'umap'] }[what];
  if (!groups) throw wrong(what === '' ? 'What should run?' : `"${what}" is nothing that runs.`);
  const found = [...CASES, ...GPU_CASES].filter((each) => groups.includes(each.group));
  const wanted = found.filter(({ name, work }) => name.includes(only) || work === only);
  if (wanted.length === 0) throw wrong(`No case of ${what} has "${only}" in its name.`);
  return wanted;
}

function peerKinds(asked: string | undefined, device: string, place: string): PeerKinds {
  const unless = device === 'webgpu' ? 'none' : place === 'node' ? 'all' : 'python';
  const kinds = oneOf('peers', asked, ['none', 'python', 'js', 'all'] as const, unless);
  if (place === 'chromium' && (kinds === 'js' || kinds === 'all')) throw wrong('JavaScript peers run in Node only.');
  return kinds;
}

function peakOf(tflops: string | undefined, gbs: string | undefined): BenchArguments['peak'] {
  const [teraflops, gigabytes] = [number('peak-tflops', tflops), number('peak-gbs', gbs)];
  if ((teraflops === null) !== (gigabytes === null)) throw wrong('--peak-tflops and --peak-gbs go together.');
  return teraflops !== null && gigabytes !== null ? { teraflops, gigabytes } : null;
}

function oneOf<T extends string>(name: string, value: string | undefined, choices: readonly T[], unless: T): T {
  const found = choices.find((choice) => choice === (value ?? unless));
  if (!found) throw wrong(`--${name} is "${value}"; it must be ${choices.join(' or ')}.`);
  return found;
}

function number(name: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  if (!(Number(value) > 0)) throw wrong(`--${name} is "${value}"; it must be a number above 0.`);
  return Number(value);
}

function whole(name: string, value: string | undefined): number | null {
  const found = number(name, value);
  if (found !== null && !Number.isInteger(found)) throw wrong(`--${name} is "${value}"; it must be a whole number.`);
  return found;
}

const wrong = (message: string): AppError => inputError('bench-arguments', message, USAGE);
