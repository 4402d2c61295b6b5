import { createHash } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { AppError, silentContext } from '../../domain/index.ts';
import { fakeOpfs } from '../../testing/index.ts';
import { HUB_MODELS } from '../registry.ts';
import { planDownload } from './hub.ts';
import { createModelLibrary } from './library.ts';
import { fakeLocks, onnxBytes, wholeModel } from './models.fixture.ts';
import { createShelf } from './shelf.ts';

const ID = 'Xenova/bge-small-zh-v1.5';
const OPEN = "default-src 'none'; connect-src 'self' https://huggingface.co https://*.hf.co";

describe('a plan tells all before anything is asked for', () => {
  test('host, files and their sizes', () => {
    const { host, files, refused } = planDownload(ID, 'q8', OPEN);
    expect(host).toBe('huggingface.co');
    expect(files).toEqual([
      { path: 'config.json', bytes: 716 },
      { path: 'tokenizer.json', bytes: 439_125 },
      { path: 'tokenizer_config.json', bytes: 367 },
      { path: 'onnx/model_quantized.onnx', bytes: 24_010_842 },
    ]);
    expect(refused).toBeNull();
  });

  test('a model that is not known, or not in that dtype, is told with what there is', () => {
    expect(() => planDownload('me/mine', 'q8', null)).toThrow(/not in the list/);
    expect(() => planDownload(ID, 'q4', null)).toThrow(/It can be had as fp16, q8/);
  });

  const policies: [string, string | null, boolean][] = [
    ['no policy', null, true],
    ['a policy of nothing', '', true],
    ['one that speaks of scripts alone', "script-src 'self'", true],
    ['the page`s own', "default-src 'none'; connect-src 'self'", false],
    ['default-src where there is no connect-src', "default-src 'self'", false],
    ['all hosts of the hub', OPEN, true],
    ['upper case, a port and a slash', 'CONNECT-SRC https://HUGGINGFACE.co:443/ https://*.hf.co', true],
    ['hosts without a scheme', 'connect-src huggingface.co *.hf.co', true],
    ['the hub without its hosts of files', "connect-src 'self' https://huggingface.co", false],
    ['another scheme', 'connect-src http://huggingface.co http://*.hf.co', false],
    ['a name that only ends alike', 'connect-src https://nothuggingface.co https://*.nothf.co', false],
    ['any host', 'connect-src *', true],
    ['any host with https', 'connect-src https:', true],
    ['none', "connect-src 'none'", false],
    ['two policies of which one forbids', `${OPEN}, connect-src 'self'`, false],
  ];
  test.each(policies)('P1 policy: %s', (_, policy, allowed) => {
    const { refused } = planDownload(ID, 'q8', policy);
    if (allowed) expect(refused).toBeNull();
    else expect(refused).toMatch(/https:\/\/huggingface\.co and https:\/\/\*\.hf\.co/);
  });
});

type Answer = (path: string) => Response | Promise<Response>;

/** A hub that has `files` of one model under `revision`, known to the registry with their sizes. */
function setUp(files: Record<string, string | object | Uint8Array<ArrayBuffer>>, answer?: Answer) {
  const content = (path: string): Uint8Array<ArrayBuffer> | null => {
    const file = files[path];
    if (file === undefined) return null;
    return file instanceof Uint8Array ? file : new TextEncoder().encode(typeof file === 'string' ? file : JSON.stringify(file));
  };
  const model = HUB_MODELS.find(({ card }) => card.id === ID) as (typeof HUB_MODELS)[number];
  const asked: string[] = [];
  const hub: typeof fetch = async (url) => {
    asked.push(String(url));
    const path = String(url).split(`${model.revision}/`)[1] ?? '';
    if (answer) return answer(path);
    const bytes = content(path);
    return bytes ? new Response(bytes) : new Response('no such file', { status: 404 });
  };
  const storage = fakeOpfs();
  const shelf = createShelf({
    root: async () => storage.root,
    room: async () => null,
    locks: fakeLocks(),
    now: () => Date.now(),
  });
  const size = (path: string): number => content(path)?.length ?? 0;
  const hash = (path: string): string =>
    createHash('sha256')
      .update(content(path) ?? '')
      .digest('hex');
  const known = {
    ...model,
    card: { ...model.card, bytes: { fp16: size('onnx/model_fp16.onnx'), q8: size('onnx/model_quantized.onnx') } },
    shared: model.shared.map(({ path }) => ({ path, bytes: size(path) })),
    sha256: { q8: hash('onnx/model_quantized.onnx') },
  };
  return { storage, asked, known, library: createModelLibrary(shelf, hub, [known]) };
}

