import type { JobContext } from '../../domain/index.ts';
import type { OpenRows, RowsInArena } from './rows.ts';

/** Rows of a tile, as in tile.as.ts. */
export const WASM_TILE = 64;
const TILE_BYTES = WASM_TILE * WASM_TILE * 4;

/** Rows of a band of tiles stay in the second-level cache (some 512 KB) while the others pass by. */
const BAND_BYTES = 400_000;

export const bandOf = (stride: number): number => WASM_TILE * Math.max(1, Math.floor(BAND_BYTES / (WASM_TILE * stride)));

/** A tile in the arena: squared distances (float32) of rows [i, i + iCount) to rows [j, j + jCount), 64 to a line. */
export interface WasmTile {
  readonly at: number;
  readonly i: number;
  readonly iCount: number;
  readonly j: number;
  readonly jCount: number;
}

/** The one part of rows whose pairs are wanted: all pairs of more than one arena holds are no work for one machine. */
export const onlyPart = (rows: OpenRows | null): RowsInArena | null =>
  rows?.parts.length === 1 ? (rows.parts[0] as RowsInArena) : null;

/**
 * Visits every tile on and above the diagonal of the squared distances of a part's rows with themselves, in a fixed order,
 * with checkpoints: each row meets the others in ascending order. A tile on the diagonal holds both (i, j) and (j, i).
 */
export async function forWasmPairs(part: RowsInArena, ctx: JobContext, visit: (tile: WasmTile) => void): Promise<void> {
  const at = part.arena.alloc(TILE_BYTES);
  const scratch = part.arena.alloc(64);
  const n = part.rows;
  const band = bandOf(part.stride);
  for (let first = 0; first < n; first += band) {
    const end = Math.min(n, first + band);
    for (let j = first; j < n; j += WASM_TILE) {
      for (let i = first; i < end && i <= j; i += WASM_TILE) {
        visit(fillTile(part, i, part, j, at, scratch));
        await ctx.checkpoint();
      }
    }
    ctx.progress(Math.round(end * n - end ** 2 / 2), Math.round((n * n) / 2));
  }
}

/** Visits every tile of the squared distances of the rows of `a` to those of `b`; both are in one arena, shifted alike. */
export async function forWasmCross(
  a: RowsInArena,
  b: RowsInArena,
  ctx: JobContext,
  visit: (tile: WasmTile) => void,
): Promise<void> {
  const at = a.arena.alloc(TILE_BYTES);
  const scratch = a.arena.alloc(64);
  const band = bandOf(a.stride);
  for (let first = 0; first < a.rows; first += band) {
    const end = Math.min(a.rows, first + band);
    for (let j = 0; j < b.rows; j += WASM_TILE) {
      for (let i = first; i < end; i += WASM_TILE) {
        visit(fillTile(a, i, b, j, at, scratch));
        await ctx.checkpoint();
      }
    }
    ctx.progress(end, a.rows);
  }
}

function fillTile(a: RowsInArena, i: number, b: RowsInArena, j: number, at: number, scratch: number): WasmTile {
  const tile = { at, i, iCount: Math.min(WASM_TILE, a.rows - i), j, jCount: Math.min(WASM_TILE, b.rows - j) };
  a.arena.kernels.squaredDistanceTile(
    ...([a.fast + i * a.stride, a.norms + i * 4, tile.iCount] as const),
    ...([b.fast + j * b.stride, b.norms + j * 4, tile.jCount] as const),
    ...([a.stride, at, scratch] as const),
  );
  return tile;
}
