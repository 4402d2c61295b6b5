import { tablesAmong } from '../../domain/index.ts';

/** A file or folder of a drop, as browsers give it (File and Directory Entries API). */
export interface DroppedEntry {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  /** From the folder that was dropped, with a leading slash. */
  readonly fullPath: string;
  file?(done: (file: File) => void, failed: (error: unknown) => void): void;
  createReader?(): { readEntries(done: (entries: DroppedEntry[]) => void, failed: (error: unknown) => void): void };
}

/**
 * All files of a drop; where folders are among them those that are tables by their names, called with the folders (`export/2024/may.csv`) and sorted by it.
 * Must be called while the drop is handled: afterwards the browser has forgotten what was dropped.
 */
export async function droppedFiles(transfer: Pick<DataTransfer, 'items' | 'files'>): Promise<File[]> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry() as DroppedEntry | null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...transfer.files];
  return tablesAmong(await filesBelow(entries.filter((entry) => entry !== null)));
}

/** All files of a drop, whatever they are, with the folders above them in their names. Must be called while the drop is handled, too. */
export async function allDropped(transfer: Pick<DataTransfer, 'items' | 'files'>): Promise<File[]> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry() as DroppedEntry | null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...transfer.files];
  return filesBelow(entries.filter((entry) => entry !== null));
}

export async function filesBelow(entries: readonly DroppedEntry[]): Promise<File[]> {
  const found = await Promise.all(entries.map(filesOf));
  return byName(found.flat());
}

async function filesOf(entry: DroppedEntry): Promise<File[]> {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isDirectory) return filesBelow(await entriesOf(entry));
  const file = await new Promise<File>((done, failed) => entry.file?.(done, failed));
  return [withPath(file, path)];
}

/** A folder gives its entries in portions, and an empty one at the end. */
async function entriesOf(folder: DroppedEntry): Promise<DroppedEntry[]> {
  const reader = folder.createReader?.();
  const all: DroppedEntry[] = [];
  if (!reader) return all;
  for (;;) {
    const some = await new Promise<DroppedEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** Files of a chosen folder, as {@link droppedFiles} gives those of a dropped one. */
export const chosenFiles = (files: readonly File[]): File[] =>
  tablesAmong(byName(files.map((file) => withPath(file, file.webkitRelativePath || file.name))));

const byName = (files: readonly File[]): File[] => files.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

const withPath = (file: File, path: string): File =>
  path === file.name ? file : new File([file], path, { type: file.type, lastModified: file.lastModified });