const FILES = wholeModel({
  'config.json': { model_type: 'bert', hidden_size: 512 },
  'onnx/model.onnx': null,
  'onnx/model_fp16.onnx': onnxBytes({ weights: new Uint8Array(60) }),
});

describe('a download', () => {
  test('brings the files that the plan names, and the registry`s card', async () => {
    const { library, asked, known } = setUp(FILES);
    const told = vi.fn();
    const entry = await library.download(ID, 'q8', OPEN, { ...silentContext, progress: told });
    const base = `https://huggingface.co/${ID}/resolve/${known.revision}/`;
    expect(asked).toEqual(library.plan(ID, 'q8', OPEN).files.map(({ path }) => base + path));
    expect(entry).toMatchObject({ place: 'stored', source: 'hub', dtypes: ['q8'], card: { ...known.card, pooling: 'cls' } });
    const total = entry.files.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(told.mock.lastCall).toEqual([total, total]);
    expect((await library.list()).filter(({ card }) => card.id === ID)).toEqual([entry]);
  });

  test('of another dtype leaves the first one', async () => {
    const { library, storage } = setUp(FILES);
    await library.download(ID, 'q8', OPEN, silentContext);
    const entry = await library.download(ID, 'fp16', OPEN, silentContext);
    expect(entry.dtypes).toEqual(['fp16', 'q8']);
    expect(storage.paths().filter((path) => path.endsWith('tokenizer.json'))).toHaveLength(1);
  });

  test('P1 asks for nothing where the policy does not allow it', async () => {
    const { library, asked, storage } = setUp(FILES);
    await expect(library.download(ID, 'q8', "connect-src 'self'", silentContext)).rejects.toMatchObject({
      code: 'hub-not-allowed',
    });
    expect([asked, storage.paths()]).toEqual([[], []]);
  });

  const failures: [string, Answer, RegExp][] = [
    ['a hub that is not reached', () => Promise.reject(new TypeError('Failed to fetch')), /huggingface\.co could not be reached/],
    ['a file that is not there', () => new Response('', { status: 404 }), /answered 404 \(there is no such file\)/],
    ['a hub that is busy', () => new Response('', { status: 503 }), /answered 503/],
    ['a file that is longer', () => new Response('{"a": 1}'.repeat(200)), /did not come as it is known: 1600 bytes came/],
    [
      'a connection that breaks',
      () =>
        new Response(
          new ReadableStream({
            pull: (controller) => controller.error(new TypeError('network error')),
          }),
        ),
      /could not be reached/,
    ],
  ];
  test.each(failures)('%s is told, and leaves nothing', async (_, answer, message) => {
    const { library, storage } = setUp(FILES, answer);
    const failure = await library.download(ID, 'q8', OPEN, silentContext).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({ message: expect.stringMatching(message) });
    expect(storage.paths()).toEqual([]);
  });

  test('a file of the right length that is another one is refused by its hash', async () => {
    const { known } = setUp(FILES);
    const other = onnxBytes({ weights: new Uint8Array(80).fill(1) });
    expect(other).toHaveLength(known.card.bytes.q8);
    const { library, storage } = setUp(FILES, (path) => {
      const file = path === 'onnx/model_quantized.onnx' ? other : FILES[path];
      return new Response(file instanceof Uint8Array ? new Blob([file as Uint8Array<ArrayBuffer>]) : JSON.stringify(file));
    });
    await expect(library.download(ID, 'q8', OPEN, silentContext)).rejects.toThrow(/its sha256 is another one/);
    expect(storage.paths()).toEqual([]);
  });
});
