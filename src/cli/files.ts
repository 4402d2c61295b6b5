import { openAsBlob } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ByteSource, inputError } from '../domain/index.ts';

/** A file of the disk as the reader wants it; nothing is loaded until it is streamed. */
export async function openFile(path: string): Promise<ByteSource> {
  const found = await stat(path).catch((cause: unknown) => {
    throw inputError('no-file', `There is no file ${path}.`, 'Check the path.', cause);
  });
  if (!found.isFile()) throw inputError('no-file', `${path} is not a file.`, 'Name one or more CSV or TSV files.');
  const blob = await openAsBlob(path);
  return { name: basename(path), size: blob.size, stream: () => blob.stream() as ReadableStream<Uint8Array<ArrayBuffer>> };
}

export async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw inputError('no-file', `${path} cannot be read.`, 'Check the path.', cause);
  });
}
