export { type Arena, borrowArena, enableSimd, hasSimd, returnArena } from './arena.ts';
export { copyRows, meanVariance, type OpenRows, openRows, padded, type RowsInArena, roundingBound, strideOf } from './rows.ts';
