import type { GpuContext } from '../gpu/index.ts';
import type { GpuBudget } from './device/index.ts';
import type { Team } from './team/index.ts';

/** Where a step may run. The device is always passed in; the engine opens none. */
export type Compute = CpuCompute | GpuCompute;

/** The processor: WASM where there is 128-bit SIMD, else plain loops. */
export interface CpuCompute {
  readonly device: 'cpu';
  /** More threads, where there are some; what comes out is the same. */
  readonly team?: Team;
}

export interface GpuCompute {
  readonly device: 'webgpu';
  readonly gpu: GpuContext;
  /** More threads for what runs on the CPU. */
  readonly team?: Team;
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
export const cpuOf = ({ team }: Compute): CpuCompute => (team ? { device: 'cpu', team } : CPU);
