import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelWish } from '../domain/index.ts';
import { createBatcher } from './batches.ts';
import { type Adapter, type Choices, listChoices, listSpreads, NO_ADAPTER, probeAdapter } from './choices.ts';
import { createEncode } from './encode.ts';
import { publishedTokens } from './tokenizer.ts';
import { segment } from './unigram.ts';

describe('batches', () => {
  it('hold every row once, rows of equal token count only, within the budget, and as few as if all had been sorted first', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 128 }), { maxLength: 300 }),
        fc.integer({ min: 1, max: 600 }),
        (counts, budget) => {
          const batcher = createBatcher(budget);
          const full = counts.map((count, row) => batcher.add(row, new Array(count).fill(row))).filter((batch) => batch !== null);
          const batches = [...full, ...batcher.rest()];
          expect(batches.flatMap(({ rows }) => rows).sort((a, b) => a - b)).toEqual(counts.map((_, i) => i));
          for (const { rows, ids } of batches) {
            const length = ids[0]?.length ?? 0;
            expect(ids.map((row) => row.length)).toEqual(rows.map(() => length));
            expect(ids.map((row) => row[0])).toEqual(rows);
            expect(rows.length === 1 || rows.length * length <= budget).toBe(true);
          }
          const most = (count: number): number => Math.max(1, Math.floor(budget / count));
          const ideal = [...new Set(counts)].map((n) => Math.ceil(counts.filter((c) => c === n).length / most(n)));
          expect(batches.length).toBe(ideal.reduce((sum, n) => sum + n, 0));
          expect(batcher.rest()).toEqual([]);
        },
      ),
    );
  });
});

describe('what a model reads of a text', () => {
  /** One token a word, between 1 and 2 as many models have them. */
  const tokens = (text: string): number[] => [1, ...(text.match(/\S+/g) ?? []).map((word) => 10 + word.length), 2];
  const encode = createEncode(tokens, { maxTokens: 8 }, 'query: ');

  it('is the prefix and the text, nothing for a text without a token of its own', () => {
    expect(encode('a bb')).toEqual({ ids: [1, 16, 11, 12, 2], cut: false });
    for (const text of ['', '  ', '\n']) expect(encode(text)).toEqual({ ids: [], cut: false });
    expect(createEncode((text) => tokens(text.replace('?', '')), { maxTokens: 8 }, '')('?').ids).toEqual([]);
  });

  it('ends with the last sentence that fits, and is told as cut', () => {
    expect(encode('One two. Three four. Five six. Seven.')).toEqual({ ids: [1, 16, 13, 14, 15, 15, 2], cut: true });
    expect(encode('一二 三四 五六。七八 九十 十一 十二 十三。').ids).toEqual([1, 16, 12, 12, 13, 2]);
  });

  it('ends at the last token that fits, and the closing one, where the first sentence is too long alone', () => {
    expect(encode('a bb ccc dddd eeeee ffffff ggggggg')).toEqual({ ids: [1, 16, 11, 12, 13, 14, 15, 2], cut: true });
    expect(encode('a a a a a a a. b.').ids).toHaveLength(8);
  });

  it('is never more than the limit, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '.', '\n', '。', '🍕'), maxLength: 80 }), (text) => {
        const { ids, cut } = encode(text);
        expect(ids.length).toBeLessThanOrEqual(8);
        expect(cut).toBe(tokens(`query: ${text}`).length > 8 && text.trim() !== '');
      }),
    );
  });

  it('takes a million characters without a token as cut', () => {
    const few = createEncode((text) => (text.includes('a') ? [7] : []), { maxTokens: 8 }, '');
    expect(few('a'.repeat(1_000_000))).toEqual({ ids: [7], cut: true });
  });
});

