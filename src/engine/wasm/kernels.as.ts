/**
 * The WASM kernels. Rows are float32, `stride` bytes each (a multiple of 16), zeros after the last dimension; every pointer is
 * a byte offset into the imported memory, which the caller lays out; nothing is allocated here.
 */
export { dotBytes } from './bytes.as';
export { joinCloseTile, joinLists, labelRows } from './close.as';
export { ownSquared, pairSquared } from './exact.as';
export { findActive, moveSizes, moveSums, settle, tighten } from './lloyd.as';
export { nearestTwo } from './nearest.as';
export { offerOwnTile, offerTile } from './neighbours.as';
export { addScatter, crossProducts, packColumns, packRows, rotateLines } from './products.as';
export { distanceRows, nextEdge, relax } from './reach.as';
export { columnSquares, columnSums, norms, shift } from './rows.as';
export { reduceByCandidates } from './seeding.as';
export { addByLabel, rootTile, squaredDistanceTile, transposeTile, weighTile } from './tile.as';
