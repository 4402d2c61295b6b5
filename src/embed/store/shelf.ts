import {
  type AppError,
  abilityError,
  AppError as Failure,
  type JobContext,
  type ModelCard,
  type StoredFile,
} from '../../domain/index.ts';
import type { Member } from './folder.ts';
import type { Locks } from './locks.ts';
import { placeOf, writeMember, writeText } from './write.ts';

/** What is written down of a folder when it is whole; a folder without it is none. */
export interface Kept {
  readonly version: 1;
  readonly card: ModelCard;
  readonly source: 'dropped' | 'hub';
  readonly notes: readonly string[];
  readonly files: readonly StoredFile[];
  /** Milliseconds; the newest of the same model goes first. */
  readonly at: number;
}

/** A whole folder. */
export interface Part {
  readonly folder: string;
  readonly kept: Kept;
}

export interface ShelfOptions {
  /** The origin's own storage; rejects where the browser has none (private windows of some). */
  readonly root: () => Promise<FileSystemDirectoryHandle>;
  /** Bytes that may still be written; null where that is not known. */
  readonly room: () => Promise<number | null>;
  /** Null where there is none: then unfinished folders are left. */
  readonly locks: Locks | null;
  readonly now: () => number;
}

/** Folders of models in the browser's own storage: `models/<random name>/`. */
export interface Shelf {
  /** Whole folders, oldest first; empty where there is no storage. */
  parts(): Promise<Part[]>;
  /**
   * Copies the members, has them described, and only then counts them as kept; on failure nothing of them is.
   * @param replaced which folders go when this one is whole
   * @throws AppError ability where there is no storage or no room
   */
  keep(
    members: readonly Member[],
    describe: Describe,
    replaced: (kept: Kept, parts: readonly Part[]) => readonly Part[],
    ctx: JobContext,
  ): Promise<Kept>;
  remove(parts: readonly Part[]): Promise<void>;
  /** A file of a folder; null where it is gone or not as long as it was. */
  open(part: Part, file: StoredFile): Promise<File | null>;
  /** Removes what was left unfinished by tabs that are gone. */
  sweep(): Promise<void>;
}

export type Describe = (
  files: ReadonlyMap<string, File>,
  stored: readonly StoredFile[],
) => Promise<Pick<Kept, 'card' | 'source' | 'notes'>>;

const FOLDER = 'models';
const INDEX = 'model.json';
const LOCK = 'murmuration-models';

export function createShelf({ root, room, locks, now }: ShelfOptions): Shelf {
  const top = async (): Promise<FileSystemDirectoryHandle> => {
    try {
      return await (await root()).getDirectoryHandle(FOLDER, { create: true });
    } catch (cause) {
      throw noStorage(cause);
    }
  };
  const hold = <T>(name: string, work: () => Promise<T>): Promise<T> => (locks ? locks.hold(name, work) : work());
  const parts = async (): Promise<Part[]> => {
    // Without a storage nothing is kept; who wants to keep or open something is told so.
    const found = await foldersOf(await top().catch(() => null));
    return found.flatMap(({ name, kept }) => (kept ? [{ folder: name, kept }] : [])).sort(byAge);
  };
  const drop = async (folder: string): Promise<void> => (await top()).removeEntry(folder, { recursive: true });

  return {
    parts,
    async keep(members, describe, replaced, ctx) {
      const bytes = members.reduce((sum, { size }) => sum + size, 0);
      checkRoom(bytes, await room());
      const folder = crypto.randomUUID();
      return hold(lockOf(folder), async () => {
        try {
          const here = await (await top()).getDirectoryHandle(folder, { create: true });
          const files = await copyAll(here, members, bytes, ctx);
          const described = await describe(await openAll(here, files), files);
          const kept: Kept = { version: 1, ...described, files, at: now() };
          await hold(LOCK, async () => {
            const former = await parts();
            await writeText(here, INDEX, JSON.stringify(kept));
            for (const part of replaced(kept, former)) await drop(part.folder);
          });
          return kept;
        } catch (error) {
          // Without an index it is no model; what can't be removed now `sweep` removes. The first error is the one to tell.
          await drop(folder).catch(() => {});
          throw isFull(error) ? noRoom(bytes, error) : error;
        }
      });
    },
    remove: (gone) =>
      hold(LOCK, async () => {
        for (const { folder } of gone) await drop(folder);
      }),
    async open({ folder }, { path, bytes }) {
      try {
        const place = await placeOf(await (await top()).getDirectoryHandle(folder), path, false);
        const file = await (await place.folder.getFileHandle(place.name)).getFile();
        return file.size === bytes ? file : null;
      } catch {
        return null;
      }
    },
    async sweep() {
      for (const { name, kept } of await foldersOf(await top().catch(() => null))) {
        // Whoever was at work on it may be done by now. What can't be removed is tried again at the next opening.
        const dropHalf = async (): Promise<void> => {
          if (!(await indexOf(await (await top()).getDirectoryHandle(name)))) await drop(name);
        };
        if (!kept) await locks?.tryHold(lockOf(name), () => dropHalf().catch(() => {}));
      }
    },
  };
}

