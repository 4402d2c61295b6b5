import { createHash } from 'node:crypto';
import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js';
import { describe, expect, test } from 'vitest';
import { CancelledError, type JobContext, silentContext } from '../../domain/index.ts';
import { fakeOpfs } from '../../testing/index.ts';
import { HUB_MODELS } from '../registry.ts';
import { createModelLibrary, type DroppedFile, type ModelLibrary } from './library.ts';
import type { Locks } from './locks.ts';
import { droppedFiles, fakeLocks, onnxBytes, wholeModel } from './models.fixture.ts';
import { createShelf } from './shelf.ts';

/** Of the models that are known before any is kept, in the order of the list. */
const IDS = ['use-lite', 'lexical', ...HUB_MODELS.map(({ card }) => card.id)];

interface Place {
  readonly quota?: number;
  readonly room?: number | null;
  readonly fetch?: typeof fetch;
}

/** A browser with one storage; every `tab` is another worker of it. */
function setUp({ quota, room = null, fetch: fetchFile = noNetwork }: Place = {}) {
  const storage = fakeOpfs(quota);
  const locks = fakeLocks();
  let clock = 0;
  const tab = (): ModelLibrary =>
    createModelLibrary(
      createShelf({ root: async () => storage.root, room: async () => room, locks, now: () => ++clock }),
      fetchFile,
    );
  const stored = async (library: ModelLibrary) => (await library.list()).filter(({ place }) => place === 'stored');
  return { storage, tab, library: tab(), stored };
}

const noNetwork: typeof fetch = () => Promise.reject(new Error('P1: nothing may be asked for'));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const bytesOf = async (response: Response | undefined): Promise<Uint8Array> =>
  new Uint8Array((await response?.arrayBuffer()) ?? new ArrayBuffer(0));

/** A context that cancels after so many checkpoints. */
function cancelling(after: number): JobContext {
  let left = after;
  return {
    progress: () => {},
    checkpoint: async () => {
      if (left-- <= 0) throw new CancelledError();
    },
  };
}

async function zipOf(files: readonly DroppedFile[]): Promise<DroppedFile> {
  const writer = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
  for (const { path, file } of files) await writer.add(path, new Uint8ArrayReader(new Uint8Array(await file.arrayBuffer())));
  await writer.add('notes.txt', new TextReader('beside the folder'));
  return { path: 'tiny.zip', file: await writer.close() };
}

test('before any is kept the list has the built-in model and those of the hub, each once', async () => {
  const entries = await setUp().library.list();
  expect(entries.map(({ card }) => card.id)).toEqual(IDS);
  expect(entries.map(({ place }) => place)).toEqual(['built-in', 'built-in', ...HUB_MODELS.map(() => 'hub')]);
});

describe('a dropped folder', () => {
  test('is kept file by file with sizes and hashes, and is there for the next tab', async () => {
    const { library, tab, stored } = setUp();
    const files = wholeModel({ 'junk.bin': new Uint8Array(1000) });
    const entry = await library.add(droppedFiles(files), silentContext);
    const onnx = files['onnx/model.onnx'] as Uint8Array;
    expect(entry).toMatchObject({
      place: 'stored',
      source: 'dropped',
      dtypes: ['fp32', 'q8'],
      card: { id: 'tiny', pooling: 'cls' },
    });
    expect(entry.files).toContainEqual({ path: 'onnx/model.onnx', bytes: onnx.length, sha256: sha256(onnx) });
    expect(entry.files.map(({ path }) => path)).not.toContain('junk.bin');
    expect(await stored(tab())).toEqual([entry]);
  });

  test('is opened from the storage alone', async () => {
    const { library, tab } = setUp();
    const files = wholeModel();
    await library.add(droppedFiles(files), silentContext);
    const source = await tab().open('tiny');
    expect(source?.dtypes).toEqual(['fp32', 'q8']);
    expect(await bytesOf(await source?.open('onnx/model.onnx'))).toEqual(files['onnx/model.onnx']);
    expect(await source?.open('onnx/model_q4.onnx')).toBeUndefined();
    expect(await source?.sha256('fp32')).toBe(sha256(files['onnx/model.onnx'] as Uint8Array));
    expect(await tab().open('another')).toBeNull();
  });

  test('tells its progress in bytes, to the last', async () => {
    const told: [number, number][] = [];
    const ctx = { ...silentContext, progress: (done: number, total: number) => void told.push([done, total]) };
    const { files } = await setUp().library.add(droppedFiles(wholeModel()), ctx);
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(told.at(-1)).toEqual([total, total]);
    expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).sort((a, b) => a - b));
  });

  test('takes the place of one with the same name', async () => {
    const { library, storage, stored } = setUp();
    await library.add(droppedFiles(wholeModel()), silentContext);
    const before = storage.paths().length;
    const second = await library.add(droppedFiles(wholeModel({ 'onnx/model_quantized.onnx': null })), silentContext);
    expect(await stored(library)).toEqual([second]);
    expect(storage.paths()).toHaveLength(before - 1);
  });

  test('is removed without a rest', async () => {
    const { library, storage, stored } = setUp();
    await library.add(droppedFiles(wholeModel()), silentContext);
    await library.add(droppedFiles(wholeModel(), 'other'), silentContext);
    await library.remove('tiny');
    expect((await stored(library)).map(({ card }) => card.id)).toEqual(['other']);
    await library.remove('other');
    expect(storage.paths()).toEqual([]);
    await expect(library.remove('other')).resolves.toBeUndefined();
  });

  test('that is wrong is refused before a byte of it is kept, and what was kept stays', async () => {
    const { library, storage } = setUp();
    await library.add(droppedFiles(wholeModel(), 'good'), silentContext);
    const before = storage.paths();
    const cut = wholeModel({ 'onnx/model.onnx': onnxBytes().slice(0, 100) });
    await expect(library.add(droppedFiles(cut), silentContext)).rejects.toMatchObject({ code: 'model-file' });
    expect(storage.paths()).toEqual(before);
  });

  test('with its weights in a second file has a hash of both', async () => {
    const { library } = setUp();
    const model = wholeModel({
      'onnx/model.onnx': onnxBytes({ dataFile: 'model.onnx_data' }),
      'onnx/model.onnx_data': new Uint8Array(500),
    });
    await library.add(droppedFiles(model), silentContext);
    const former = await library.open('tiny');
    const first = await former?.sha256('fp32');
    await library.add(droppedFiles({ ...model, 'onnx/model.onnx_data': new Uint8Array(500).fill(1) }), silentContext);
    const later = await library.open('tiny');
    expect(later?.copy).not.toBe(former?.copy);
    expect(await later?.sha256('fp32')).not.toBe(first);
    expect(await bytesOf(await (await library.open('tiny'))?.open('onnx/model.onnx_data'))).toHaveLength(500);
  });
});

