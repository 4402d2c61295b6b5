import { type Endpoint, expose, proxy, wrap } from 'comlink';
import { afterEach, expect, test, vi } from 'vitest';
import {
  CancelledError,
  DEFAULT_SETTINGS,
  inputError,
  type LayoutFrame,
  NO_LANGUAGES,
  type TextEmbedder,
} from '../domain/index.ts';
import { blankVectors } from '../testing/index.ts';
import { buffersOf, type EmbedApi, frameSender, installErrorTransfer, serveEmbedder } from './index.ts';

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

/** An API on the other side of a message channel, as a worker's is. */
function remote<T extends object>(api: T) {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  expose(api, port1 as unknown as Endpoint);
  return wrap<T>(port2 as unknown as Endpoint);
}

installErrorTransfer();

test('an AppError crosses threads with its kind, code, message, hint and cause', async () => {
  const cause = new Error('disk on fire');
  const api = remote({ fail: () => Promise.reject(inputError('no-user', 'No user column.', 'Choose one.', cause)) });
  await expect(api.fail()).rejects.toMatchObject({
    name: 'AppError',
    kind: 'input',
    code: 'no-user',
    message: 'No user column.',
    hint: 'Choose one.',
    detail: expect.stringContaining('disk on fire'),
  });
});

test('any other error arrives as our mistake, with its details', async () => {
  const api = remote({ fail: () => Promise.reject(new TypeError('x is undefined')) });
  await expect(api.fail()).rejects.toMatchObject({ kind: 'bug', message: expect.stringContaining('x is undefined') });
});

test('a cancellation stays a cancellation', async () => {
  const api = remote({ fail: () => Promise.reject(new CancelledError()) });
  await expect(api.fail()).rejects.toMatchObject({ name: 'CancelledError' });
});

test('buffersOf finds each typed array once, however deep', () => {
  const shared = new Float32Array(4);
  const value = {
    a: shared,
    b: { c: shared.subarray(1), d: new Uint8Array(2) },
    names: ['x'],
    list: [{ e: new Uint32Array(1) }],
    n: null,
  };
  expect(buffersOf(value)).toEqual([shared.buffer, value.b.d.buffer, value.list[0]?.e.buffer]);
});

/** Embeds until it is told to go on, or cancelled. */
function slowModel() {
  let goOn: () => void = () => {};
  const embed = vi.fn<TextEmbedder['embed']>(async (texts, ctx) => {
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await ctx.checkpoint();
    return blankVectors(texts.length);
  });
  const model = { describe: async () => ({}), embed, dispose: async () => {} } as unknown as TextEmbedder;
  return { api: serveEmbedder(async () => model), embed, goOn: () => goOn() };
}

const WISH = { ...DEFAULT_SETTINGS.embedding, words: DEFAULT_SETTINGS.words, allowSoftwareGpu: false };

test('P7 a cancel that overtakes its embed is remembered, and leaves later runs alone', async () => {
  const { api, embed, goOn } = slowModel();
  await api.open(WISH, NO_LANGUAGES);
  await api.cancel(1);
  await expect(api.embed(['a'], () => {}, 1)).rejects.toBeInstanceOf(CancelledError);
  expect(embed).not.toHaveBeenCalled();
  const second = api.embed(['a', 'b'], () => {}, 2);
  await api.cancel(1);
  await vi.waitFor(() => expect(embed).toHaveBeenCalledOnce());
  goOn();
  expect((await second).vectors.rows).toBe(2);
});

test('P7 a cancel is answered when the work has stopped, not before', async () => {
  const { api, embed, goOn } = slowModel();
  await api.open(WISH, NO_LANGUAGES);
  const work = api.embed(['a'], () => {}, 1);
  const stopped = vi.fn();
  const cancelled = api.cancel(1).then(stopped);
  await vi.waitFor(() => expect(embed).toHaveBeenCalledOnce());
  expect(stopped).not.toHaveBeenCalled();
  goOn();
  await expect(work).rejects.toBeInstanceOf(CancelledError);
  await cancelled;
});

test('each port has the model that was opened on it, whatever was opened on another meanwhile', async () => {
  const named = (name: string): TextEmbedder =>
    ({
      describe: async () => ({ id: name }),
      embed: async (texts: readonly string[]) => ({ ...blankVectors(texts.length), model: name }),
    }) as unknown as TextEmbedder;
  const served = serveEmbedder(async ({ model }) => named(model));
  const connect = () => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    served.connect(port1);
    return wrap<EmbedApi>(port2 as unknown as Endpoint);
  };
  const [run, search] = [connect(), connect()];
  await run.open({ ...WISH, model: 'of the run' }, NO_LANGUAGES);
  expect(await search.open({ ...WISH, model: 'of the search' }, NO_LANGUAGES)).toMatchObject({ id: 'of the search' });
  expect(
    await run.embed(
      ['a'],
      proxy(() => {}),
      1,
    ),
  ).toMatchObject({ model: 'of the run' });
});

const frameOf = (epoch: number): LayoutFrame => ({ positions: new Float32Array(4), epoch, epochs: 9 });

test('P7 frames wait for nobody: one is under way, the newest waits in the place of those before it, and the last arrives', async () => {
  const taken: number[] = [];
  const answers: (() => void)[] = [];
  const send = frameSender((frame) => {
    taken.push(frame.epoch);
    return new Promise<void>((resolve) => answers.push(resolve));
  });
  for (const epoch of [1, 2, 3]) send(frameOf(epoch));
  expect(taken).toEqual([1]);
  answers.shift()?.();
  await vi.waitFor(() => expect(taken).toEqual([1, 3]));
  send(frameOf(9));
  answers.shift()?.();
  await vi.waitFor(() => expect(taken).toEqual([1, 3, 9]));
});

test('a frame that is not taken stops neither the job nor the frames after it', async () => {
  const taken: number[] = [];
  const send = frameSender((frame) => {
    taken.push(frame.epoch);
    return Promise.reject(new Error('the page is gone'));
  });
  for (const epoch of [1, 2]) send(frameOf(epoch));
  await vi.waitFor(() => expect(taken).toEqual([1, 2]));
});
