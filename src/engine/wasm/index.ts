export { ARENA_BYTES, type Arena, borrowArena, enableSimd, hasSimd, NoMemory, returnArena, withArena } from './arena.ts';
export type { Pointer } from './kernels.ts';
export { Place } from './place.ts';
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
export { columnTask, normRows, rowTask, shareColumns, shareRows, shiftRows, squareColumns, sumColumns } from './shares.ts';
export {
  type CrossRows,
  crossTask,
  forWasmPairs,
  onlyPart,
  type PairRows,
  pairTask,
  shareCross,
  sharePairs,
  stretchOf,
  WASM_TILE,
} from './tiles.ts';
