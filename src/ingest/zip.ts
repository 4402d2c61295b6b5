import { BlobReader, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';
import { AppError, inputError } from '../domain/index.ts';
import { chunksOf, streamOf, UnpackBound } from './unpacking.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A worker of the library's own would be one more place to guard, and reading happens in a worker already. */
const OPTIONS = { useWebWorkers: false, checkCrc32: true } as const;

/** One file in an archive. */
export interface ZipMember {
  /** With its folders. */
  readonly path: string;
  readonly size: number;
  readonly encrypted: boolean;
  /** The bytes, unpacked. Throws AppError input, through the stream, where they are damaged. */
  stream(): ReadableStream<Bytes>;
}

/** PKZIP APPNOTE 4.3.7 and, of an empty archive, 4.3.16. */
export const looksZipped = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));

/**
 * The files in an archive, folders left out, in the order of its directory.
 * @throws AppError input where the directory at its end can't be read
 */
export async function zipMembers(name: string, archive: Blob): Promise<ZipMember[]> {
  const entries = await new ZipReader(new BlobReader(archive), OPTIONS).getEntries().catch((cause: unknown) => {
    throw damagedZip(name, cause);
  });
  return entries.flatMap((entry) => {
    if (entry.directory) return [];
    const path = entry.filename;
    const stream = (): ReadableStream<Bytes> => streamOf(unpacked(`${name}/${path}`, entry));
    return [{ path, size: entry.uncompressedSize, encrypted: entry.encrypted, stream }];
  });
}

async function* unpacked(name: string, entry: FileEntry): AsyncGenerator<Bytes, void, undefined> {
  const bound = new UnpackBound(name, entry.compressedSize);
  const { readable, writable } = new TransformStream<Bytes, Bytes>();
  let failure: unknown;
  // Where the library gives up before it writes, it leaves the stream open, and whoever reads would wait for ever.
  const unpacking = entry.getData(writable, OPTIONS).catch((error: unknown) => {
    failure = error;
    // The reader is told of `failure`; a stream that is closed already can't be aborted.
    return writable.abort(error).catch(() => {});
  });
  try {
    for await (const bytes of chunksOf(readable)) {
      bound.add(bytes.length);
      yield bytes;
    }
    await unpacking;
  } catch (error) {
    throw error instanceof AppError ? error : damagedZip(name, failure ?? error);
  }
  if (failure !== undefined) throw damagedZip(name, failure);
}

const damagedZip = (name: string, cause: unknown): AppError =>
  inputError(
    'zip-damaged',
    `${name} can't be unpacked: the archive is cut off or damaged.`,
    'Copy or download the archive again, or unpack it and choose the files inside.',
    cause,
  );