describe('the card of a known model holds for its folder', () => {
  const card = async (files: readonly DroppedFile[]) => (await setUp().library.add(files, silentContext)).card;
  const bert = (size: number) => ({ model_type: 'bert', hidden_size: size });

  test('by the name of the folder, where vectors have that length', async () => {
    const model = wholeModel({ 'config.json': bert(384) });
    expect(await card(droppedFiles(model, 'all-minilm-l6-v2'))).toMatchObject({
      id: 'Xenova/all-MiniLM-L6-v2',
      maxTokens: 256,
      pooling: 'mean',
    });
    expect(await card(droppedFiles(model, 'models--Xenova--bge-small-en-v1.5/snapshots/x'))).toMatchObject({
      id: 'Xenova/bge-small-en-v1.5',
    });
    const other = wholeModel({ 'config.json': bert(100) });
    expect(await card(droppedFiles(other, 'all-minilm-l6-v2'))).toMatchObject({ id: 'all-minilm-l6-v2', dims: 100 });
  });

  test('sizes are those of the files that came', async () => {
    const found = await card(droppedFiles(wholeModel({ 'config.json': bert(384) }), 'all-MiniLM-L6-v2'));
    expect(found.bytes.fp32).toBe(onnxBytes().length);
  });

  test('another file of the built-in model stands beside it', async () => {
    const model = wholeModel({
      'onnx/model.onnx': onnxBytes({ outputs: ['sentence_embedding'] }),
      'onnx/model_quantized.onnx': null,
    });
    expect(await card(droppedFiles(model, 'use-lite'))).toMatchObject({ id: 'own/use-lite', dims: 512, maxTokens: 128 });
  });

  test('a name that settings use otherwise, or that no path takes, becomes another', async () => {
    expect((await card(droppedFiles(wholeModel(), 'auto'))).id).toBe('own/auto');
    expect((await card(droppedFiles(wholeModel(), 'my model (新)'))).id).toBe('my-model');
    expect((await card(droppedFiles(wholeModel(), '新'))).id).toBe('own/model');
  });
});

describe('an archive', () => {
  test('is kept as its folder would be, and named by it', async () => {
    const { library } = setUp();
    const files = droppedFiles(wholeModel());
    const fromZip = await library.add([await zipOf(files)], silentContext);
    const fromFolder = await setUp().library.add(files, silentContext);
    expect(fromZip).toEqual(fromFolder);
  });

  test('that is cut off leaves nothing', async () => {
    const { library, storage } = setUp();
    const { file } = await zipOf(droppedFiles(wholeModel()));
    const cut = [{ path: 'tiny.zip', file: file.slice(0, file.size - 40) }];
    await expect(library.add(cut, silentContext)).rejects.toMatchObject({ code: 'zip-damaged' });
    expect(storage.paths()).toEqual([]);
  });

  test('with a damaged file inside leaves nothing', async () => {
    const { library, storage } = setUp();
    const { file } = await zipOf(droppedFiles(wholeModel()));
    const bytes = new Uint8Array(await file.arrayBuffer());
    bytes.fill(0, 200, 260);
    await expect(library.add([{ path: 'tiny.zip', file: new Blob([bytes]) }], silentContext)).rejects.toMatchObject({
      code: 'zip-damaged',
    });
    expect(storage.paths()).toEqual([]);
  });

  test('with a model that is wrong is refused when it is unpacked, and leaves nothing', async () => {
    const { library, storage } = setUp();
    const zip = await zipOf(droppedFiles(wholeModel({ 'tokenizer.json': '{' })));
    await expect(library.add([zip], silentContext)).rejects.toThrow(/tokenizer\.json/);
    expect(storage.paths()).toEqual([]);
  });

  test('comes alone', async () => {
    const zip = await zipOf(droppedFiles(wholeModel()));
    await expect(setUp().library.add([zip, ...droppedFiles(wholeModel())], silentContext)).rejects.toThrow(
      /tiny\.zip came along/,
    );
  });
});

