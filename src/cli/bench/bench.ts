import { writeFileSync } from 'node:fs';
import type { Matrix } from '../../domain/index.ts';
import type { BenchArguments, PeerKinds } from './arguments.ts';
import { ATLAS_VERSION } from './atlas.ts';
import { type Case, type Check, type Peer, PYTHON_PEERS, shrunk } from './cases.ts';
import { type BenchDevice, openNodeDevice } from './gpu/device.ts';
import { knownPeak, measuredPeak, type Peak } from './gpu/peak.ts';
import { loadNow, machine } from './machine.ts';
import { openOurs } from './ours.ts';
import { openPackage, packageVersion } from './packages.ts';
import { findPython, openPython, type Python } from './python.ts';
import { failures, heading, lines, type Report } from './report.ts';
import { DATA, rowsOf } from './rows.ts';
import { type CaseResult, type Contender, runCase } from './run.ts';
import type { Runner } from './types.ts';
import type { Task, WorkName } from './work.ts';

const SOFTWARE_FACTOR = 100;

/** Where ours runs, opened once for all cases. */
interface Place {
  readonly name: string;
  readonly device: string;
  readonly software: boolean;
  readonly version: string | null;
  readonly peaks: readonly Peak[];
  open(work: WorkName, x: Matrix, task: Task): Promise<Runner>;
  close(): Promise<void>;
}

/** Runs what was asked for, prints it, and returns the exit code: 1 where a case failed or an answer was refused. Unmet targets are only told. */
export async function bench(asked: BenchArguments, print: (text: string) => void): Promise<number> {
  const python = asked.peers === 'python' || asked.peers === 'all' ? findPython(asked.pythons) : null;
  const place = await openPlace(asked);
  const args = place.software ? small(asked) : asked;
  try {
    const head = headOf(args, place, python);
    print(heading(head));
    const loadBefore = loadNow();
    const results: CaseResult[] = [];
    let failed = 0;
    for (const each of args.cases) {
      try {
        results.push(await oneCase(each, args, place, python));
        print(lines(results.at(-1) as CaseResult, place.peaks));
      } catch (error) {
        failed++;
        print(`${each.name}, ${each.rows.toLocaleString('en')}: FAILED: ${error instanceof Error ? error.message : error}`);
      }
      // After each case: the ones before are not lost with a process that runs out of memory.
      const report: Report = { ...head, load: [loadBefore, loadNow()], results };
      if (args.json) writeFileSync(args.json, `${JSON.stringify(report, null, 2)}\n`);
    }
    const { refused, unmet } = failures(results);
    print(`\nload of the machine before and after: ${loadBefore}, ${loadNow()}`);
    print(`failed: ${failed}, answers refused: ${refused}, targets not met: ${unmet}`);
    return failed + refused > 0 ? 1 : 0;
  } finally {
    await place.close();
  }
}

/** A software adapter would take hours for what is asked of a real one. */
function small(args: BenchArguments): BenchArguments {
  if (args.shrunkBy > 1) return args;
  return { ...args, shrunkBy: SOFTWARE_FACTOR, cases: args.cases.map((each) => shrunk(each, SOFTWARE_FACTOR)) };
}

function headOf(args: BenchArguments, place: Place, python: Python | null): Omit<Report, 'results' | 'load'> {
  const js = args.peers === 'js' || args.peers === 'all';
  const packages = new Set(
    args.cases.flatMap(({ peers }) => peers.map(({ by }) => by).filter((by) => !PYTHON_PEERS.includes(by))),
  );
  const threads =
    args.threads === null ? 'as many threads as they take' : `${args.threads} thread${args.threads === 1 ? '' : 's'}`;
  return {
    ...{ machine: machine(), date: new Date().toISOString().slice(0, 10), place: place.name, device: place.device },
    ...{ software: place.software, clock: args.clock, data: DATA, shrunkBy: args.shrunkBy, peaks: place.peaks },
    versions: [
      `Node ${process.versions.node}`,
      ...(place.version ? [place.version] : []),
      ...(python ? [python.versions] : []),
      ...(js ? [...packages].map((by) => (by === 'embedding-atlas' ? `${by} ${ATLAS_VERSION}` : packageVersion(by))) : []),
    ],
    threads: `ours one thread; Python's peers ${threads}`,
  };
}

