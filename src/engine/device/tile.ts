import shader from './tile.wgsl?raw';

/** Rows of either side of a tile, as in the shader. */
export const SIDE = 64;

/** To be put before a kernel: `tileDots` and `tileSquared`. */
export default shader;
