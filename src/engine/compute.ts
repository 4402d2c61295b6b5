import type { GpuContext } from '../gpu/index.ts';
import type { GpuBudget } from './device/index.ts';
import type { Team } from './team/index.ts';

/** Where a step may run. The device is always passed in; the engine opens none. */
export type Compute = CpuCompute | GpuCompute;

/** More threads. What comes out is the same with them and without. */
interface Threads {
  readonly team?: Team;
  /** Multiply-adds of one pass over the rows that are worth waking other threads for; 0 if not given. */
  readonly leastShared?: number;
}

/** The processor: WASM where there is 128-bit SIMD, else plain loops. */
export interface CpuCompute extends Threads {
  readonly device: 'cpu';
}

export interface GpuCompute extends Threads {
  readonly device: 'webgpu';
  readonly gpu: GpuContext;
  /** Told, in the user's words, each time a step gave the device up and went on on the CPU. */
  readonly onFallback?: (reason: string) => void;
  /**
   * Steps of fewer multiply-adds stay on the CPU, which has done them before the device has answered; 0 if not given. A fixed
   * number and not a measured one: what ran where must not change from run to run (P2).
   */
  readonly leastWork?: number;
  /** Smaller pieces than the device asks for; for tests. */
  readonly budget?: Partial<GpuBudget>;
}

export const CPU: CpuCompute = { device: 'cpu' };

/** The processor alone, with the same threads. */
export const cpuOf = ({ team, leastShared = 0 }: Compute): CpuCompute => (team ? { device: 'cpu', team, leastShared } : CPU);
