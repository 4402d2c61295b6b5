import bytes from './kernels.as.ts?wasm';
import type { Kernels, Pointer } from './kernels.ts';

const PAGE = 65536;
/** Memory cannot shrink: a larger one is left to the garbage collector, a smaller one waits for the next call. */
const KEEP_BYTES = 64 * 2 ** 20;
/** The most one memory is asked to hold; more rows get a second one. Engines end at 2 or 4 GB, and want it in one piece. */
export const ARENA_BYTES = 1.5 * 2 ** 30;

let enabled = true;
let compiled: WebAssembly.Module | null | undefined;
let idle: Arena | null = null;

/** Turns the WASM path off or on: for tests and measurements, which must reach the plain path too. */
export function enableSimd(on: boolean): void {
  enabled = on;
}

/** Whether the engine here has 128-bit SIMD; asked once, of the kernels themselves. */
export function hasSimd(): boolean {
  if (compiled === undefined) {
    const able = typeof WebAssembly === 'object' && WebAssembly.validate(bytes);
    compiled = able ? new WebAssembly.Module(bytes) : null;
  }
  return enabled && compiled !== null;
}

/** The engine has no room for an arena of that size: the plain path needs none. */
export class NoMemory extends Error {}

/** The kernels with a memory of their own, filled from the bottom. Whoever borrowed it gives it back. */
export class Arena {
  readonly kernels: Kernels;
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  // Address 0 stays free, so that a pointer that was never set shows.
  #top = 64;

  constructor(module: WebAssembly.Module) {
    // The exports' types are written down by hand beside their source; the tests call each of them.
    this.kernels = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as unknown as Kernels;
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Room for `size` bytes, aligned to a cache line, with whatever was there before. Views taken earlier are void after it. */
  alloc(size: number): Pointer {
    const at = this.#top;
    this.#top = at + Math.ceil(size / 64) * 64;
    const missing = Math.ceil((this.#top - this.bytes) / PAGE);
    if (missing > 0) this.#grow(missing);
    return at;
  }

  #grow(pages: number): void {
    try {
      this.#memory.grow(pages);
    } catch {
      throw new NoMemory();
    }
  }

  /** Forgets all that was allocated. */
  clear(): void {
    this.#top = 64;
  }

  f32 = (at: Pointer, length: number): Float32Array<ArrayBuffer> => new Float32Array(this.#memory.buffer, at, length);
  f64 = (at: Pointer, length: number): Float64Array<ArrayBuffer> => new Float64Array(this.#memory.buffer, at, length);
  i32 = (at: Pointer, length: number): Int32Array<ArrayBuffer> => new Int32Array(this.#memory.buffer, at, length);
}

/** An empty arena, or null where there is no SIMD. */
export function borrowArena(): Arena | null {
  if (!hasSimd()) return null;
  const arena = idle ?? new Arena(compiled as WebAssembly.Module);
  idle = null;
  return arena;
}

/** Ends the use of an arena; what it holds is void. */
export function returnArena(arena: Arena): void {
  arena.clear();
  if (arena.bytes <= KEEP_BYTES) idle = arena;
}

/** What `work` makes in a borrowed arena; null where there is no SIMD or no memory for it. */
export async function withArena<T>(work: (arena: Arena) => Promise<T>): Promise<T | null> {
  const arena = borrowArena();
  if (!arena) return null;
  try {
    return await work(arena);
  } catch (error) {
    if (error instanceof NoMemory) return null;
    throw error;
  } finally {
    returnArena(arena);
  }
}