describe('the unigram search', () => {
  const vocabulary = (scores: Record<string, number>) => ({
    scores: new Map(Object.entries(scores)),
    unknownScore: -20,
    longest: 3,
  });

  it('takes the path of the highest sum', () => {
    expect(segment('abc', vocabulary({ a: -1, b: -1, c: -1, ab: -1.5, abc: -4 }))).toEqual(['ab', 'c']);
  });

  it('of equal sums the later start wins', () => {
    expect(segment('999', vocabulary({ '9': -1, '99': -1.5 }))).toEqual(['99', '9']);
  });

  it('leaves a character without a piece alone, whole code points only', () => {
    expect(segment('a🍕b', vocabulary({ a: -1, b: -1 }))).toEqual(['a', '🍕', 'b']);
    expect(segment('', vocabulary({}))).toEqual([]);
  });

  it('finds the best of all cuts', () => {
    const scores = { a: -3, b: -2, ab: -4.5, ba: -5.5, aab: -6, bb: -3.25 };
    const sum = (pieces: readonly string[]) => pieces.reduce((s, p) => s + (scores[p as keyof typeof scores] ?? -20), 0);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 9 }), (text) => {
        const best = Math.max(...allCuts(text).map(sum));
        expect(sum(segment(text, vocabulary(scores)))).toBeCloseTo(best, 9);
      }),
    );
  });
});

/** All ways to cut a text into pieces of at most three letters. */
function allCuts(text: string): string[][] {
  if (text === '') return [[]];
  return [1, 2, 3]
    .filter((n) => n <= text.length)
    .flatMap((n) => allCuts(text.slice(n)).map((rest) => [text.slice(0, n), ...rest]));
}

describe('the tokenizer hook', () => {
  it.each([
    ['no model', {}],
    ['another model', { model: { vocab: ['a'], tokenize: () => [] } }],
  ])('a library that changed inside (%s) is our mistake, told loudly', (_, inside) => {
    const tokenizer = Object.assign(() => ({ input_ids: [] }), { _tokenizer: inside });
    expect(() => publishedTokens(tokenizer as unknown as Parameters<typeof publishedTokens>[0])).toThrow(
      expect.objectContaining({ kind: 'bug', code: 'tokenizer-changed' }),
    );
  });

  it('a library that does not call the replaced search is told loudly', () => {
    const model = { vocab: ['?', 'a'], scores: [0, -1], unk_token_id: 0, unk_score: -11, tokenize: () => ['a'] };
    const tokenizer = Object.assign(() => ({ input_ids: [1677, 564, 1994] }), { _tokenizer: { model } });
    expect(() => publishedTokens(tokenizer as unknown as Parameters<typeof publishedTokens>[0])).toThrow(
      'its tokens are not those',
    );
  });
});

