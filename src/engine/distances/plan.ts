import type { GpuContext } from '../../gpu/index.ts';

/** Rows [start, end). */
export interface Chunk {
  readonly start: number;
  readonly end: number;
}

/** What one binding and one dispatch may hold. */
export interface GpuBudget {
  /** Bytes of the largest array that is bound. */
  readonly bindingBytes: number;
  /** Multiply-adds of one dispatch: Windows ends a shader after about two seconds, and Cancel waits for a dispatch. */
  readonly dispatchWork: number;
  /** Rows of one dispatch: 65,535 workgroups of 64. */
  readonly dispatchRows: number;
}

/** 2^30 multiply-adds: half a second on SwiftShader (2 GFLOP/s), under 20 ms on an integrated GPU. */
const DISPATCH_WORK = 2 ** 30;

export function planOf(gpu: GpuContext, budget: Partial<GpuBudget> = {}): GpuBudget {
  const bindingBytes = gpu.maxBindingBytes;
  const dispatchRows = gpu.device.limits.maxComputeWorkgroupsPerDimension * 64;
  return { bindingBytes, dispatchWork: DISPATCH_WORK, dispatchRows, ...budget };
}

/** [0, rows) in chunks of `rows` x `cols` float32 that each fit into `bytes`; the last one may be shorter. */
export const chunksOf = (rows: number, cols: number, bytes: number): Chunk[] =>
  slicesOf(rows, Math.max(1, Math.floor(bytes / (4 * Math.max(1, cols)))));

/** [0, count) in pieces of `size`; the last one may be shorter. */
export function slicesOf(count: number, size: number): Chunk[] {
  const out: Chunk[] = [];
  for (let start = 0; start < count; start += size) out.push({ start, end: Math.min(count, start + size) });
  return out;
}
