export { type BuiltFile, buildModel, ensureBuiltInModel, MODEL_ID, type ModelBuildReport, packageRoot } from './ensure.ts';
