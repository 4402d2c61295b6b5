import { constants, openAsBlob } from 'node:fs';
import { access, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type ByteSource, inputError } from '../domain/index.ts';

/** A file of the disk as the reader wants it; nothing is loaded until it is streamed. */
export async function openFile(path: string): Promise<ByteSource> {
  const found = await stat(path).catch((cause: unknown) => {
    throw inputError('no-file', `There is no file ${path}.`, 'Check the path.', cause);
  });
  if (!found.isFile()) throw inputError('no-file', `${path} is not a file.`, 'Name one or more CSV or TSV files.');
  const blob = await openAsBlob(path);
  return {
    name: basename(path),
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
