/** A stand-in for the browser's own storage (OPFS), for Node: what our code uses of it, with its locks, its quota and its errors. */
export interface FakeOpfs {
  readonly root: FileSystemDirectoryHandle;
  /** Bytes that all files may have together; what would make them more throws QuotaExceededError. */
  quota: number;
  /** Paths of all files, sorted: `vectors/a.bin`. */
  paths(): string[];
  /** The bytes of a file, a copy. */
  read(path: string): Uint8Array<ArrayBuffer>;
  /** Changes the bytes of a file behind the back of who wrote it. */
  tamper(path: string, change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): void;
  /** Ends all sync access handles as the end of their worker does: what was written stays. */
  dropHandles(): void;
}

interface Stored {
  bytes: Uint8Array<ArrayBuffer>;
  /** A clock of the storage's own: every write is later than those before. */
  modified: number;
  /** The sync access handle that has it to itself. */
  holder: object | null;
}

type Folder = Map<string, Stored | Folder>;

export function fakeOpfs(quota = Number.POSITIVE_INFINITY): FakeOpfs {
  const top: Folder = new Map();
  const storage: Storage = { quota, clock: 0, top };
  const fileAt = (path: string): Stored => {
    const found = path
      .split('/')
      .reduce<Stored | Folder | undefined>((at, n) => (at instanceof Map ? at.get(n) : undefined), top);
    if (found === undefined || found instanceof Map) throw new Error(`the storage has no file ${path}`);
    return found;
  };
  return {
    root: directoryHandle('', top, storage) as unknown as FileSystemDirectoryHandle,
    get quota() {
      return storage.quota;
    },
    set quota(bytes) {
      storage.quota = bytes;
    },
    paths: () => [...walk(top, '')].map(([path]) => path).sort(),
    read: (path) => fileAt(path).bytes.slice(),
    tamper: (path, change) => {
      const file = fileAt(path);
      file.bytes = change(file.bytes.slice());
    },
    dropHandles: () => {
      for (const [, file] of walk(top, '')) file.holder = null;
    },
  };
}

interface Storage {
  quota: number;
  clock: number;
  readonly top: Folder;
}

function* walk(folder: Folder, above: string): Generator<[string, Stored]> {
  for (const [name, entry] of folder) {
    if (entry instanceof Map) yield* walk(entry, `${above}${name}/`);
    else yield [`${above}${name}`, entry];
  }
}

const fault = (name: string, message: string): DOMException => new DOMException(message, name);

/** A name that the real one refuses, too. */
function checkName(name: string): void {
  if (name === '' || name === '.' || name === '..' || name.includes('/')) throw new TypeError(`Name is not allowed: ${name}`);
}

