import { createModelLibrary, type ModelLibrary } from './library.ts';
import { browserLocks } from './locks.ts';
import { createShelf } from './shelf.ts';

/** The models in the origin's own storage; to be used in a worker, which alone may write there. */
export const browserLibrary = (): ModelLibrary =>
  createModelLibrary(
    createShelf({
      root: () => navigator.storage.getDirectory(),
      room: roomLeft,
      locks: navigator.locks ? browserLocks() : null,
      now: () => Date.now(),
    }),
  );

async function roomLeft(): Promise<number | null> {
  const { quota, usage } = await navigator.storage.estimate().catch(() => ({ quota: undefined, usage: undefined }));
  return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
}
