import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeTinyBert, TINY_BERT, writeTinyBert } from '../../build/tiny-bert/index.ts';
import { silentContext } from '../../domain/index.ts';
import { fakeOpfs } from '../../testing/index.ts';
import { createModelLibrary } from './library.ts';
import { fakeLocks } from './models.fixture.ts';
import { openModelFolder } from './node-folder.ts';
import { createShelf } from './shelf.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function tinyBert(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'murmuration-model-')), TINY_BERT.id);
  writeTinyBert(folder);
  folders.push(join(folder, '..'));
  return folder;
}

test('a folder on disk is a source with the card that its files tell', async () => {
  const folder = tinyBert();
  const source = await openModelFolder(folder);
  expect(source.card).toMatchObject({ id: TINY_BERT.id, dims: TINY_BERT.dims, maxTokens: TINY_BERT.maxTokens, pooling: 'mean' });
  expect(source.dtypes).toEqual(['fp32', 'q8']);
  const bytes = await (await source.open('onnx/model.onnx'))?.arrayBuffer();
  expect(new Uint8Array(bytes ?? new ArrayBuffer(0))).toEqual(new Uint8Array(readFileSync(join(folder, 'onnx/model.onnx'))));
  expect(await source.open('onnx/model_fp16.onnx')).toBeUndefined();
});

test('the same folder gives the same card and hash on disk and dropped in a browser', async () => {
  const storage = fakeOpfs();
  const shelf = createShelf({ root: async () => storage.root, room: async () => null, locks: fakeLocks(), now: () => 0 });
  const library = createModelLibrary(shelf);
  const dropped = makeTinyBert().map(({ path, bytes }) => ({
    path: `${TINY_BERT.id}/${path}`,
    file: new Blob([bytes as Uint8Array<ArrayBuffer>]),
  }));
  const { card } = await library.add(dropped, silentContext);
  const source = await openModelFolder(tinyBert());
  expect(source.card).toEqual(card);
  expect(await source.sha256('q8')).toBe(await (await library.open(TINY_BERT.id))?.sha256('q8'));
});

test('the built-in model`s own folder is in order', async () => {
  const { card, dtypes } = await openModelFolder('public/models/use-lite');
  expect(card).toMatchObject({ id: 'own/use-lite', pooling: 'output', dims: 512, maxTokens: 128 });
  expect(dtypes).toEqual(['q8', 'int8']);
});

test('a folder that is not there, and one with a wrong file, are told', async () => {
  await expect(openModelFolder('no/such/folder')).rejects.toThrow(/There is no folder .*no\/such\/folder/);
  const folder = tinyBert();
  writeFileSync(join(folder, 'tokenizer.json'), '<html>');
  await expect(openModelFolder(folder)).rejects.toThrow(/tiny-bert\/tokenizer\.json can’t be used: it is a web page/);
});