describe('nothing is kept by half', () => {
  test('a cancel in the middle leaves the storage as it was', async () => {
    for (const after of [2, 4, 7, 9]) {
      const { library, storage } = setUp();
      await expect(library.add(droppedFiles(wholeModel()), cancelling(after))).rejects.toThrow(CancelledError);
      expect(storage.paths()).toEqual([]);
    }
  });

  test('a storage that fills up in the middle is told, and left as it was', async () => {
    const { library, storage } = setUp({ quota: 700 });
    await expect(library.add(droppedFiles(wholeModel()), silentContext)).rejects.toMatchObject({
      kind: 'ability',
      code: 'model-store-full',
    });
    expect(storage.paths()).toEqual([]);
  });

  test('a model that is larger than the room is not begun', async () => {
    const { library } = setUp({ room: 100 });
    await expect(library.add(droppedFiles(wholeModel()), silentContext)).rejects.toThrow(/1 MB left/);
  });

  test('a tab that was closed in the middle left a folder that counts for nothing, and goes with the next look', async () => {
    const { storage, tab, stored } = setUp();
    await tab().add(droppedFiles(wholeModel()), silentContext);
    const half = await (await storage.root.getDirectoryHandle('models')).getDirectoryHandle('half', { create: true });
    await half.getFileHandle('config.json', { create: true });
    expect(await stored(tab())).toHaveLength(1);
    expect(storage.paths().filter((path) => path.startsWith('models/half'))).toEqual([]);
  });

  test('a folder that another tab is at work on is left alone', async () => {
    const { storage, tab, stored } = setUp();
    let looked: Promise<unknown> | null = null;
    const ctx: JobContext = {
      progress: () => {},
      checkpoint: async () => {
        if (storage.paths().length > 0 && looked === null) looked = stored(tab());
        await looked;
      },
    };
    const entry = await tab().add(droppedFiles(wholeModel()), ctx);
    expect(await looked).toEqual([]);
    expect(await stored(tab())).toEqual([entry]);
  });

  test('a folder that another tab has made whole since the look at it stays', async () => {
    const { storage, tab, stored } = setUp();
    const entry = await tab().add(droppedFiles(wholeModel()), silentContext);
    const index = storage.paths().find((path) => path.endsWith('/model.json')) as string;
    const whole = storage.read(index);
    storage.tamper(index, () => new Uint8Array());
    const locks: Locks = {
      ...fakeLocks(),
      async tryHold(_, work) {
        storage.tamper(index, () => whole);
        await work();
        return true;
      },
    };
    await createShelf({ root: async () => storage.root, room: async () => null, locks, now: () => 0 }).sweep();
    expect(await stored(tab())).toEqual([entry]);
  });

  test('an index that was cut off does not count', async () => {
    const { storage, library, tab, stored } = setUp();
    await library.add(droppedFiles(wholeModel()), silentContext);
    const index = storage.paths().find((path) => path.endsWith('/model.json')) as string;
    storage.tamper(index, (bytes) => bytes.slice(0, 50));
    expect(await stored(tab())).toEqual([]);
    expect(storage.paths()).toEqual([]);
  });

  test('a file that has changed behind our back is told when it is opened', async () => {
    const { storage, library } = setUp();
    await library.add(droppedFiles(wholeModel()), silentContext);
    storage.tamper(storage.paths().find((path) => path.endsWith('onnx/model.onnx')) as string, (bytes) => bytes.slice(1));
    const source = await library.open('tiny');
    await expect(source?.open('onnx/model.onnx')).rejects.toMatchObject({ code: 'model-damaged' });
  });
});

test('two tabs that add the same model leave one', async () => {
  const { tab, stored } = setUp();
  await Promise.all([tab().add(droppedFiles(wholeModel()), silentContext), tab().add(droppedFiles(wholeModel()), silentContext)]);
  expect(await stored(tab())).toHaveLength(1);
});

test('P5 a browser without storage lists what it can have, and says why it keeps nothing', async () => {
  const none = createShelf({
    root: () => Promise.reject(new DOMException('private window', 'SecurityError')),
    room: async () => null,
    locks: fakeLocks(),
    now: () => 0,
  });
  const library = createModelLibrary(none, noNetwork);
  expect((await library.list()).map(({ card }) => card.id)).toEqual(IDS);
  expect(await library.open('tiny')).toBeNull();
  await expect(library.add(droppedFiles(wholeModel()), silentContext)).rejects.toMatchObject({
    kind: 'ability',
    code: 'no-model-store',
  });
});
