import { expose } from 'comlink';
import { abilityError } from '../src/domain/index.ts';
import { adviseModel, clearVectorCaches, createModelLibrary, listVectorCaches } from '../src/embed/index.ts';
import { installErrorTransfer, type ModelsApi } from '../src/protocol/index.ts';

installErrorTransfer();

const library = createModelLibrary();

const unkept = async (): Promise<never> => {
  throw abilityError('no-model-store', 'Models can’t be kept in this browser.', 'Use a model that is here.');
};

const api: ModelsApi = {
  list: library.list,
  add: unkept,
  plan: async (id, dtype, policy) => library.plan(id, dtype, policy),
  download: unkept,
  remove: unkept,
  advise: async (languages) => adviseModel(languages, await library.list()),
  caches: () => listVectorCaches(),
  clearCaches: () => clearVectorCaches(),
  connect: (port) => expose(api, port),
};

expose(api);
