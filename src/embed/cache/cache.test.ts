import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMatrix, type Matrix, rowOf } from '../../domain/index.ts';
import { fakeOpfs } from '../../testing/index.ts';
import { type CacheOptions, clearVectorCaches, createMemoryCache, listVectorCaches, openVectorCache } from './index.ts';
import { CACHE_NOTES } from './notes.ts';
import type { VectorCache } from './types.ts';

const SPACE = { model: 'Xenova/tiny', modelSha256: 'ab', dtype: 'q8', device: 'wasm', recipe: 'mean', dims: 3 } as const;

/** The vector that a text has in these tests, as if a model gave it. */
function vectorOf(text: string, dims = 3): Float32Array {
  const digest = createHash('sha256').update(text.normalize('NFC'), 'utf16le').digest();
  return Float32Array.from({ length: dims }, (_, i) => digest.readUInt16LE(2 * (i % 16)) / 65_536 + i);
}

function vectorsOf(texts: readonly string[], dims = 3): Matrix {
  const vectors = createMatrix(texts.length, dims);
  texts.forEach((text, i) => {
    rowOf(vectors, i).set(vectorOf(text, dims));
  });
  return vectors;
}

const keepAll = (cache: VectorCache, texts: readonly string[], dims = 3): Promise<void> =>
  cache.keep(
    texts,
    vectorsOf(texts, dims),
    texts.map((text) => cutOf(text.normalize('NFC'))),
  );

/** Whether a text counts as cut in these tests. */
const cutOf = (text: string): number => text.length % 2;

/** The texts that are known; fails where one has another vector than its own, or other words about its length. */
async function knownOf(cache: VectorCache, texts: readonly string[], dims = 3): Promise<string[]> {
  const { rows, vectors, cut } = await cache.lookUp(texts);
  expect([rows.length, cut.length]).toEqual([texts.length, vectors.rows]);
  const known = texts.map((text, i) => ({ text, row: rows[i] as number })).filter(({ row }) => row >= 0);
  const isOwn = ({ text, row }: (typeof known)[number]): boolean =>
    row < vectors.rows &&
    cut[row] === cutOf(text.normalize('NFC')) &&
    Buffer.from(rowOf(vectors, row).slice().buffer).equals(Buffer.from(vectorOf(text, dims).buffer));
  expect(known.filter((one) => !isOwn(one))).toEqual([]);
  return known.map(({ text }) => text);
}

/** Keeps `texts` in a new storage, and closes it. */
async function storageWith(texts: readonly string[], options: CacheOptions = SPACE) {
  const opfs = fakeOpfs();
  const cache = await openVectorCache({ ...options, root: opfs.root });
  await keepAll(cache, texts, options.dims);
  await cache.close();
  const path = opfs.paths()[0] as string;
  const reopen = () => openVectorCache({ ...options, root: opfs.root });
  return { opfs, path, reopen };
}

test('what is kept is found again, to the bit, in any order and in part; nothing else is', async () => {
  const { reopen } = await storageWith(['one', 'two', 'three', '', 'été', '日本語', 'a\ud800', 'a\udfff']);
  const cache = await reopen();
  expect(await knownOf(cache, ['été', 'four', 'one', 'a\udfff', '日本語', 'a\ud801', ''])).toEqual([
    'été',
    'one',
    'a\udfff',
    '日本語',
    '',
  ]);
  expect(await knownOf(cache, [])).toEqual([]);
  expect(cache.notes).toEqual([]);
});

test('texts that are one for a reader (NFC) have one vector', async () => {
  const { reopen, opfs, path } = await storageWith(['e\u0301te\u0301', 'été']);
  expect(await knownOf(await reopen(), ['été', 'e\u0301te\u0301', 'ete'])).toEqual(['été', 'e\u0301te\u0301']);
  expect(opfs.read(path), 'one record').toHaveLength(16 + (20 + 3 * 4 + 4));
});

test.each([1, 2, 512])('vectors of %i dimensions fill their records, and records their chunks', async (dims) => {
  const texts = Array.from({ length: 2100 }, (_, i) => `text ${i}`);
  const { reopen } = await storageWith(texts, { ...SPACE, dims });
  const cache = await reopen();
  expect(await knownOf(cache, texts.toReversed(), dims)).toHaveLength(texts.length);
  expect(await knownOf(cache, ['text 2099', 'text 0', 'text 5000'], dims)).toEqual(['text 2099', 'text 0']);
});

test.each([
  ['model file', { modelSha256: 'cd' }],
  ['dtype', { dtype: 'fp32' }],
  ['device', { device: 'webgpu' }],
  ['recipe', { recipe: 'cls' }],
  ['dimensions', { dims: 2 }],
])('P2 a vector of another %s is never found', async (_, other) => {
  const { opfs } = await storageWith(['one']);
  const cache = await openVectorCache({ ...SPACE, ...other, root: opfs.root });
  expect((await cache.lookUp(['one'])).rows).toEqual(Int32Array.of(-1));
  expect(cache.notes).toEqual([]);
});

