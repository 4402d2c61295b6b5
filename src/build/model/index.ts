export {
  type BuiltFile,
  buildModel,
  buildModelVariants,
  ensureBuiltInModel,
  MODEL_ID,
  type ModelBuildReport,
  packageRoot,
} from './ensure.ts';
export type { Variant } from './linear.ts';
