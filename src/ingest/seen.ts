import type { ByteSource } from '../domain/index.ts';
import type { DetectedForm } from './form/index.ts';
import { hashBytes, second } from './hash.ts';

/** What was found of a file by going through all of its bytes: so that reading it after looking at it need not find it again. */
export interface Seen {
  readonly sha256: string;
  /** Of its tables, by {@link formKey}. */
  readonly forms: Map<string, SeenForm>;
}

export interface SeenForm extends DetectedForm {
  /** Of the unpacked table; of the file where that was not counted. */
  readonly bytes: number;
}

/** Files that are remembered; what is kept of each is small. */
const REMEMBERED = 256;
const PROBE = 64 * 1024;

const byObject = new WeakMap<ByteSource, Seen>();
const byStamp = new Map<string, Seen>();

/** null where the file was not gone through yet. */
export async function recallFile(file: ByteSource): Promise<Seen | null> {
  const known = byObject.get(file);
  if (known) return known;
  const stamp = await stampOf(file);
  return (stamp === null ? undefined : byStamp.get(stamp)) ?? null;
}

export async function rememberFile(file: ByteSource, seen: Seen): Promise<void> {
  byObject.set(file, seen);
  const stamp = await stampOf(file);
  if (stamp === null) return;
  byStamp.set(stamp, seen);
  if (byStamp.size > REMEMBERED) byStamp.delete(byStamp.keys().next().value as string);
}

/**
 * A browser's File is another object each time it comes to a worker, and tells when it was last changed. Bytes from its start, middle and
 * end are looked at as well, since unpacking an archive can give two files one name, size and date.
 */
async function stampOf(file: ByteSource): Promise<string | null> {
  if (!('lastModified' in file)) return null;
  const parts = [file.name, file.size, file.lastModified];
  for (const at of [0, Math.max(0, (file.size - PROBE) >> 1), Math.max(0, file.size - PROBE)]) {
    const bytes = new Uint8Array(await file.slice(at, at + PROBE).arrayBuffer());
    parts.push(hashBytes(bytes, 0, bytes.length), second.hash);
  }
  return JSON.stringify(parts);
}
