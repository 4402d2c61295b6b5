import { describe, expect, test } from 'vitest';
import { writeAll } from './opfs.ts';

/** A file whose storage takes `room` bytes, and then tells `full()`. */
function fileWith(room: number, full: () => number) {
  const written: number[] = [];
  return {
    written,
    write(from: ArrayBufferView, { at }: { readonly at: number }): number {
      const taken = Math.min(from.byteLength, room - written.length);
      if (taken <= 0) return full();
      new Uint8Array(from.buffer, from.byteOffset, taken).forEach((byte, i) => {
        written[at + i] = byte;
      });
      return taken;
    },
  };
}

describe('all bytes are written, or it is told that the storage is full', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);

  test('all of them', () => {
    const file = fileWith(9, () => 0);
    writeAll(file, bytes, 0);
    writeAll(file, bytes.subarray(2), 4);
    expect(file.written).toEqual([1, 2, 3, 4, 3, 4]);
  });

  test.each([
    ['no byte', () => 0],
    ['the count that a private window of Chromium gives', () => 2 ** 32 - 8],
    [
      'an error',
      () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    ],
  ])('a part of them, then %s', (_, full) => {
    const file = fileWith(3, full);
    expect(() => writeAll(file, bytes, 0)).toThrow(expect.objectContaining({ name: 'QuotaExceededError' }));
    expect(file.written).toEqual([1, 2, 3]);
  });
});
