import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteKeys } from './byte-keys.ts';

test('ByteKeys numbers distinct byte strings as a Map would, through every growth', () => {
  const key = fc.uint8Array({ maxLength: 6, max: 3 });
  fc.assert(
    fc.property(fc.array(key, { maxLength: 400, size: 'max' }), (all) => {
      const keys = new ByteKeys();
      const oracle = new Map<string, number>();
      for (const k of all) {
        expect(keys.add(k, 0, k.length)).toBe(!oracle.has(k.join()));
        if (!oracle.has(k.join())) oracle.set(k.join(), oracle.size);
      }
      expect(keys.count).toBe(oracle.size);
      for (const k of all) expect(keys.find(Uint8Array.from([9, ...k, 9]), 1, 1 + k.length)).toBe(oracle.get(k.join()));
      expect(keys.find(Uint8Array.of(4), 0, 1)).toBe(-1);
    }),
    { seed: 3, numRuns: 50 },
  );
});
