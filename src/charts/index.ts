export * from './alluvial.ts';
export type * from './alluvial-order.ts';
export * from './colour.ts';
export * from './extent.ts';
export * from './geometry.ts';
export * from './labels.ts';
export * from './motion.ts';
export * from './sparkline.ts';
export * from './timeline.ts';
