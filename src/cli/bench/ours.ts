import type { Matrix } from '../../domain/index.ts';
import { type Compute, CPU } from '../../engine/index.ts';
import type { BenchDevice } from './gpu/device.ts';
import { timeOnce } from './timing.ts';
import type { Runner, Timed } from './types.ts';
import { type Task, WORK, type WorkName } from './work.ts';

const WARM_ROWS = 1000;

/** The engine in this process: on the device, or on the CPU where that is null. */
export async function openOurs(work: WorkName, x: Matrix, task: Task, device: BenchDevice | null): Promise<Runner> {
  const given: string[] = [];
  const compute: Compute = device ? { device: 'webgpu', gpu: device.gpu, onFallback: (reason) => given.push(reason) } : CPU;
  const run = async (rows: Matrix, seed: number): Promise<Timed> => {
    device?.profiler.begin();
    const timed = await timeOnce(() => WORK[work](rows, { ...task, seed }, compute));
    if (given.length > 0) throw new Error(`The graphics device was given up: ${given[0]}`);
    return { ...timed, device: device ? await device.profiler.end() : null };
  };
  // Compiles the loops and the kernels, which is not timed.
  await run(firstRows(x, WARM_ROWS), task.seed);
  return { by: device ? 'ours on WebGPU' : 'ours', once: false, run: (seed) => run(x, seed), close: async () => {} };
}

const firstRows = (x: Matrix, count: number): Matrix => {
  const rows = Math.min(count, x.rows);
  return { rows, cols: x.cols, data: x.data.subarray(0, rows * x.cols) };
};
