export { adviseModel, languageNote } from './advice.ts';
export { clearVectorCaches, listVectorCaches, openVectorCache } from './cache/index.ts';
export {
  createEmbedder,
  createNodeEmbedder,
  createNodeRunner,
  type EmbedderOptions,
  keepEmbedder,
  type NodeEmbedderOptions,
} from './create.ts';
export { measureLanguages } from './languages.ts';
export { createLexicalEmbedder, LEXICAL_CARD } from './lexical/index.ts';
export { BUILT_IN_CARD, BUILT_IN_ID, HUB_MODELS, KNOWN } from './registry.ts';
export { createRunnerHost, localRunner, nodeRunner, type Runner, webRunner } from './runner.ts';
export { createBrowserShelf, createNodeShelf, type ModelShelf } from './shelf.ts';
export { type ModelSource, readFrom, sourceOf } from './source.ts';
export { browserLibrary, type ModelLibrary, openModelFolder, openStored } from './store/index.ts';
export { browserVerdicts } from './verdicts.ts';
