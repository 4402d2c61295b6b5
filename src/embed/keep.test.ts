import { expect, test, vi } from 'vitest';
import { silentContext, type TextEmbedder } from '../domain/index.ts';
import { blankVectors } from '../testing/index.ts';
import { embedderKeeper } from './keep.ts';

/** Embedders by name, whose work goes on until it is told; all that happens to them is in `log`. */
function setUp() {
  const log: string[] = [];
  const goOn: (() => void)[] = [];
  const keep = embedderKeeper();
  let opens = 0;
  const make = (name: string, opened: number): TextEmbedder =>
    ({
      embed: async (texts: readonly string[]) => {
        log.push(`${name} begins`);
        await new Promise<void>((resolve) => goOn.push(resolve));
        log.push(`${name} ends`);
        return blankVectors(texts.length);
      },
      embedQuery: async () => {
        log.push(`${name} answers`);
        return new Float32Array(1);
      },
      // Each that opens tells another number of workers.
      describe: async () => ({ id: name, workers: opened }),
      dispose: async () => void log.push(`${name} is let go`),
    }) as unknown as TextEmbedder;
  const open = (name: string) =>
    keep(name, async () => {
      log.push(`${name} opens`);
      return make(name, ++opens);
    });
  return { log, goOn, open, keep };
}

test('the same key opens once; another takes its place', async () => {
  const { log, open } = setUp();
  await open('a');
  await open('a');
  await open('b');
  await vi.waitFor(() => expect(log).toEqual(['a opens', 'b opens', 'a is let go']));
});

test('one that works while another takes its place ends its work before it is let go', async () => {
  const { log, goOn, open } = setUp();
  const a = await open('a');
  const work = a.embed(['x'], silentContext);
  await vi.waitFor(() => expect(goOn).toHaveLength(1));
  const b = await open('b');
  await b.embedQuery('q', []);
  expect(log).toEqual(['a opens', 'a begins', 'b opens', 'b answers']);
  goOn[0]?.();
  expect((await work).vectors.rows).toBe(1);
  await vi.waitFor(() => expect(log.slice(4)).toEqual(['a ends', 'a is let go']));
});

test('one that another took the place of opens again when it is asked, and is never used after it was let go', async () => {
  const { log, open } = setUp();
  const a = await open('a');
  await open('b');
  await a.embedQuery('q', []);
  expect(log.filter((line) => line.startsWith('a'))).toEqual(['a opens', 'a is let go', 'a opens', 'a answers']);
  await vi.waitFor(() => expect(log.filter((line) => line.startsWith('b'))).toEqual(['b opens', 'b is let go']));
});

test('what is told of the model after a work is said of the one that did it, though another took its place meanwhile', async () => {
  const { log, goOn, open } = setUp();
  const a = await open('a');
  expect(await a.describe()).toEqual({ id: 'a', workers: 1 });
  const work = a.embed(['x'], silentContext);
  await vi.waitFor(() => expect(goOn).toHaveLength(1));
  const b = await open('b');
  goOn[0]?.();
  await work;
  await vi.waitFor(() => expect(log).toContain('a is let go'));
  expect(await a.describe()).toEqual({ id: 'a', workers: 1 });
  expect(await b.describe()).toEqual({ id: 'b', workers: 2 });
  await a.embedQuery('q', []);
  expect(log.filter((line) => line === 'a opens')).toHaveLength(2);
});

test('one that did not open is told, and opens at the next try', async () => {
  const { open, keep } = setUp();
  await expect(keep('a', () => Promise.reject(new Error('no file')))).rejects.toThrow('no file');
  const a = await open('a');
  expect(await a.embedQuery('q', [])).toHaveLength(1);
});

test('dispose lets it go, and is done when that is', async () => {
  const { log, open } = setUp();
  const a = await open('a');
  await a.dispose();
  expect(log).toEqual(['a opens', 'a is let go']);
  await a.dispose();
  expect(log).toHaveLength(2);
});
