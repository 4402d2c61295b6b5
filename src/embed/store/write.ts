import { createSHA256 } from 'hash-wasm';
import type { JobContext, StoredFile } from '../../domain/index.ts';
import { openSync, writeAll } from '../opfs.ts';
import type { Member } from './folder.ts';

/** The folder of a path, made where it is not there, and the name in it. */
export async function placeOf(
  root: FileSystemDirectoryHandle,
  path: string,
  create: boolean,
): Promise<{ folder: FileSystemDirectoryHandle; name: string }> {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  let folder = root;
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
  return { folder, name };
}

/** Copies a file into `root`; its hash is made on the way, so that a large one is read once. @param onBytes written so far */
export async function writeMember(
  root: FileSystemDirectoryHandle,
  member: Member,
  ctx: JobContext,
  onBytes: (bytes: number) => void,
): Promise<StoredFile> {
  const { folder, name } = await placeOf(root, member.path, true);
  const file = await openSync(await folder.getFileHandle(name, { create: true }));
  const hash = (await createSHA256()).init();
  let bytes = 0;
  try {
    file.truncate(0);
    await eachChunk(member.stream(), async (chunk) => {
      await ctx.checkpoint();
      writeAll(file, chunk, bytes);
      hash.update(chunk);
      bytes += chunk.length;
      onBytes(bytes);
    });
    file.flush();
  } finally {
    file.close();
  }
  return { path: member.path, bytes, sha256: hash.digest('hex') };
}

export async function writeText(root: FileSystemDirectoryHandle, name: string, text: string): Promise<void> {
  const file = await openSync(await root.getFileHandle(name, { create: true }));
  try {
    file.truncate(0);
    writeAll(file, new TextEncoder().encode(text), 0);
    file.flush();
  } finally {
    file.close();
  }
}

/** Not `for await`, which Safari's streams lack. The stream is cancelled where `use` throws. */
async function eachChunk(stream: ReadableStream<Uint8Array>, use: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) await use(part.value);
  } catch (error) {
    // The stream may have ended by the same error, which is told.
    await reader.cancel(error).catch(() => {});
    throw error;
  } finally {
    reader.releaseLock();
  }
}
