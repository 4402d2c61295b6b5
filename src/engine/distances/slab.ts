import type { Constants } from '../../gpu/index.ts';
import shader from './slab.wgsl?raw';

/** To be put before a kernel: `slabDots`. */
export const slabShader = shader;

/** How a workgroup of `slabDots` is laid out for a number of columns. */
export interface SlabShape {
  /** Rows that a workgroup does at a time. */
  readonly rows: number;
  /** Values of the kernel's overrides. */
  readonly constants: Constants;
}

/** Dimensions held in workgroup memory at a time, as in the shader. */
const DEPTH = 8;
const LANES = 256;
/** Four columns a lane: 64 are the most of one slab, beyond them they come in slabs of equal width. */
const MOST_ACROSS = 16;
/** Fewer lanes across than this, and the rows of a slab would not find room in 16 KB of workgroup memory. */
const LEAST_ACROSS = 4;
/** 2 x 60 + 4 slots a dimension, made odd, are 16,000 bytes. */
const MOST_DOWN = 60;

/** The narrowest slab that covers `columns` in as few rounds as slabs of 64 would: 12 to 64 columns lose at most 3 sums of a lane's 4. */
export function slabShape(columns: number): SlabShape {
  const rounds = Math.max(1, Math.ceil(columns / (4 * MOST_ACROSS)));
  const TX = Math.max(LEAST_ACROSS, Math.ceil(columns / (4 * rounds)));
  const TY = Math.min(MOST_DOWN, Math.floor(LANES / TX));
  const PITCH = (2 * TY + TX) | 1;
  return { rows: 8 * TY, constants: { TX, TY, PITCH, SLOTS: DEPTH * PITCH } };
}
