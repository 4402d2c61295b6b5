import { expect, test } from 'vitest';
import { DTYPES } from '../domain/index.ts';
import { LEXICAL_CARD } from './lexical/index.ts';
import { BUILT_IN_CARD, HUB_MODELS } from './registry.ts';
import { openModelFolder } from './store/index.ts';

const KNOWN = [BUILT_IN_CARD, LEXICAL_CARD, ...HUB_MODELS.map(({ card }) => card)];

test('every model is known once, with all that the page tells of it', () => {
  expect(new Set(KNOWN.map(({ id }) => id)).size).toBe(KNOWN.length);
  for (const { card } of HUB_MODELS) {
    expect(card.dims, card.id).toBeGreaterThan(0);
    expect(card.licence, card.id).toMatch(/^(Apache-2\.0|MIT)$/);
    expect(card.maxTokens, card.id).toBeGreaterThanOrEqual(128);
    expect(card.bytes.q8, card.id).toBeGreaterThan(1e6);
  }
});

test('languages are ISO 639-1 codes that the browser has a name for, each once', () => {
  const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  for (const { id, languages } of KNOWN) {
    const codes = languages ?? [];
    expect(
      codes.filter((code) => !/^[a-z]{2}$/.test(code) || names.of(code) === undefined),
      id,
    ).toEqual([]);
    expect(new Set(codes).size, id).toBe(codes.length);
  }
});

test('what is fetched is pinned: a commit, the size of every file, and hashes of files whose size is known', () => {
  for (const { card, revision, shared, sha256 } of HUB_MODELS) {
    expect(revision, card.id).toMatch(/^[0-9a-f]{40}$/);
    expect(
      shared.map(({ path }) => path),
      card.id,
    ).toEqual(['config.json', 'tokenizer.json', 'tokenizer_config.json']);
    expect(sha256.q8, card.id).toMatch(/^[0-9a-f]{64}$/);
    for (const dtype of DTYPES)
      if (sha256[dtype] !== undefined) expect(card.bytes[dtype], `${card.id} ${dtype}`).toBeGreaterThan(0);
  }
});

test('the built-in card says what its files are', async () => {
  const { card, dtypes } = await openModelFolder('public/models/use-lite');
  expect(BUILT_IN_CARD.bytes).toEqual(card.bytes);
  expect(Object.keys(BUILT_IN_CARD.bytes)).toEqual(dtypes);
});