function directoryHandle(name: string, folder: Folder, storage: Storage): object {
  const handleOf = ([key, entry]: [string, Stored | Folder]): object =>
    entry instanceof Map ? directoryHandle(key, entry, storage) : fileHandle(key, entry, storage);
  /** As the real ones: asynchronous, and over what is there when they begin. */
  async function* each<T>(pick: (entry: [string, Stored | Folder]) => T): AsyncGenerator<T> {
    for (const entry of [...folder]) yield pick(entry);
  }
  const entry = <T>(key: string, create: boolean, fits: (found: Stored | Folder) => boolean, make: () => Stored | Folder): T => {
    checkName(key);
    const found = folder.get(key);
    if (found !== undefined && !fits(found)) throw fault('TypeMismatchError', `${key} is of the other kind`);
    if (found === undefined && !create) throw fault('NotFoundError', `${key} is not there`);
    const entry = found ?? make();
    folder.set(key, entry);
    return entry as T;
  };
  return {
    kind: 'directory',
    name,
    async getDirectoryHandle(key: string, { create = false } = {}) {
      const isFolder = (found: Stored | Folder): boolean => found instanceof Map;
      return directoryHandle(
        key,
        entry<Folder>(key, create, isFolder, () => new Map()),
        storage,
      );
    },
    async getFileHandle(key: string, { create = false } = {}) {
      const isFile = (found: Stored | Folder): boolean => !(found instanceof Map);
      const fresh = (): Stored => ({ bytes: new Uint8Array(0), modified: ++storage.clock, holder: null });
      return fileHandle(key, entry<Stored>(key, create, isFile, fresh), storage);
    },
    async removeEntry(key: string, { recursive = false } = {}) {
      checkName(key);
      const found = folder.get(key);
      if (found === undefined) throw fault('NotFoundError', `${key} is not there`);
      if (found instanceof Map && found.size > 0 && !recursive) throw fault('InvalidModificationError', `${key} is not empty`);
      const held = found instanceof Map ? [...walk(found, '')].map(([, file]) => file) : [found];
      if (held.some(({ holder }) => holder !== null)) throw fault('NoModificationAllowedError', `${key} is in use`);
      folder.delete(key);
    },
    keys: () => each(([key]) => key),
    values: () => each(handleOf),
    entries: () => each((found) => [found[0], handleOf(found)]),
    [Symbol.asyncIterator]: () => each((found) => [found[0], handleOf(found)]),
  };
}

function fileHandle(name: string, file: Stored, storage: Storage): object {
  return {
    kind: 'file',
    name,
    getFile: async () => new File([file.bytes.slice()], name, { lastModified: file.modified }),
    createSyncAccessHandle: async () => syncHandle(file, storage),
    async createWritable({ keepExistingData = false } = {}) {
      if (file.holder !== null) throw fault('NoModificationAllowedError', `${name} is in use`);
      const draft: Stored = { bytes: keepExistingData ? file.bytes.slice() : new Uint8Array(0), modified: 0, holder: null };
      // What is written becomes the file at `close` alone.
      return new WritableStream<Uint8Array<ArrayBuffer>>({
        write: (chunk) => put(draft, new Uint8Array(chunk), draft.bytes.length, storage),
        close: () => void Object.assign(file, { bytes: draft.bytes, modified: ++storage.clock }),
      });
    },
  };
}

function syncHandle(file: Stored, storage: Storage): object {
  if (file.holder !== null) throw fault('NoModificationAllowedError', 'the file is in use');
  const me = {};
  file.holder = me;
  const check = (): void => {
    if (file.holder !== me) throw fault('InvalidStateError', 'the handle is closed');
  };
  return {
    getSize: () => {
      check();
      return file.bytes.length;
    },
    read: (into: ArrayBufferView, { at = 0 } = {}) => {
      check();
      const part = file.bytes.subarray(at, at + into.byteLength);
      bytesOf(into).set(part);
      return part.length;
    },
    write: (from: ArrayBufferView, { at = 0 } = {}) => {
      check();
      put(file, bytesOf(from), at, storage);
      return from.byteLength;
    },
    truncate: (size: number) => {
      check();
      const bytes = new Uint8Array(size);
      bytes.set(file.bytes.subarray(0, size));
      resize(file, bytes, storage);
    },
    flush: check,
    close: () => {
      if (file.holder === me) file.holder = null;
    },
  };
}

const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function put(file: Stored, part: Uint8Array, at: number, storage: Storage): void {
  const bytes = new Uint8Array(Math.max(file.bytes.length, at + part.length));
  bytes.set(file.bytes);
  bytes.set(part, at);
  resize(file, bytes, storage);
}

function resize(file: Stored, bytes: Uint8Array<ArrayBuffer>, storage: Storage): void {
  const used = [...walk(storage.top, '')].reduce((sum, [, other]) => sum + other.bytes.length, 0);
  if (used - file.bytes.length + bytes.length > storage.quota) throw fault('QuotaExceededError', 'the storage is full');
  file.bytes = bytes;
  file.modified = ++storage.clock;
}
