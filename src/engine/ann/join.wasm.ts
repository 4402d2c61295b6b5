import type { JobContext, Matrix } from '../../domain/index.ts';
import { hasSimd } from '../wasm/index.ts';
import bytes from '../wasm/join.as.ts?wasm';
import { centredRows, type Join, MOST_CANDIDATES } from './join.ts';

/** The exports of join.as.ts. */
interface Kernels {
  setup(...addresses: number[]): void;
  joinBlock(from: number, to: number, end: number): void;
  joinCandidates(fresh: number, count: number): number;
}

const PAGE = 65536;
/** The largest memory to ask for: engines end at 2 or 4 GB. */
const MOST_BYTES = 1.9 * 2 ** 30;

let compiled: WebAssembly.Module | null = null;

/**
 * {@link Join} in WASM SIMD, distances as |a|^2 + |b|^2 - 2 a.b in float32. Holds a copy of the rows and 9 k + 8 bytes a row.
 * Null where there is no SIMD or no room.
 */
export async function openJoinWasm(x: Matrix, order: Uint32Array, k: number, ctx: JobContext): Promise<Join | null> {
  if (!hasSimd()) return null;
  const width = 4 * Math.ceil(x.cols / 4);
  const [at, size] = plan(x.rows, width, k);
  const memory = memoryOf(size);
  if (!memory) return null;
  compiled ??= new WebAssembly.Module(bytes);
  const kernels = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels;
  const { buffer } = memory;
  const lists = {
    k,
    ids: new Uint32Array(buffer, at.ids, x.rows * k).fill(0xffffffff),
    squared: new Float32Array(buffer, at.squared, x.rows * k).fill(Number.POSITIVE_INFINITY),
    fresh: new Uint8Array(buffer, at.fresh, x.rows * k),
  };
  new Float32Array(buffer, at.worst, x.rows).fill(Number.POSITIVE_INFINITY);
  await centredRows(x, order, width, new Float32Array(buffer, at.rows, x.rows * width), ctx);
  kernels.setup(
    ...([at.rows, at.norms, at.worst, at.ids, at.squared, at.fresh, at.candidates] as const),
    ...([at.gathered, at.sums, width * 4, k, x.rows] as const),
  );
  return {
    lists,
    candidates: new Uint32Array(buffer, at.candidates, MOST_CANDIDATES),
    joinBlock: kernels.joinBlock,
    joinCandidates: kernels.joinCandidates,
    // The memory goes when nothing names it any more.
    close() {},
  };
}

type Part = 'rows' | 'norms' | 'worst' | 'ids' | 'squared' | 'fresh' | 'candidates' | 'gathered' | 'sums';

/** Where each array stands, and how many bytes they take. Four rows more than there are: the kernels read by fours. */
function plan(rows: number, width: number, k: number): [Readonly<Record<Part, number>>, number] {
  let top = 64;
  const room = (bytesNeeded: number): number => {
    const at = top;
    top += 64 * Math.ceil(bytesNeeded / 64);
    return at;
  };
  const at = {
    rows: room((rows + 4) * width * 4),
    norms: room((rows + 4) * 4),
    worst: room((rows + 4) * 4),
    ids: room(rows * k * 4),
    squared: room(rows * k * 4),
    fresh: room(rows * k),
    candidates: room(MOST_CANDIDATES * 4),
    gathered: room((MOST_CANDIDATES + 4) * width * 4),
    sums: room(64),
  };
  return [at, top];
}

function memoryOf(size: number): WebAssembly.Memory | null {
  if (size > MOST_BYTES) return null;
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(size / PAGE) });
  } catch {
    return null;
  }
}
