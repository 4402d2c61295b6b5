import type { Matrix } from '../../domain/index.ts';
import { openSync } from '../opfs.ts';
import { fileName, MOST_BYTES, makeRoom, storageRoot, vectorFolder } from './folder.ts';
import { type KeyOf, keysFor, type VectorSpace } from './keys.ts';
import { createMemoryCache } from './memory.ts';
import { CACHE_NOTES, troubleNote } from './notes.ts';
import type { FoundVectors, VectorCache } from './types.ts';
import { VectorFile } from './vector-file.ts';

export { clearVectorCaches, listVectorCaches } from './folder.ts';
export { normalText, type VectorSpace } from './keys.ts';
export { createMemoryCache } from './memory.ts';
export { createPace, type Pace } from './pace.ts';
export type { FoundVectors, OpenVectorCache, VectorCache } from './types.ts';

export interface CacheOptions extends VectorSpace {
  /** By default the browser's own storage. */
  readonly root?: FileSystemDirectoryHandle;
  /** Of all files of kept vectors together. */
  readonly mostBytes?: number;
}

/**
 * The vectors that texts had in earlier runs, kept in the browser's own storage: one file for each {@link VectorSpace}. The file belongs to one worker
 * at a time: open it for one piece of work, and close it after. Only for dedicated workers; it never throws.
 */
export async function openVectorCache(options: CacheOptions): Promise<VectorCache> {
  const { dims, mostBytes = MOST_BYTES } = options;
  let root: FileSystemDirectoryHandle;
  try {
    root = options.root ?? (await storageRoot());
  } catch {
    return memoryOf(options);
  }
  try {
    const folder = await vectorFolder(root);
    const name = await fileName(options);
    await makeRoom(folder, name, mostBytes);
    const handle = await folder.getFileHandle(name, { create: true });
    const file = await openSync(handle);
    const opened = await VectorFile.open(file, dims).catch((error: unknown) => {
      file.close();
      throw error;
    });
    return cacheOver(opened, await keysFor(options), dims, mostBytes);
  } catch (error) {
    return unusable(dims, troubleNote(error));
  }
}

/** One file's cache. What fails is told once, and from then on it finds or keeps nothing. */
function cacheOver(file: VectorFile, keyOf: KeyOf, dims: number, mostBytes: number): VectorCache {
  const notes: string[] = [];
  if (file.begunAnew) notes.push(CACHE_NOTES.begunAnew);
  if (file.damaged > 0) notes.push(CACHE_NOTES.damaged(file.damaged));
  let open = true;
  let room = true;
  const trouble = (note: string): void => {
    if (!notes.includes(note)) notes.push(note);
  };
  return {
    notes,
    async lookUp(texts) {
      if (!open) return nothing(texts.length, dims);
      try {
        return file.lookUp(texts.map(keyOf));
      } catch (error) {
        trouble(troubleNote(error));
        return nothing(texts.length, dims);
      }
    },
    async keep(texts, vectors, cut = []) {
      if (!open || !room) return;
      try {
        room = file.keep(texts.map(keyOf), { vectors, cut }, mostBytes);
        if (!room) trouble(CACHE_NOTES.tooLarge);
      } catch (error) {
        room = false;
        trouble(troubleNote(error));
      }
    },
    async close() {
      if (!open) return;
      open = false;
      file.close();
    },
  };
}

const nothing = (texts: number, dims: number): FoundVectors => ({
  rows: new Int32Array(texts).fill(-1),
  vectors: { rows: 0, cols: dims, data: new Float32Array(0) } satisfies Matrix,
  cut: new Uint8Array(0),
});

const unusable = (dims: number, note: string): VectorCache => ({
  notes: [note],
  lookUp: async (texts) => nothing(texts.length, dims),
  keep: async () => {},
  close: async () => {},
});

/** Of the worker, where the browser keeps nothing: of the last space alone, since vectors take much memory. */
let inMemory: { readonly of: string; readonly cache: VectorCache } | null = null;

async function memoryOf(options: CacheOptions): Promise<VectorCache> {
  const of = await fileName(options);
  if (inMemory?.of !== of) inMemory = { of, cache: createMemoryCache(options.dims, [CACHE_NOTES.noStorage]) };
  return inMemory.cache;
}
