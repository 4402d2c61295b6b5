import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Matrix } from '../../domain/index.ts';
import type { PeerName } from './cases.ts';
import type { Output, Runner, Timed } from './types.ts';
import type { Task, WorkName } from './work.ts';

/** Beside the bundled program on a bare machine, else in the repository. */
const SCRIPT = [join(import.meta.dirname, 'peers.py'), 'src/build/bench/peers.py'].find((file) => existsSync(file)) ?? 'peers.py';

/** What numpy's and numba's libraries are told; their own choice where `threads` is null. */
export function threadVariables(threads: number | null): Record<string, string> {
  if (threads === null) return {};
  const names = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMBA_NUM_THREADS'];
  return Object.fromEntries(names.map((name) => [name, String(threads)]));
}

export interface Python {
  readonly command: string;
  /** "scikit-learn 1.2.1, numpy ..." */
  readonly versions: string;
}

/** The first of the commands that is a Python with scikit-learn; null if none is. */
export function findPython(commands: readonly string[]): Python | null {
  for (const command of commands) {
    const { status, stdout } = spawnSync(command, [SCRIPT, 'versions'], { encoding: 'utf8' });
    if (status === 0) return { command, versions: stdout.trim() };
  }
  return null;
}

export interface PythonJob {
  readonly python: string;
  readonly by: PeerName;
  readonly once: boolean;
  /** Null: as many as the libraries take. */
  readonly threads: number | null;
  readonly work: WorkName;
  readonly x: Matrix;
  readonly task: Task;
}

/** One Python process a case, which holds the rows and runs whenever it is asked. */
export async function openPython(job: PythonJob): Promise<Runner> {
  const folder = mkdtempSync(join(tmpdir(), 'murmuration-bench-'));
  try {
    const file = join(folder, 'rows');
    writeFileSync(file, new Uint8Array(job.x.data.buffer, job.x.data.byteOffset, job.x.data.byteLength));
    const { k, parameter } = job.task;
    const args = [SCRIPT, job.work, file, String(job.x.cols), String(k), String(parameter), folder];
    const lines = new Lines(spawn(job.python, args, { env: { ...process.env, ...threadVariables(job.threads) } }), job.by);
    await lines.next();
    return {
      by: job.by,
      once: job.once,
      run: async (seed) => {
        lines.say(String(seed));
        return timed(JSON.parse(await lines.next()), folder);
      },
      close: async () => {
        await lines.end();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

interface Reply {
  readonly wall: number;
  readonly cpu: number;
  readonly value?: number;
  readonly parts: readonly ('labels' | 'ids' | 'layout')[];
}

function timed({ wall, cpu, value, parts }: Reply, folder: string): Timed {
  const output: { -readonly [Part in keyof Output]: Output[Part] } = value === undefined ? {} : { value };
  for (const part of parts) {
    const bytes = Uint8Array.from(readFileSync(join(folder, part))).buffer;
    if (part === 'layout') output.layout = new Float32Array(bytes);
    else output[part] = new Int32Array(bytes);
  }
  return { output, wall, cpu };
}

/** The process's lines, one asked for at a time. */
class Lines {
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<void>;
  #stderr = '';

  constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly name: string,
  ) {
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#ended = new Promise((resolve) => {
      child.once('close', () => resolve());
      child.once('error', (error) => {
        this.#stderr += error.message;
        resolve();
      });
    });
    child.stderr.on('data', (chunk) => {
      this.#stderr += chunk;
    });
    // A process that has ended tells so by its last line's absence.
    child.stdin.on('error', () => {});
  }

  say(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  async next(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (!done) return value;
    await this.#ended;
    throw new Error(`${this.name} failed:\n${this.#stderr.trim().split('\n').slice(-5).join('\n')}`);
  }

  async end(): Promise<void> {
    this.child.stdin.end();
    await this.#ended;
  }
}
