/**
 * Canonical orders (promise P2). Comparing by code points and not by locale keeps the order the same on every machine,
 * and the same as the store's (which compares UTF-8 bytes).
 */
export function compareCodePoints(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** UTF-16 sorts surrogates (code points above U+FFFF) below U+E000..U+FFFF; lifting them restores code-point order. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
