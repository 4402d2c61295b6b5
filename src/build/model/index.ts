export { buildModelVariants, ensureBuiltInModel, MODEL_ID, packageRoot } from './ensure.ts';
export type { Variant } from './linear.ts';
