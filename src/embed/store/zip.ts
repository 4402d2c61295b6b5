import { BlobReader, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';
import { type AppError, inputError } from '../../domain/index.ts';
import type { Member } from './folder.ts';
import { lazyStream } from './lazy-stream.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A worker of the library's own would be one more place to guard, and this runs in a worker already. */
const OPTIONS = { useWebWorkers: false, checkCrc32: true } as const;

/** PKZIP APPNOTE 4.3.7. */
export async function isZip(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
}

/**
 * The files in an archive, unpacked as they are read.
 * @throws AppError input where it can't be read, and where it wants a password
 */
export async function zipMembers(name: string, archive: Blob): Promise<Member[]> {
  const entries = await new ZipReader(new BlobReader(archive), OPTIONS).getEntries().catch((cause: unknown) => {
    throw damaged(name, cause);
  });
  return entries.flatMap((entry) => {
    if (entry.directory) return [];
    if (entry.encrypted) {
      throw inputError('zip-encrypted', `${name} wants a password.`, 'Unpack it, and drop the folder.');
    }
    return [{ path: entry.filename, size: entry.uncompressedSize, stream: () => unpacked(name, entry) }];
  });
}

/** No more bytes than the archive's directory says, which is what room was looked for. */
function unpacked(name: string, entry: FileEntry): ReadableStream<Bytes> {
  let bytes = 0;
  const bounded = (): TransformStream<Bytes, Bytes> =>
    new TransformStream({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes > entry.uncompressedSize) controller.error(damaged(name));
        else controller.enqueue(chunk);
      },
    });
  const open = async (): Promise<ReadableStream<Bytes>> => {
    const { readable, writable } = bounded();
    // Where the library gives up it may leave the stream open, and whoever reads would wait for ever.
    entry.getData(writable, OPTIONS).catch((cause: unknown) => writable.abort(cause).catch(() => {}));
    return readable;
  };
  return lazyStream(open, (cause) => damaged(name, cause));
}

const damaged = (name: string, cause?: unknown): AppError =>
  inputError(
    'zip-damaged',
    `${name} can’t be unpacked: the archive is cut off or damaged.`,
    'Copy or download it again, or unpack it and drop the folder.',
    cause,
  );
