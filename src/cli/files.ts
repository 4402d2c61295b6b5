import { constants, openAsBlob } from 'node:fs';
import { access, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { type ByteSource, inputError, tablesAmong } from '../domain/index.ts';

/**
 * Files of the disk as the reader wants them; nothing is loaded until it is streamed. A folder stands for the tables below it, sorted and
 * with the folder in their names, as where it is dropped on the page.
 * @throws AppError input
 */
export async function openFiles(paths: readonly string[]): Promise<ByteSource[]> {
  const found = await Promise.all(
    paths.map(async (path) => ((await isFolder(path)) ? openFolder(path) : [await openFile(path, basename(path))])),
  );
  return found.flat();
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((cause: unknown) => {
    throw inputError('no-file', `There is no file ${path}.`, 'Check the path.', cause);
  });
  if (!found.isFile() && !found.isDirectory())
    throw inputError('no-file', `${path} is not a file.`, 'Name one or more files or folders.');
  return found.isDirectory();
}

async function openFolder(folder: string): Promise<ByteSource[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const tables = tablesAmong(files);
  if (tables.length === 0)
    throw inputError('no-file', `${folder} is a folder without files.`, 'Name one or more files, or another folder.');
  return Promise.all(tables.map(({ name }) => openFile(join(folder, name), `${basename(resolve(folder))}/${name}`)));
}

async function openFile(path: string, name: string): Promise<ByteSource> {
  const blob = await openAsBlob(path);
  return {
    name,
    size: blob.size,
    stream: () => blob.stream() as ReadableStream<Uint8Array<ArrayBuffer>>,
    slice: (start, end) => blob.slice(start, end),
  };
}

export async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw inputError('no-file', `${path} cannot be read.`, 'Check the path.', cause);
  });
}

/**
 * Refuses a folder that cannot be written, before the long work and without making it: what a run with bad input leaves
 * behind is nothing.
 * @throws AppError input
 */
export async function checkFolder(path: string): Promise<void> {
  const existing = await nearestExisting(resolve(path));
  if (!existing.isFolder) throw unwritable(path, `${existing.path} is a file`);
  await access(existing.path, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw unwritable(path, `${existing.path} may not be written`, cause);
  });
}

/** @throws AppError input if the disk refuses, as when it is full */
export async function writeFolder(path: string, files: Readonly<Record<string, string>>): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  } catch (cause) {
    throw unwritable(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** The path itself or the first of its parents that is there. A path below a file is not (ENOTDIR), so the file is found. */
async function nearestExisting(path: string): Promise<{ readonly path: string; readonly isFolder: boolean }> {
  const found = await stat(path).catch(() => null);
  if (found) return { path, isFolder: found.isDirectory() };
  const parent = dirname(path);
  return parent === path ? { path, isFolder: false } : nearestExisting(parent);
}

const unwritable = (path: string, why: string, cause?: unknown) =>
  inputError('out-unwritable', `Nothing can be written to ${path}: ${why}.`, 'Name another folder with --out.', cause);
