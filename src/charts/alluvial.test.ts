import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlluvialOptions, layoutAlluvial } from './alluvial.ts';
import { type AlluvialFlow, type AlluvialInput, type AlluvialSegment, crossings, orderColumns } from './alluvial-order.ts';
import { overlaps } from './geometry.ts';

const OPTIONS: AlluvialOptions = { width: 800, height: 240, blockWidth: 8, gap: 6, margin: 10, stub: 16 };

/** Users with a segment (or none) in each window; flows join consecutive windows that are not empty. */
function fromMemberships(members: readonly (readonly (number | null)[])[], windowCount: number): AlluvialInput {
  const segments: AlluvialSegment[] = [];
  const idOf = new Map<string, number>();
  for (let w = 0; w < windowCount; w++) {
    for (const track of [...new Set(members.map((user) => user[w] ?? null))].sort()) {
      if (track === null) continue;
      idOf.set(`${w}:${track}`, segments.length);
      segments.push({ index: segments.length, window: w, track, size: members.filter((user) => user[w] === track).length });
    }
  }
  const filled = Array.from({ length: windowCount }, (_, w) => w).filter((w) => segments.some((s) => s.window === w));
  const counts = new Map<string, AlluvialFlow>();
  filled.slice(1).forEach((w, i) => {
    const before = filled[i] as number;
    for (const user of members) {
      const from = idOf.get(`${before}:${user[before]}`);
      const to = idOf.get(`${w}:${user[w]}`);
      if (from === undefined || to === undefined) continue;
      counts.set(`${from}>${to}`, { from, to, users: (counts.get(`${from}>${to}`)?.users ?? 0) + 1 });
    }
  });
  return { windowCount, segments, flows: [...counts.values()] };
}

const anyInput = fc.integer({ min: 1, max: 6 }).chain((windowCount) =>
  fc
    .array(fc.array(fc.option(fc.integer({ min: 1, max: 5 })), { minLength: windowCount, maxLength: windowCount }), {
      maxLength: 40,
    })
    .map((members) => fromMemberships(members, windowCount)),
);

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('alluvial layout', () => {
  it('heights are users times one scale in every column', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { blocks, scale } = layoutAlluvial(input, OPTIONS);
        expect(blocks.length).toBe(input.segments.length);
        for (const block of blocks) expect(block.height).toBeCloseTo(block.users * scale, 9);
      }),
    );
  });

  it('blocks lie inside the frame and do not overlap', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { blocks } = layoutAlluvial(input, OPTIONS);
        for (const a of blocks) {
          expect(a.y).toBeGreaterThanOrEqual(-1e-6);
          expect(a.y + a.height).toBeLessThanOrEqual(OPTIONS.height + 1e-6);
          expect(blocks.some((b) => b !== a && overlaps(a, b))).toBe(false);
        }
      }),
    );
  });

  it('users are conserved: ribbons and stub of each side of a block add up to the block', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { blocks, ribbons, stubs, columns } = layoutAlluvial(input, OPTIONS);
        const filled = columns.filter((c) => !c.empty).map((c) => c.window);
        for (const block of blocks) {
          const window = input.segments[block.segment]?.window;
          const out = [
            ...ribbons.filter((r) => r.from === block.segment),
            ...stubs.filter((s) => s.segment === block.segment && s.side === 'out'),
          ];
          const into = [
            ...ribbons.filter((r) => r.to === block.segment),
            ...stubs.filter((s) => s.segment === block.segment && s.side === 'in'),
          ];
          if (window !== filled.at(-1)) expect(total(out.map((o) => o.users))).toBe(block.users);
          if (window !== filled[0]) expect(total(into.map((o) => o.users))).toBe(block.users);
        }
      }),
    );
  });

  it('ribbons of a block stay within its edge and do not overlap there', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { blocks, ribbons } = layoutAlluvial(input, OPTIONS);
        for (const block of blocks) {
          const leaving = ribbons.filter((r) => r.from === block.segment).sort((a, b) => a.y0 - b.y0);
          let edge = block.y;
          for (const ribbon of leaving) {
            expect(ribbon.y0).toBeCloseTo(edge, 6);
            edge = ribbon.y0 + ribbon.height;
          }
          expect(edge).toBeLessThanOrEqual(block.y + block.height + 1e-6);
        }
      }),
    );
  });

  it('an empty window keeps its column', () => {
    const input = fromMemberships(
      [
        [1, null, 1],
        [2, null, 1],
      ],
      3,
    );
    const { columns, ribbons } = layoutAlluvial(input, OPTIONS);
    expect(columns.map((c) => c.empty)).toEqual([false, true, false]);
    expect((columns[1]?.x ?? 0) - (columns[0]?.x ?? 0)).toBeCloseTo((columns[2]?.x ?? 0) - (columns[1]?.x ?? 0), 9);
    expect(ribbons).toHaveLength(2);
  });

  it('nothing at all gives columns and no blocks', () => {
    const { columns, blocks } = layoutAlluvial({ windowCount: 3, segments: [], flows: [] }, OPTIONS);
    expect(columns).toHaveLength(3);
    expect(blocks).toHaveLength(0);
  });

  it('the order never has more crossings than tracks in order of their ids', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const plain = Array.from({ length: input.windowCount }, (_, w) =>
          input.segments.filter((s) => s.window === w).map((s) => s.index),
        );
        expect(crossings(orderColumns(input), input.flows)).toBeLessThanOrEqual(crossings(plain, input.flows));
      }),
    );
  });

  it('crossings are weighted by the users of both ribbons', () => {
    const flows = [
      { from: 0, to: 3, users: 5 },
      { from: 1, to: 2, users: 7 },
    ];
    const columns = [
      [0, 1],
      [2, 3],
    ];
    expect(crossings(columns, flows)).toBe(35);
    expect(crossings([[1, 0], columns[1] as number[]], flows)).toBe(0);
  });
});
