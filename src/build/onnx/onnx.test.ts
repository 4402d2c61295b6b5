import { describe, expect, it } from 'vitest';
import { createRandom } from '../../domain/index.ts';
import { OnnxGraph } from './graph.ts';
import { toHalves } from './half.ts';
import { ProtoMessage } from './proto.ts';
import { quantiseBlocks, quantiseColumns, quantiseRows } from './quantise.ts';

describe('the pieces of the writer', () => {
  it('quantised weights are within half a step of the weights, by column or by row, zeros included', () => {
    const weights = Float32Array.of(1, -200, 0, 0.5, 100, 0);
    const byColumn = quantiseColumns(weights, 2, 3);
    const byRow = quantiseRows(weights, 2, 3);
    weights.forEach((w, i) => {
      const column = byColumn.scales[i % 3] as number;
      const row = byRow.scales[Math.floor(i / 3)] as number;
      expect(Math.abs((byColumn.values[i] as number) * column - w)).toBeLessThanOrEqual(column / 2 + 1e-6);
      expect(Math.abs((byRow.values[i] as number) * row - w)).toBeLessThanOrEqual(row / 2 + 1e-6);
    });
    expect([...byColumn.values]).toEqual([127, -127, 0, 64, 64, 0]);
  });

  it('weights of four bits are within half a step, the one below the eighth level within a whole one, and zeros stay zero', () => {
    const [rows, columns, block] = [64, 3, 32];
    const random = createRandom(5);
    const weights = Float32Array.from({ length: rows * columns }, (_, i) => (i % columns === 2 ? 0 : random.next() - 0.5));
    const { packed, scales } = quantiseBlocks(weights, rows, columns, block);
    weights.forEach((w, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      const byte = packed[(column * rows + row) / 2 - (row % 2) / 2] as number;
      const scale = scales[column * 2 + Math.floor(row / block)] as number;
      const level = (row % 2 === 0 ? byte & 15 : byte >> 4) - 8;
      expect(Math.abs(level * scale - w)).toBeLessThanOrEqual(Math.abs(scale) * (level === 7 ? 1 : 0.5) + 1e-6);
      if (column === 2) expect(level).toBe(0);
    });
    expect(() => quantiseBlocks(weights, 48, 4, 32)).toThrow('no whole number of blocks');
  });

  it('a half is the nearest one, of two equally near the even one, for every half there is and the middle between it and the next', () => {
    const finite = Array.from({ length: 0x7c00 }, (_, bits) => bits);
    expect([...toHalves(Float32Array.from(finite, decoded))]).toEqual(finite);
    expect([...toHalves(Float32Array.from(finite, (bits) => -decoded(bits)))]).toEqual(finite.map((bits) => bits | 0x8000));
    const middles = Float32Array.from(finite, (bits) => (decoded(bits) + decoded(bits + 1)) / 2);
    expect([...toHalves(middles)]).toEqual(finite.map((bits) => bits + (bits % 2)));
    const special = Float32Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e30, 65519, 1e-30);
    expect([...toHalves(special)]).toEqual([0x7c00, 0xfc00, 0x7e00, 0x7c00, 0x7bff, 0]);
  });

  it('protobuf fields are written as its encoding page gives them', () => {
    const bytes = new ProtoMessage()
      .int(1, 150)
      .string(2, 'testing')
      .float(3, 1)
      .message(4, new ProtoMessage().int(1, -1))
      .toBytes();
    expect(Buffer.from(bytes).toString('hex')).toBe('089601120774657374696e671d0000803f220b08ffffffffffffffffff01');
  });

  it('a constant whose values do not fill its shape is refused', () => {
    expect(() => new OnnxGraph('g').tensor('w', 'float32', [2, 2], new Float32Array(3))).toThrow('w: 3 values');
  });
});

/** By the definition of the format; the first that is infinite stands here for 65536, the value it would have. */
function decoded(bits: number): number {
  const [exponent, fraction] = [bits >> 10, bits & 0x3ff];
  return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
}
