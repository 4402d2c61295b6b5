import type { KeptVectors } from '../../domain/index.ts';
import { hashOfSpace, type VectorSpace } from './keys.ts';

/** In the browser's own storage. */
const FOLDER = 'vectors';
const ENDING = '.vec';

/**
 * Bytes that the files of all models may have together; those that were used longest ago are removed for the one that is opened. A million vectors
 * of 512 dimensions: more than a tab analyses, and less than every browser grants a page on a disk with some room (Firefox: a tenth of it).
 */
export const MOST_BYTES = 2 * 2 ** 30;

/** The browser's own storage. @throws where there is none, or in a private window */
export async function storageRoot(): Promise<FileSystemDirectoryHandle> {
  const storage = globalThis.navigator?.storage as Partial<StorageManager> | undefined;
  if (!storage?.getDirectory) throw new Error('this browser has no storage for files');
  return storage.getDirectory();
}

/** The name tells people which model it is of, and the hash is what counts. */
export async function fileName(space: VectorSpace): Promise<string> {
  const model = encodeURIComponent(space.model).slice(0, 100);
  return `${model}~${space.dtype}~${space.device}~${(await hashOfSpace(space)).slice(0, 32)}${ENDING}`;
}

export const vectorFolder = (root: FileSystemDirectoryHandle): Promise<FileSystemDirectoryHandle> =>
  root.getDirectoryHandle(FOLDER, { create: true });

interface Found extends KeptVectors {
  readonly file: string;
}

async function filesIn(folder: FileSystemDirectoryHandle): Promise<Found[]> {
  const found: Found[] = [];
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind !== 'file' || !name.endsWith(ENDING)) continue;
    const [model = '', dtype = '', device = ''] = name.split('~');
    const { size, lastModified } = await (handle as FileSystemFileHandle).getFile();
    found.push({ file: name, model: decoded(model), dtype, device, bytes: size, usedAt: lastModified });
  }
  return found.sort((a, b) => b.usedAt - a.usedAt || (a.file < b.file ? -1 : 1));
}

/** A name that was cut may end within an escape. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Removes files that were used longest ago until what is left, `keep` among it, has at most `mostBytes`. One that is in use stays. */
export async function makeRoom(folder: FileSystemDirectoryHandle, keep: string, mostBytes: number): Promise<void> {
  const files = await filesIn(folder);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const { file, bytes: freed } of files.reverse()) {
    if (bytes <= mostBytes) return;
    if (file === keep) continue;
    const gone = await folder.removeEntry(file).then(
      () => true,
      () => false,
    );
    if (gone) bytes -= freed;
  }
}

/** Files of kept vectors, used last first; empty where the browser keeps nothing. Never throws. */
export async function listVectorCaches(root?: FileSystemDirectoryHandle): Promise<KeptVectors[]> {
  try {
    const files = await filesIn(await vectorFolder(root ?? (await storageRoot())));
    return files.map(({ file: _, ...kept }) => kept);
  } catch {
    return [];
  }
}

/** Forgets all kept vectors. Files that a run is using stay. @returns how many stayed */
export async function clearVectorCaches(root?: FileSystemDirectoryHandle): Promise<number> {
  const folder = await storageRoot()
    .catch(() => root)
    .then((own) => root ?? own)
    .then((at) => at && vectorFolder(at));
  if (!folder) return 0;
  let stayed = 0;
  for (const { file } of await filesIn(folder)) await folder.removeEntry(file).catch(() => stayed++);
  return stayed;
}
