import { type Arena, borrowArena, NoMemory, returnArena } from '../wasm/index.ts';

/**
 * n x n, starting as the identity: the product of rotations of two neighbouring rows. Eigenvectors are rows, so that a
 * rotation runs over consecutive memory. Whoever opened it closes it.
 */
export interface Rotations {
  /** Row k becomes c row k + s row k+1, and row k+1 becomes c row k+1 - s row k. */
  rotate(k: number, c: number, s: number): void;
  toRows(): Float64Array;
  close(): void;
}

/** In WASM where it is to be had: two values at once, the same bits. */
export function openRotations(n: number): Rotations {
  const arena = borrowArena();
  if (!arena) return plainRotations(n);
  try {
    return wasmRotations(n, arena);
  } catch (error) {
    returnArena(arena);
    if (error instanceof NoMemory) return plainRotations(n);
    throw error;
  }
}

function plainRotations(n: number): Rotations {
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  const rotate = (k: number, c: number, s: number): void => {
    const upper = k * n;
    const lower = upper + n;
    for (let i = 0; i < n; i++) {
      const a = rows[upper + i] as number;
      const b = rows[lower + i] as number;
      rows[upper + i] = c * a + s * b;
      rows[lower + i] = c * b - s * a;
    }
  };
  return { rotate, toRows: () => rows, close: () => {} };
}

/** A line is an even number of values. */
function wasmRotations(n: number, arena: Arena): Rotations {
  const width = n + (n & 1);
  const [at, bytes] = [arena.alloc(n * width * 8), width * 8];
  const identity = arena.f64(at, n * width).fill(0);
  for (let i = 0; i < n; i++) identity[i * width + i] = 1;
  const { rotateLines } = arena.kernels;
  const toRows = (): Float64Array => {
    const lines = arena.f64(at, n * width);
    const rows = new Float64Array(n * n);
    for (let i = 0; i < n; i++) rows.set(lines.subarray(i * width, i * width + n), i * n);
    return rows;
  };
  const rotate = (k: number, c: number, s: number): void => rotateLines(at + k * bytes, at + (k + 1) * bytes, bytes, c, s);
  return { rotate, toRows, close: () => returnArena(arena) };
}
