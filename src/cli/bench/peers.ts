import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Matrix } from '../../domain/index.ts';
import type { Times } from './measure.ts';

const SCRIPT = 'src/build/bench/peers.py';
/** One thread each, as ours has. */
const ONE_THREAD = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/** The rows as raw float32, for the other process. */
export function writeRows(file: string, x: Matrix): void {
  writeFileSync(file, new Uint8Array(x.data.buffer, x.data.byteOffset, x.data.byteLength));
}

/** The peer's versions, or null where its Python or its packages are not installed. */
export function peerVersions(python: string): string | null {
  const { status, stdout } = spawnSync(python, [SCRIPT, 'versions'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** Runs the peer once on the file and adds its times; returns its answer. */
export function runPeer(python: string, peer: string, file: string, x: Matrix, times: Times): number {
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT, peer, file, String(x.cols)], {
    encoding: 'utf8',
    env: { ...process.env, ...ONE_THREAD },
  });
  if (status !== 0) throw new Error(`${SCRIPT} ${peer} failed:\n${stderr}`);
  const { wall, cpu, answer } = JSON.parse(stdout) as { wall: number; cpu: number; answer: number };
  times.wall.push(wall);
  times.cpu.push(cpu);
  return answer;
}