describe('the choices', () => {
  const hardware: Adapter = { kind: 'hardware', name: 'a card', halves: true };
  const software: Adapter = { ...hardware, kind: 'software' };
  const wish = (device: ModelWish['device'], dtype: ModelWish['dtype'] = 'auto') => ({ device, dtype });
  const names = (choices: Choices['wanted']): string[] => choices.map(({ dtype, device }) => `${dtype} ${device}`);
  const listed = (...args: Parameters<typeof listChoices>) => {
    const { wanted, others } = listChoices(...args);
    return [names(wanted), names(others)];
  };

  it('are those that are here: WASM first, WebGPU on real hardware only, unless a test forces it', () => {
    expect(listed(wish('auto'), ['q8', 'int8'], hardware, false)).toEqual([
      ['q8 wasm', 'int8 webgpu', 'int8 wasm', 'q8 webgpu'],
      [],
    ]);
    for (const adapter of [software, NO_ADAPTER]) {
      expect(listed(wish('auto'), ['q8', 'int8'], adapter, false)).toEqual([['q8 wasm', 'int8 wasm'], []]);
    }
    expect(listed(wish('webgpu'), ['q8'], software, true)).toEqual([['q8 webgpu'], ['q8 wasm']]);
  });

  it('an override leaves the others for the case that it will not do', () => {
    expect(listed(wish('wasm', 'fp32'), ['fp32', 'q8'], hardware, false)).toEqual([['fp32 wasm'], ['q8 wasm']]);
    expect(listed(wish('webgpu', 'q8'), ['fp32', 'q8'], hardware, false)).toEqual([
      ['q8 webgpu'],
      ['q8 wasm', 'fp32 webgpu', 'fp32 wasm'],
    ]);
  });

  it('a dtype that was set is kept where WebGPU is not here, and both are told', () => {
    const { wanted, others, notes } = listChoices(wish('webgpu', 'int8'), ['q8', 'int8'], NO_ADAPTER, false);
    expect([names(wanted), names(others)]).toEqual([[], ['int8 wasm', 'q8 wasm']]);
    expect(notes).toEqual(['No WebGPU here: texts are embedded on WASM, with int8 as it was set.']);
    expect(listChoices(wish('webgpu', 'q4'), ['q8'], NO_ADAPTER, false).notes).toEqual([
      'No WebGPU here: texts are embedded on WASM, with q8 in place of q4.',
    ]);
    expect(listChoices(wish('webgpu'), ['q8'], NO_ADAPTER, false).notes).toEqual(['No WebGPU here: texts are embedded on WASM.']);
  });

  it('16-bit floats run on WebGPU only where the adapter has them', () => {
    expect(listed(wish('webgpu'), ['fp16', 'fp32'], { ...hardware, halves: false }, false)[0]).toEqual(['fp32 webgpu']);
    expect(listed(wish('webgpu'), ['fp16', 'fp32'], hardware, false)[0]).toEqual(['fp16 webgpu', 'fp32 webgpu']);
  });

  it('say why WebGPU is not used', () => {
    const notes = (...args: Parameters<typeof listChoices>) => listChoices(...args).notes.join();
    expect(notes(wish('webgpu'), ['q8'], NO_ADAPTER, false)).toContain('No WebGPU here');
    expect(notes(wish('webgpu'), ['q8'], software, false)).toContain('emulated');
    expect(notes(wish('webgpu', 'fp16'), ['fp16'], { ...hardware, halves: false }, false)).toContain('cannot run fp16');
    expect(notes(wish('webgpu', 'fp16'), ['fp16'], { ...software, halves: false }, true)).toContain('cannot run fp16');
    expect(notes(wish('wasm'), ['q8'], NO_ADAPTER, false)).toBe('');
    expect(notes(wish('auto'), ['q8'], hardware, false)).toBe('');
  });

  it('work is spread over cores, as far as copies of the model fit into memory, by threads only where the page is isolated', () => {
    expect(listSpreads(1, 1e6, true)).toEqual([]);
    expect(listSpreads(2, 1e6, false)).toEqual([{ workers: 2, threads: 1 }]);
    expect(listSpreads(16, 1e6, true)).toEqual([
      { workers: 4, threads: 1 },
      { workers: 1, threads: 4 },
    ]);
    expect(listSpreads(4, 500e6, true)).toEqual([
      { workers: 2, threads: 1 },
      { workers: 1, threads: 4 },
    ]);
    expect(listSpreads(4, 3e9, false)).toEqual([]);
  });

  it('tell hardware from emulation and from nothing', async () => {
    const gpu = (info: object | null) => ({ requestAdapter: async () => info && { info } }) as unknown as GPU;
    const kind = async (info: object | null) => (await probeAdapter(gpu(info))).kind;
    expect(await kind(null)).toBe('none');
    expect(await kind({ isFallbackAdapter: true, architecture: '', description: '' })).toBe('software');
    expect(await kind({ isFallbackAdapter: false, architecture: 'swiftshader', description: '' })).toBe('software');
    expect(await kind({ isFallbackAdapter: false, architecture: '', description: 'Microsoft Basic Render Driver' })).toBe(
      'software',
    );
    expect(await kind({ isFallbackAdapter: false, architecture: 'ampere', description: 'real' })).toBe('hardware');
    const broken = { requestAdapter: () => Promise.reject(new Error('no')) } as unknown as GPU;
    expect(await probeAdapter(broken)).toEqual(NO_ADAPTER);
  });
});
