import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../domain/index.ts';
import { HEAD_BYTES, SpreadBlocks } from './blocks.ts';
import { ByteScan } from './scan.ts';

const randomBytes = (length: number, seed: number): Uint8Array<ArrayBuffer> => {
  const random = createRandom(seed);
  return Uint8Array.from({ length }, () => random.int(256));
};

function* chunksOf(bytes: Uint8Array<ArrayBuffer>, size: number): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

describe('blocks spread over a stream', () => {
  const sizes = [0, 1, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 1, HEAD_BYTES + 40_000, 2 * HEAD_BYTES, 6_000_001];

  test.each(sizes)('are pieces of it, in order, with its start and its end: %i bytes', (size) => {
    const bytes = randomBytes(size, size);
    const spread = new SpreadBlocks();
    for (const chunk of chunksOf(bytes, 65_536)) spread.add(chunk);
    const blocks = spread.blocks();
    expect(blocks[0]?.at).toBe(0);
    let end = 0;
    for (const block of blocks) {
      expect(block.at).toBeGreaterThanOrEqual(end);
      end = block.at + block.bytes.length;
      expect(Buffer.compare(block.bytes, bytes.subarray(block.at, end))).toBe(0);
    }
    expect(end).toBe(size);
  });

  test('lie all over a long stream', () => {
    const spread = new SpreadBlocks();
    const size = 300 * 65_536;
    for (let i = 0; i < 300; i++) spread.add(new Uint8Array(65_536));
    const starts = [...spread.blocks().map(({ at }) => at), size];
    const gaps = starts.slice(1).map((at, i) => at - (starts[i] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(size / 6);
    expect(starts.length).toBeLessThan(20);
  });

  test('are the same however the stream is cut', () => {
    const bytes = randomBytes(HEAD_BYTES * 4 + 12_345, 1);
    const blocksBy = (size: number) => {
      const spread = new SpreadBlocks();
      for (const chunk of chunksOf(bytes, size)) spread.add(chunk);
      return spread.blocks().map(({ at, bytes: { length } }) => [at, length]);
    };
    const whole = blocksBy(bytes.length);
    for (const size of [999, 16_384, 100_000, 700_000]) expect(blocksBy(size)).toEqual(whole);
  });
});

test('a scan tells ASCII byte by byte, at every length and place in memory', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40, max: 0x8f }), fc.integer({ min: 0, max: 7 }), (bytes, offset) => {
      const memory = new Uint8Array(offset + bytes.length);
      memory.set(bytes, offset);
      expect(new ByteScan('a.csv').add(memory.subarray(offset))).toBe(bytes.every((b) => b < 0x80));
    }),
  );
});

test('a scan names the line that does not end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(10, 10, 65, 138, 11), { maxLength: 60 }),
      fc.integer({ min: 0, max: 5 }),
      (lines, offset) => {
        const memory = new Uint8Array(offset + lines.length);
        memory.set(lines, offset);
        const scan = new ByteScan('a.csv');
        scan.add(memory.subarray(offset));
        const endless = () => scan.add(new Uint8Array(9 * 1024 * 1024).fill(65));
        expect(endless).toThrow(`a.csv, line ${1 + lines.filter((b) => b === 10).length}:`);
      },
    ),
    { numRuns: 10 },
  );
});