test('what was kept before the tab was closed in the middle of a run is there, without close or flush', async () => {
  const opfs = fakeOpfs();
  const cache = await openVectorCache({ ...SPACE, root: opfs.root });
  await keepAll(cache, ['one', 'two']);
  opfs.dropHandles();
  const next = await openVectorCache({ ...SPACE, root: opfs.root });
  expect(await knownOf(next, ['one', 'two'])).toEqual(['one', 'two']);
  expect(next.notes).toEqual([]);
});

test('a file that was cut off keeps its whole records; the torn one is told, and its place taken', async () => {
  const { opfs, path, reopen } = await storageWith(['one', 'two', 'three']);
  opfs.tamper(path, (bytes) => bytes.slice(0, bytes.length - 5));
  const cache = await reopen();
  expect(await knownOf(cache, ['one', 'two', 'three'])).toEqual(['one', 'two']);
  expect(cache.notes).toEqual([CACHE_NOTES.damaged(1)]);
  await keepAll(cache, ['three']);
  await cache.close();
  const mended = await reopen();
  expect(await knownOf(mended, ['one', 'two', 'three'])).toHaveLength(3);
  expect(mended.notes).toEqual([]);
});

test('a file with another header is begun anew, and that is told', async () => {
  const { opfs, path, reopen } = await storageWith(['one', 'two']);
  opfs.tamper(path, (bytes) => bytes.fill(7, 0, 4));
  const cache = await reopen();
  expect(await knownOf(cache, ['one', 'two'])).toEqual([]);
  expect(cache.notes).toEqual([CACHE_NOTES.begunAnew]);
  await keepAll(cache, ['two']);
  await cache.close();
  expect(await knownOf(await reopen(), ['one', 'two'])).toEqual(['two']);
});

test('a full storage is told once; what is there is found, and the run goes on', async () => {
  const { opfs, path, reopen } = await storageWith(['one']);
  const cache = await reopen();
  opfs.quota = opfs.read(path).length + 40;
  for (const text of ['two', 'three', 'four']) await keepAll(cache, [text]);
  expect(cache.notes).toEqual([CACHE_NOTES.full]);
  expect(await knownOf(cache, ['one', 'two', 'three', 'four'])).toEqual(['one', 'two']);
});

test('a second tab is told that the file is in use, and goes on without', async () => {
  const { reopen } = await storageWith(['one']);
  const first = await reopen();
  const second = await reopen();
  expect(second.notes).toEqual([CACHE_NOTES.inUse]);
  expect(await knownOf(second, ['one'])).toEqual([]);
  await keepAll(second, ['two']);
  await second.close();
  expect(await knownOf(first, ['one', 'two'])).toEqual(['one']);
  await first.close();
  expect((await reopen()).notes, 'the file is free again').toEqual([]);
});

test('without a storage, vectors are kept in memory from run to run, and that is told', async () => {
  // Node has none.
  const first = await openVectorCache(SPACE);
  expect(first.notes).toEqual([CACHE_NOTES.noStorage]);
  await keepAll(first, ['one']);
  await first.close();
  expect(await knownOf(await openVectorCache(SPACE), ['one', 'two'])).toEqual(['one']);
  expect(await knownOf(await openVectorCache({ ...SPACE, recipe: 'other' }), ['one'])).toEqual([]);
});

test('a storage that breaks while it is used is told once, with why', async () => {
  const { opfs, reopen } = await storageWith(['one']);
  const cache = await reopen();
  opfs.dropHandles();
  expect(await knownOf(cache, ['one'])).toEqual([]);
  await keepAll(cache, ['two']);
  expect(cache.notes).toEqual([CACHE_NOTES.failed('the handle is closed')]);
});

test('after its end a cache finds and keeps nothing', async () => {
  const { reopen } = await storageWith(['one']);
  const cache = await reopen();
  await cache.close();
  await cache.close();
  await keepAll(cache, ['two']);
  expect(await knownOf(cache, ['one', 'two'])).toEqual([]);
  expect(await knownOf(await reopen(), ['one', 'two'])).toEqual(['one']);
});

test('files together stay below the limit: what was used longest ago goes, what is in use stays', async () => {
  const opfs = fakeOpfs();
  const texts = ['one', 'two', 'three'];
  const open = (recipe: string) => openVectorCache({ ...SPACE, recipe, root: opfs.root, mostBytes: 260 });
  for (const recipe of ['a', 'b', 'c']) {
    const cache = await open(recipe);
    await keepAll(cache, texts);
    await cache.close();
  }
  const first = await open('a');
  expect(await knownOf(first, texts), 'it is the one that is opened').toEqual(texts);
  const second = await open('b');
  expect(await knownOf(second, texts), 'three files of 124 bytes are too much: of the others it was used first').toEqual([]);
  await keepAll(second, texts);
  const third = await open('c');
  expect(await knownOf(third, texts), 'those in use stay').toEqual(texts);
  expect(opfs.paths()).toHaveLength(3);
});

