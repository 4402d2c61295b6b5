import { hasSimd } from '../wasm/index.ts';
import bytes from '../wasm/walk.as.ts?wasm';
import { HIGHEST_BITS, LOWEST_BITS, TABLE_SHIFT } from './forces.ts';
import type { Walk, WalkInput } from './walk.ts';

/** The exports of walk.as.ts. */
interface Kernels {
  setup(...values: number[]): void;
  walk: Walk;
}

const PAGE = 65536;
const MOST_BYTES = 1.9 * 2 ** 30;

let compiled: WebAssembly.Module | null = null;

/**
 * The descent in WASM, with copies of all arrays: its `positions` are a view of them. Holds 8 bytes a row and 8 a tie. Null
 * where there is no SIMD or no room.
 */
export function openWalkWasm(input: WalkInput): { walk: Walk; positions: Float32Array } | null {
  const { positions, offsets, tails, rates, pull, push } = input;
  if (!hasSimd()) return null;
  const arrays = [positions, offsets, tails, rates, pull, push];
  const starts = [64];
  for (const array of arrays) starts.push((starts.at(-1) as number) + 64 * Math.ceil(array.byteLength / 64));
  const memory = memoryOf(starts.at(-1) as number);
  if (!memory) return null;
  for (const [i, array] of arrays.entries()) {
    const from = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    new Uint8Array(memory.buffer, starts[i]).set(from);
  }
  compiled ??= new WebAssembly.Module(bytes);
  const kernels = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels;
  kernels.setup(...starts.slice(0, 6), LOWEST_BITS, HIGHEST_BITS, TABLE_SHIFT, offsets.length - 1, input.held, ...input.state);
  return { walk: kernels.walk, positions: new Float32Array(memory.buffer, starts[0], positions.length) };
}

function memoryOf(size: number): WebAssembly.Memory | null {
  if (size > MOST_BYTES) return null;
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(size / PAGE) });
  } catch {
    return null;
  }
}
