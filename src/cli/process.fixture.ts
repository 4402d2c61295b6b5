import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the bundled command line, made before the tests. */
    readonly cli: string;
  }
}

/** For tests: what a user sees of one run of the command line. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of stderr that are not blank. */
  readonly told: readonly string[];
  readonly seconds: number;
}

export interface RunOptions {
  /** Milliseconds after which the run counts as hung; 60,000 unless told. */
  readonly timeout?: number;
  /** The folder of the project unless told. */
  readonly cwd?: string;
}

export const PROJECT = resolve(import.meta.dirname, '../..');

/** The command line as a process of its own, as a user starts it. Rejects if it had to be killed. */
export const runCli = (args: readonly string[], options: RunOptions = {}): Promise<Run> =>
  runProcess(process.execPath, [inject('cli'), ...args], options);

export function runProcess(file: string, args: readonly string[], { timeout = 60_000, cwd = PROJECT }: RunOptions): Promise<Run> {
  const start = performance.now();
  return new Promise((done, fail) => {
    const child = execFile(file, [...args], { cwd, timeout, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const seconds = (performance.now() - start) / 1000;
      if (child.exitCode === null) return fail(error ?? new Error(`${file} ended without an exit code`));
      done({ code: child.exitCode, stdout, stderr, told: stderr.split('\n').filter((line) => line.trim() !== ''), seconds });
    });
  });
}

/** A folder for one test file; `remove` in afterAll. */
export interface Folder {
  readonly path: (name: string) => string;
  write(name: string, content: string | Uint8Array): Promise<string>;
  read(name: string): Promise<string>;
  remove(): Promise<void>;
}

export async function temporaryFolder(): Promise<Folder> {
  const root = await mkdtemp(join(tmpdir(), 'murmuration-cli-'));
  const path = (name: string): string => join(root, name);
  return {
    path,
    async write(name, content) {
      await writeFile(path(name), content);
      return path(name);
    },
    read: (name) => readFile(path(name), 'utf8'),
    remove: () => rm(root, { recursive: true }),
  };
}

/** Lines of assignments.csv as records; no id of the tests needs quoting. */
export function readAssignments(csv: string): Record<string, string>[] {
  const [header = '', ...lines] = csv.trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}
