export { ARENA_BYTES, type Arena, borrowArena, enableSimd, hasSimd, NoMemory, returnArena, withArena } from './arena.ts';
export {
  addRows,
  copyRows,
  meanVariance,
  type OpenRows,
  openRows,
  padded,
  type RowsInArena,
  roundingBound,
  strideOf,
  withRows,
} from './rows.ts';
export { bandOf, forWasmCross, forWasmPairs, onlyPart, WASM_TILE, type WasmTile } from './tiles.ts';
