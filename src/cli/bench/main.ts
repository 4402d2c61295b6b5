import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Matrix } from '../../domain/index.ts';
import { clusteredMatrix } from '../../testing/index.ts';
import { type Case, KERNEL_CASES } from './cases.ts';
import { median, spread, type Times, timeOnce } from './measure.ts';
import { peerVersions, runPeer, writeRows } from './peers.ts';

const USAGE = `usage: npm run bench -- kernels [--only NAME] [--rounds N] [--python COMMAND] [--json FILE]
  One thread each, ours and scikit-learn in turn on the same rows, n x 384. Times are best (median to worst), in seconds.
  --only NAME    cases whose name holds NAME      --rounds N   runs of each, 3 unless said`;
const DIMS = 384;
const DATA_SEED = 7;

interface Result {
  readonly name: string;
  readonly rows: number;
  readonly ours: Times;
  readonly peer: Times | null;
  readonly answer: number;
  readonly peerAnswer: number | null;
  /** Peer's best over ours, by processor time and by the clock. */
  readonly ratio: { readonly cpu: number; readonly wall: number } | null;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'string' },
  },
});

if (positionals[0] !== 'kernels') {
  console.error(USAGE);
  process.exitCode = 1;
} else await benchKernels(Number(values.rounds));

async function benchKernels(rounds: number): Promise<void> {
  const peer = peerVersions(values.python);
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`;
  console.log(`${machine}\n${peer ?? `no peer: ${values.python} has no scikit-learn`}\n`);
  const results: Result[] = [];
  for (const each of KERNEL_CASES.filter(({ name, peer: short }) => name.includes(values.only) || short === values.only)) {
    results.push(await benchCase(each, rounds, peer !== null));
    console.log(line(results.at(-1) as Result));
  }
  const load = loadavg().map((l) => Number(l.toFixed(1)));
  console.log(`\nload of the machine in the last 1, 5 and 15 minutes: ${load.join(', ')}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, peer, load, dims: DIMS, results }, null, 2)}\n`);
}

async function benchCase(each: Case, rounds: number, python: boolean): Promise<Result> {
  const peerCase = python ? each.peer : null;
  const x = clusteredMatrix(each.rows, DIMS, DATA_SEED);
  // Small rows first, so that nothing is compiled while it is timed.
  await each.run(clusteredMatrix(1000, DIMS, DATA_SEED));
  const [ours, peer] = [noTimes(), noTimes()];
  let [answer, peerAnswer]: [number, number | null] = [Number.NaN, null];
  const folder = mkdtempSync(join(tmpdir(), 'murmuration-bench-'));
  try {
    const file = join(folder, 'rows.f32');
    if (peerCase !== null) writeRows(file, x);
    for (let round = 0; round < rounds; round++) {
      answer = await timeOnce(() => each.run(x), ours);
      if (peerCase !== null) peerAnswer = runPeer(values.python, peerCase, file, x, peer);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (peerAnswer !== null) requireClose(each, x, answer, peerAnswer);
  const withPeer = peerCase !== null;
  const ratio = withPeer ? { cpu: best(peer.cpu) / best(ours.cpu), wall: best(peer.wall) / best(ours.wall) } : null;
  return { name: each.name, rows: each.rows, ours, peer: withPeer ? peer : null, answer, peerAnswer, ratio };
}

function noTimes(): Times {
  return { wall: [], cpu: [] };
}

function best(times: readonly number[]): number {
  return Math.min(...times);
}

/** A time is worth nothing without the right answer. */
function requireClose({ name, tolerance }: Case, x: Matrix, ours: number, peers: number): void {
  if (Math.abs(ours - peers) <= tolerance * Math.max(Math.abs(peers), 1e-2)) return;
  throw new Error(`${name}, n = ${x.rows}: our answer ${ours} is not the peer's ${peers}.`);
}

function line({ name, rows, ours, peer, ratio }: Result): string {
  const mine = `${name}, n = ${rows.toLocaleString('en')}\n  ours  cpu ${spread(ours.cpu)}  wall ${spread(ours.wall)}`;
  if (!peer || !ratio) return mine;
  const medians = (median(peer.cpu) / median(ours.cpu)).toFixed(2);
  const theirs = `  peer  cpu ${spread(peer.cpu)}  wall ${spread(peer.wall)}`;
  return `${mine}\n${theirs}\n  ratio of the best cpu ${ratio.cpu.toFixed(2)}  wall ${ratio.wall.toFixed(2)}, of the medians cpu ${medians}`;
}
