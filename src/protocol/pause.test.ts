import { expect, test, vi } from 'vitest';
import { CancelledError, createContext, DEFAULT_SETTINGS, NO_LANGUAGES, type TextEmbedder } from '../domain/index.ts';
import { blankVectors } from '../testing/index.ts';
import { serveEmbedder } from './index.ts';
import { pauseGate } from './pause.ts';

/** A model of batches of one text, each told. */
async function openServed() {
  const embedded: string[] = [];
  const embed: TextEmbedder['embed'] = async (texts, ctx) => {
    for (const text of texts) {
      await ctx.checkpoint();
      embedded.push(text);
      ctx.progress(embedded.length, texts.length);
    }
    return blankVectors(texts.length);
  };
  const model = { describe: async () => ({}), embed, dispose: async () => {} } as unknown as TextEmbedder;
  const api = serveEmbedder(async () => model);
  await api.open(WISH, NO_LANGUAGES);
  return { api, embedded };
}

const WISH = { ...DEFAULT_SETTINGS.embedding, words: DEFAULT_SETTINGS.words, allowSoftwareGpu: false };

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test('P7 a run that is paused embeds no further batch, and all of them once it may go on', async () => {
  const { api, embedded } = await openServed();
  const work = api.embed(['a', 'b', 'c'], (done) => void (done === 1 && api.pause(1, true)), 1);
  await later();
  expect(embedded).toEqual(['a']);
  await api.pause(1, false);
  expect((await work).vectors.rows).toBe(3);
  expect(embedded).toEqual(['a', 'b', 'c']);
});

test('P7 a pause that overtakes its embed holds it', async () => {
  const { api, embedded } = await openServed();
  await api.pause(1, true);
  const work = api.embed(['a'], () => {}, 1);
  await later();
  expect(embedded).toEqual([]);
  await api.pause(1, false);
  await work;
  expect(embedded).toEqual(['a']);
});

test('P7 a cancel ends a run that is paused, and is answered', async () => {
  const { api, embedded } = await openServed();
  await api.pause(1, true);
  const work = api.embed(['a'], () => {}, 1);
  const failed = expect(work).rejects.toBeInstanceOf(CancelledError);
  await later();
  await api.cancel(1);
  await failed;
  expect(embedded).toEqual([]);
});

test('a pause holds the runs before it too, and none after it', async () => {
  const gate = pauseGate();
  const signal = new AbortController().signal;
  const passed: number[] = [];
  const pass = (run: number): Promise<unknown> =>
    gate
      .hold(createContext('embed', vi.fn(), signal), run, signal)
      .checkpoint()
      .then(() => passed.push(run));
  gate.set(2, true);
  const all = [1, 2, 3].map(pass);
  await later();
  expect(passed).toEqual([3]);
  gate.set(1, false);
  await later();
  expect(passed, 'who lets an older run go on lets none of a newer pause go').toEqual([3]);
  gate.set(2, false);
  await Promise.all(all);
  expect(passed.sort()).toEqual([1, 2, 3]);
});
