import type { GpuContext } from '../../gpu/index.ts';

/** Rows [start, end). */
export interface Chunk {
  readonly start: number;
  readonly end: number;
}

/** What one binding and one dispatch may hold. Tests make them small; users get what the device has. */
export interface GpuBudget {
  /** Bytes of the largest array that is bound. */
  readonly bindingBytes: number;
  /** Milliseconds that one dispatch should take: Windows ends a shader after about two seconds, and Cancel waits for one. */
  readonly dispatchMs: number;
  /** Most multiply-adds of one dispatch, whatever the adapter did before. */
  readonly dispatchWork: number;
  /** Most workgroups along one axis of a dispatch. */
  readonly dispatchGroups: number;
}

export function budgetOf(gpu: GpuContext, budget: Partial<GpuBudget> = {}): GpuBudget {
  return {
    bindingBytes: gpu.maxBindingBytes,
    dispatchMs: 100,
    dispatchWork: 2 ** 46,
    dispatchGroups: gpu.device.limits.maxComputeWorkgroupsPerDimension,
    ...budget,
  };
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