test('a file stops growing at the limit, which is told; what it holds stays', async () => {
  const opfs = fakeOpfs();
  const cache = await openVectorCache({ ...SPACE, root: opfs.root, mostBytes: 16 + 2 * 36 });
  await keepAll(cache, ['one', 'two']);
  await keepAll(cache, ['three']);
  expect(cache.notes).toEqual([CACHE_NOTES.tooLarge]);
  expect(await knownOf(cache, ['one', 'two', 'three'])).toEqual(['one', 'two']);
});

test('kept vectors are listed by model, used last first, and can be cleared; those in use stay', async () => {
  const { opfs } = await storageWith(['one', 'two']);
  const other = { ...SPACE, model: 'use-lite', device: 'webgpu', root: opfs.root };
  const used = await openVectorCache(other);
  expect(await listVectorCaches(opfs.root)).toMatchObject([
    { model: 'use-lite', dtype: 'q8', device: 'webgpu', bytes: 16 },
    { model: 'Xenova/tiny', dtype: 'q8', device: 'wasm', bytes: 16 + 2 * 36 },
  ]);
  expect(await clearVectorCaches(opfs.root)).toBe(1);
  await used.close();
  expect(await clearVectorCaches(opfs.root)).toBe(0);
  expect(await listVectorCaches(opfs.root)).toEqual([]);
  expect(await listVectorCaches(), 'of no storage').toEqual([]);
});

test('the memory cache of Node finds what it was given, by the same rules', async () => {
  const cache = createMemoryCache(3);
  await keepAll(cache, ['one', 'e\u0301']);
  expect(await knownOf(cache, ['é', 'two', 'one'])).toEqual(['é', 'one']);
  expect(cache.notes).toEqual([]);
});

const TEXTS = Array.from({ length: 12 }, (_, i) => `text ${i}`);

type Step =
  | { readonly do: 'keep'; readonly texts: readonly string[] }
  | { readonly do: 'reopen' }
  | { readonly do: 'crash' }
  | { readonly do: 'flip' | 'cut' | 'zeros' | 'junk'; readonly at: number }
  | { readonly do: 'quota'; readonly bytes: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('keep' as const), texts: fc.subarray(TEXTS, { minLength: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'crash' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('flip' as const, 'cut' as const, 'zeros' as const, 'junk' as const),
      at: fc.nat(500),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('quota' as const), bytes: fc.nat(600) }) },
);

const DAMAGE = {
  flip: (bytes: Uint8Array<ArrayBuffer>, at: number) =>
    bytes.map((byte, i) => (i === at % bytes.length ? byte ^ (1 + (at % 255)) : byte)),
  cut: (bytes: Uint8Array<ArrayBuffer>, at: number) => bytes.slice(0, at % (bytes.length + 1)),
  zeros: (bytes: Uint8Array<ArrayBuffer>, at: number) => bytes.fill(0, at % (bytes.length + 1), (at % (bytes.length + 1)) + 40),
  junk: (bytes: Uint8Array<ArrayBuffer>, at: number) => Uint8Array.of(...bytes, ...new Uint8Array(at % 70).fill(at % 256)),
};

test('whatever is kept, cut, damaged, closed or refused, a text has its own vector or none, and nothing throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
      const opfs = fakeOpfs();
      const open = () => openVectorCache({ ...SPACE, root: opfs.root });
      let cache = await open();
      for (const each of steps) {
        if (each.do === 'keep') await keepAll(cache, each.texts);
        else if (each.do === 'quota') opfs.quota = each.bytes;
        else if (each.do === 'reopen' || each.do === 'crash') {
          if (each.do === 'reopen') await cache.close();
          opfs.dropHandles();
          cache = await open();
        } else for (const path of opfs.paths()) opfs.tamper(path, (bytes) => DAMAGE[each.do](bytes, each.at));
        await knownOf(cache, TEXTS);
      }
    }),
    { numRuns: 200, seed: 7 },
  );
});

test('with nothing damaged and room enough, all that was ever kept is known', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.subarray(TEXTS), fc.constant(null)), { maxLength: 20 }), async (steps) => {
      const opfs = fakeOpfs();
      const kept = new Set<string>();
      let cache = await openVectorCache({ ...SPACE, root: opfs.root });
      for (const texts of steps) {
        if (texts === null) {
          await cache.close();
          cache = await openVectorCache({ ...SPACE, root: opfs.root });
        } else await keepAll(cache, texts);
        for (const text of texts ?? []) kept.add(text);
        expect(await knownOf(cache, TEXTS)).toEqual(TEXTS.filter((text) => kept.has(text)));
        expect(cache.notes).toEqual([]);
      }
    }),
    { numRuns: 100, seed: 7 },
  );
});
