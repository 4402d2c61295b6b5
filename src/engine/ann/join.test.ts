import { expect, test } from 'vitest';
import { createRandom, type Matrix, shuffle, silentContext } from '../../domain/index.ts';
import { uniformMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { largestDifference } from '../reference/index.ts';
import { enableSimd, hasSimd } from '../wasm/index.ts';
import { approximateKnn } from './index.ts';
import { openJoinCpu } from './join.cpu.ts';
import type { Join } from './join.ts';
import { openJoinWasm } from './join.wasm.ts';

const orderOf = (rows: number): Uint32Array =>
  shuffle(
    Uint32Array.from({ length: rows }, (_, i) => i),
    createRandom(3),
  );

/** All pairs of the first `block` rows, then of seven candidates. */
function joinSome(join: Join, block: number): number {
  for (let from = 0; from < block; from += 5) join.joinBlock(from, Math.min(block, from + 5), block);
  join.candidates.set([block - 1, 0, block + 3, 2, block + 1, block, 1]);
  return join.joinCandidates(3, 7);
}

async function openBoth(x: Matrix, k: number): Promise<[Join, Join]> {
  const wasm = await openJoinWasm(x, orderOf(x.rows), k, silentContext);
  expect(hasSimd() && wasm !== null).toBe(true);
  return [wasm as Join, await openJoinCpu(x, orderOf(x.rows), k, silentContext)];
}

test('WASM keeps the same rows as the plain join, at awkward sizes', async () => {
  for (const [block, cols, k] of [
    [6, 1, 3],
    [7, 3, 1],
    [64, 5, 4],
    [65, 17, 14],
    [131, 33, 9],
  ] as const) {
    const [wasm, plain] = await openBoth(uniformMatrix(block + 5, cols, block), k);
    expect(joinSome(wasm, block), `${block} x ${cols}`).toBe(joinSome(plain, block));
    expect(wasm.lists.ids).toEqual(plain.lists.ids);
    expect(wasm.lists.fresh).toEqual(plain.lists.fresh);
    const filled = (join: Join): Float32Array => join.lists.squared.map((d) => (d === Number.POSITIVE_INFINITY ? -1 : d));
    expect(largestDifference(filled(wasm), filled(plain))).toBeLessThan(1e-5 * cols);
  }
});

test('equal rows far from the origin are at exactly 0', async () => {
  const row = uniformMatrix(1, 37, 1).data.map((v) => 1000 + v);
  const x = {
    rows: 12,
    cols: 37,
    data: Float32Array.from({ length: 12 * 37 }, (_, i) => (row[i % 37] as number) + (i < 37 ? 1 : 0)),
  };
  for (const join of await openBoth(x, 3)) {
    join.joinBlock(0, 12, 12);
    const first = orderOf(12).indexOf(0);
    for (let r = 0; r < 12; r++) if (r !== first) expect([...join.lists.squared.subarray(r * 3, r * 3 + 3)]).toEqual([0, 0, 0]);
  }
});

test('without SIMD the lists are nearly the same', async () => {
  const x = uniformMatrix(3000, 12, 3);
  const find = (simd: boolean) => {
    enableSimd(simd);
    return approximateKnn(x, 10, { seed: 1 }, CPU, silentContext);
  };
  try {
    const [wasm, plain] = [await find(true), await find(false)];
    const same = wasm.ids.filter((id, i) => id === plain.ids[i]).length;
    expect(same / wasm.ids.length).toBeGreaterThan(0.95);
  } finally {
    enableSimd(true);
  }
});
