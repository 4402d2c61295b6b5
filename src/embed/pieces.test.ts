import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBatches } from './batches.ts';
import { chooseDevice, probeAdapter } from './choices.ts';
import { createEncoder } from './tokenizer.ts';
import { segment } from './unigram.ts';

describe('batches', () => {
  it('hold every row once, rows of equal token count only, within the budget, shortest first', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 128 }), { maxLength: 300 }),
        fc.integer({ min: 1, max: 600 }),
        (counts, budget) => {
          const batches = planBatches(counts, budget);
          expect(batches.flat().sort((a, b) => a - b)).toEqual(counts.map((_, i) => i));
          const lengths = batches.map((rows) => {
            const [first = -1, ...others] = rows.map((row) => counts[row]);
            for (const other of others) expect(other).toBe(first);
            expect(rows.length === 1 || rows.length * first <= budget).toBe(true);
            return first;
          });
          expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
        },
      ),
    );
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
    expect(() => createEncoder(tokenizer as unknown as Parameters<typeof createEncoder>[0])).toThrow(
      expect.objectContaining({ kind: 'bug', code: 'tokenizer-changed' }),
    );
  });

  it('a library that does not call the replaced search is told loudly', () => {
    const model = { vocab: ['?', 'a'], scores: [0, -1], unk_token_id: 0, unk_score: -11, tokenize: () => ['a'] };
    const tokenizer = Object.assign(() => ({ input_ids: [1677, 564, 1994] }), { _tokenizer: { model } });
    expect(() => createEncoder(tokenizer as unknown as Parameters<typeof createEncoder>[0])).toThrow('its tokens are not those');
  });
});

describe('the choice of device', () => {
  it('is WebGPU only on real hardware or when it is forced, else WASM', () => {
    const first = (...args: Parameters<typeof chooseDevice>) => chooseDevice(...args).choice.device;
    expect(first('wasm', 'hardware')).toBe('wasm');
    expect(first('auto', 'hardware')).toBe('webgpu');
    expect(first('auto', 'software')).toBe('wasm');
    expect(first('auto', 'none')).toBe('wasm');
    expect(first('webgpu', 'software')).toBe('webgpu');
    expect(first('webgpu', 'none')).toBe('wasm');
  });

  it('says why WebGPU is not used', () => {
    expect(chooseDevice('webgpu', 'none').notes).toHaveLength(1);
    expect(chooseDevice('auto', 'software').notes).toHaveLength(1);
    expect(chooseDevice('wasm', 'none').notes).toHaveLength(0);
  });

  it('tells hardware from emulation and from nothing', async () => {
    const gpu = (info: object | null) => ({ requestAdapter: async () => info && { info } }) as unknown as GPU;
    expect(await probeAdapter(gpu(null))).toBe('none');
    expect(await probeAdapter(gpu({ isFallbackAdapter: true, architecture: '', description: '' }))).toBe('software');
    expect(await probeAdapter(gpu({ isFallbackAdapter: false, architecture: 'swiftshader', description: '' }))).toBe('software');
    expect(
      await probeAdapter(gpu({ isFallbackAdapter: false, architecture: '', description: 'Microsoft Basic Render Driver' })),
    ).toBe('software');
    expect(await probeAdapter(gpu({ isFallbackAdapter: false, architecture: 'ampere', description: 'real' }))).toBe('hardware');
    expect(await probeAdapter({ requestAdapter: () => Promise.reject(new Error('no')) } as unknown as GPU)).toBe('none');
  });
});