async function oneCase(each: Case, args: BenchArguments, place: Place, python: Python | null): Promise<CaseResult> {
  const x = await rowsOf(each);
  const task: Task = { seed: 1, k: each.k, parameter: each.parameter ? await each.parameter(x) : 0 };
  const contenders: Contender[] = [];
  const ours = await place.open(each.work, x, task);
  try {
    if (place.name !== 'Node' || place.device !== 'cpu') contenders.push(await reference(each, x, task));
    for (const peer of each.peers.filter((one) => wants(args.peers, one))) {
      contenders.push(await contender(peer, each, x, task, args, python));
    }
    return await runCase(each, x, ours, contenders, args);
  } finally {
    for (const { runner } of contenders) await runner?.close();
    await ours.close();
  }
}

/** Ours in Node on the CPU: what another place or device answers is checked against it. */
async function reference(each: Case, x: Matrix, task: Task): Promise<Contender> {
  const runner = await openOurs(each.work, x, task, null);
  const check: Check = each.check.kind === 'high' ? { kind: 'high', slack: Math.max(each.check.slack, 0.01) } : each.check;
  return { peer: { by: 'ours on the CPU', target: null, check }, runner };
}

const wants = (kinds: PeerKinds, { by }: Peer): boolean =>
  kinds === 'all' || kinds === (PYTHON_PEERS.includes(by) ? 'python' : 'js');

async function contender(
  peer: Peer,
  each: Case,
  x: Matrix,
  task: Task,
  args: BenchArguments,
  python: Python | null,
): Promise<Contender> {
  const { by, once = false } = peer;
  const isPython = PYTHON_PEERS.includes(by);
  if (isPython && !python) return { peer, runner: null, missing: `${args.pythons.join(' and ')}: no scikit-learn` };
  try {
    if (!python || !isPython) return { peer, runner: await openPackage(by, once, each.work, x, task) };
    return {
      peer,
      runner: await openPython({ python: python.command, by, once, threads: args.threads, work: each.work, x, task }),
    };
  } catch (error) {
    return { peer, runner: null, missing: error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : String(error) };
  }
}

async function openPlace({ place, device, peak }: BenchArguments): Promise<Place> {
  if (place === 'chromium') return await inChromium(device, peak);
  if (device === 'cpu') return inNode(null, []);
  const opened = await openNodeDevice();
  return inNode(opened, peaksOf(opened.gpu.adapterName, peak, await measuredPeak(opened)));
}

function inNode(opened: BenchDevice | null, peaks: readonly Peak[]): Place {
  return {
    ...{ name: 'Node', device: opened ? `WebGPU on ${opened.gpu.adapterName}` : 'cpu', software: opened?.gpu.software ?? false },
    ...{ version: null, peaks, open: (work, x, task) => openOurs(work, x, task, opened) },
    close: async () => opened?.gpu.destroy(),
  };
}

async function inChromium(device: 'cpu' | 'webgpu', peak: BenchArguments['peak']): Promise<Place> {
  // Apart from the rest: the bundle for a bare machine has neither Vite nor Playwright.
  const { openBrowser } = await import('./chromium.ts');
  const { version, adapter, open, close } = await openBrowser(device === 'webgpu');
  return {
    ...{
      name: 'Chromium, headless',
      device: adapter ? `WebGPU on ${adapter.name}` : 'cpu',
      software: adapter?.software ?? false,
    },
    ...{ version, peaks: adapter ? peaksOf(adapter.name, peak, adapter.peak) : [], open, close },
  };
}

/** The one measured here, and the one that was given or is known. */
function peaksOf(adapterName: string, given: BenchArguments['peak'], measured: Peak): Peak[] {
  const told: Peak | null = given
    ? { flops: given.teraflops * 1e12, bytes: given.gigabytes * 1e9, source: 'given on the command line' }
    : knownPeak(adapterName);
  return told ? [measured, told] : [measured];
}
