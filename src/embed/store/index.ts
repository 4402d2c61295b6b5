import type { ModelSource } from '../source.ts';
import { browserLibrary } from './browser.ts';

export { browserLibrary } from './browser.ts';
export type { DroppedFile, ModelLibrary } from './library.ts';
export { openModelFolder } from './node-folder.ts';

/** The model of that id in the origin's own storage; null where it is not there. Works offline. */
export const openStored = (id: string): Promise<ModelSource | null> => browserLibrary().open(id);