const lockOf = (folder: string): string => `${LOCK}/${folder}`;

const byAge = (a: Part, b: Part): number => a.kept.at - b.kept.at || (a.folder < b.folder ? -1 : 1);

async function foldersOf(top: FileSystemDirectoryHandle | null): Promise<{ name: string; kept: Kept | null }[]> {
  const found: { name: string; kept: Kept | null }[] = [];
  for await (const handle of top?.values() ?? []) {
    if (handle.kind === 'directory') found.push({ name: handle.name, kept: await indexOf(handle as FileSystemDirectoryHandle) });
  }
  return found;
}

/** Null for a folder that is not whole: its writer was stopped. */
async function indexOf(folder: FileSystemDirectoryHandle): Promise<Kept | null> {
  try {
    const text = await (await (await folder.getFileHandle(INDEX)).getFile()).text();
    const kept = JSON.parse(text) as Partial<Kept>;
    return kept.version === 1 && typeof kept.card?.id === 'string' && Array.isArray(kept.files) ? (kept as Kept) : null;
  } catch {
    return null;
  }
}

async function copyAll(
  folder: FileSystemDirectoryHandle,
  members: readonly Member[],
  total: number,
  ctx: JobContext,
): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  let before = 0;
  for (const member of members) {
    files.push(await writeMember(folder, member, ctx, (bytes) => ctx.progress(before + bytes, total)));
    before += member.size;
  }
  return files;
}

async function openAll(root: FileSystemDirectoryHandle, files: readonly StoredFile[]): Promise<Map<string, File>> {
  const open = async ({ path }: StoredFile): Promise<[string, File]> => {
    const { folder, name } = await placeOf(root, path, false);
    return [path, await (await folder.getFileHandle(name)).getFile()];
  };
  return new Map(await Promise.all(files.map(open)));
}

const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === 'QuotaExceededError';

function checkRoom(bytes: number, room: number | null): void {
  if (room !== null && bytes > room) throw noRoom(bytes, undefined, room);
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;

const noRoom = (bytes: number, cause?: unknown, room?: number): AppError =>
  abilityError(
    'model-store-full',
    `There is no room for the model: it needs ${megabytes(bytes)}${room === undefined ? '' : `, and the browser has ${megabytes(room)} left for this page`}. Nothing of it was kept.`,
    'Remove a model that you no longer need, free some disk space, or take a smaller dtype.',
    cause,
  );

const noStorage = (cause: unknown): AppError =>
  cause instanceof Failure
    ? cause
    : abilityError(
        'no-model-store',
        'This browser keeps no files for this page, as in some private windows: a model can’t be added.',
        'Open the page in an ordinary window.',
        cause,
      );
