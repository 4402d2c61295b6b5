import { type AlluvialFlow, type AlluvialInput, type AlluvialSegment, orderColumns } from './alluvial-order.ts';

import type { Box, Size } from './geometry.ts';

export interface AlluvialOptions extends Size {
  readonly blockWidth: number;
  /** Between blocks of a column. */
  readonly gap: number;
  /** Left and right of the first and last block. */
  readonly margin: number;
  /** Length of the stubs, at most 40 % of the space between columns. */
  readonly stub: number;
}

export interface AlluvialColumn {
  readonly window: number;
  /** Middle of its blocks. */
  readonly x: number;
  readonly users: number;
  readonly empty: boolean;
}

export interface AlluvialBlock extends Box {
  readonly segment: number;
  readonly track: number;
  readonly users: number;
}

/** Users flowing between two segments: a band of constant height between (x0, y0..) and (x1, y1..). */
export interface AlluvialRibbon {
  readonly from: number;
  readonly to: number;
  readonly users: number;
  readonly height: number;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly path: string;
}

/** Users who were in no segment of the neighbouring window: `in` fades in on the left of a block, `out` fades out on its right. */
export interface AlluvialStub extends Box {
  readonly segment: number;
  readonly side: 'in' | 'out';
  readonly users: number;
}

export interface Alluvial {
  readonly columns: readonly AlluvialColumn[];
  readonly blocks: readonly AlluvialBlock[];
  readonly ribbons: readonly AlluvialRibbon[];
  readonly stubs: readonly AlluvialStub[];
  /** Pixels a user. */
  readonly scale: number;
}

/** What a column may give to the gaps between its blocks, of its height. */
const GAP_SHARE = 0.35;

/**
 * Columns are windows (an empty one keeps its place), blocks are segments with a height of users x scale, one scale for all
 * columns; columns are centred. Ribbons leave a block from its top in the order of their targets, so that they do not cross at
 * the block; the users without a segment on the other side follow below as a stub.
 * The stubs of the first and the last non-empty window are left out: nothing is known of what was before or comes after.
 */
export function layoutAlluvial(input: AlluvialInput, options: AlluvialOptions): Alluvial {
  const order = orderColumns(input);
  const scale = pixelsPerUser(order, input.segments, options);
  const x = columnScale(input.windowCount, options);
  const blocks = order.flatMap((column) => stack(column, input.segments, x, scale, options));
  const bySegment = new Map(blocks.map((block) => [block.segment, block]));
  const ribbons = placeRibbons(input.flows, bySegment, scale);
  return {
    columns: order.map((column, window) => columnAt(column, window, input.segments, x)),
    blocks,
    ribbons,
    stubs: placeStubs(order, ribbons, bySegment, x, scale, options),
    scale,
  };
}

const columnAt = (
  column: readonly number[],
  window: number,
  segments: readonly AlluvialSegment[],
  x: (window: number) => number,
): AlluvialColumn => ({
  window,
  x: x(window),
  users: sum(column.map((s) => segments[s]?.size ?? 0)),
  empty: column.length === 0,
});

function columnScale(count: number, { width, margin, blockWidth }: AlluvialOptions): (window: number) => number {
  const first = margin + blockWidth / 2;
  const step = count < 2 ? 0 : (width - 2 * first) / (count - 1);
  return (window) => (count < 2 ? width / 2 : first + window * step);
}

/** The largest scale at which every column fits, gaps included. */
function pixelsPerUser(
  order: readonly (readonly number[])[],
  segments: readonly AlluvialSegment[],
  options: AlluvialOptions,
): number {
  let scale = Number.POSITIVE_INFINITY;
  for (const column of order) {
    const users = sum(column.map((s) => segments[s]?.size ?? 0));
    const room = options.height - gapOf(column.length, options) * Math.max(0, column.length - 1);
    if (users > 0) scale = Math.min(scale, room / users);
  }
  return Number.isFinite(scale) ? scale : 0;
}

/** The wanted gap, less in a column of many blocks. */
const gapOf = (blocks: number, { gap, height }: AlluvialOptions): number =>
  blocks < 2 ? 0 : Math.min(gap, (height * GAP_SHARE) / (blocks - 1));

function stack(
  column: readonly number[],
  segments: readonly AlluvialSegment[],
  x: (window: number) => number,
  scale: number,
  options: AlluvialOptions,
): AlluvialBlock[] {
  const gap = gapOf(column.length, options);
  const total = sum(column.map((s) => (segments[s]?.size ?? 0) * scale)) + gap * Math.max(0, column.length - 1);
  let y = (options.height - total) / 2;
  return column.flatMap((s) => {
    const segment = segments[s];
    if (!segment) return [];
    const height = segment.size * scale;
    const block = { segment: s, track: segment.track, users: segment.size, x: x(segment.window) - options.blockWidth / 2, y };
    y += height + gap;
    return [{ ...block, width: options.blockWidth, height }];
  });
}

type Blocks = ReadonlyMap<number, AlluvialBlock>;

function placeRibbons(flows: readonly AlluvialFlow[], blocks: Blocks, scale: number): AlluvialRibbon[] {
  const drawn = flows.filter((f) => f.users > 0 && blocks.has(f.from) && blocks.has(f.to));
  const starts = offsets(drawn, 'from', 'to', blocks, scale);
  const ends = offsets(drawn, 'to', 'from', blocks, scale);
  return drawn.map((flow, i) => {
    const a = blocks.get(flow.from) as AlluvialBlock;
    const b = blocks.get(flow.to) as AlluvialBlock;
    const height = flow.users * scale;
    const place = { x0: a.x + a.width, y0: a.y + (starts[i] ?? 0), x1: b.x, y1: b.y + (ends[i] ?? 0), height };
    return { ...flow, ...place, path: ribbonPath(place) };
  });
}

/** Distance of each flow's edge from the top of its block at the end `near`, ordered by the blocks at the end `far`. */
function offsets(flows: readonly AlluvialFlow[], near: 'from' | 'to', far: 'from' | 'to', blocks: Blocks, scale: number) {
  const used = new Map<number, number>();
  const result: number[] = new Array(flows.length).fill(0);
  const top = (i: number): number => blocks.get((flows[i] as AlluvialFlow)[far])?.y ?? 0;
  const order = flows.map((_, i) => i).sort((a, b) => top(a) - top(b) || a - b);
  for (const i of order) {
    const flow = flows[i] as AlluvialFlow;
    const offset = used.get(flow[near]) ?? 0;
    result[i] = offset;
    used.set(flow[near], offset + flow.users * scale);
  }
  return result;
}

/** A filled band between two vertical edges, with horizontal tangents (a cubic with its control points half way). */
export function ribbonPath(r: { x0: number; y0: number; x1: number; y1: number; height: number }): string {
  const middle = (r.x0 + r.x1) / 2;
  const n = (v: number): string => v.toFixed(2);
  return (
    `M${n(r.x0)},${n(r.y0)}C${n(middle)},${n(r.y0)} ${n(middle)},${n(r.y1)} ${n(r.x1)},${n(r.y1)}` +
    `L${n(r.x1)},${n(r.y1 + r.height)}C${n(middle)},${n(r.y1 + r.height)} ${n(middle)},${n(r.y0 + r.height)} ${n(r.x0)},${n(r.y0 + r.height)}Z`
  );
}

function placeStubs(
  order: readonly (readonly number[])[],
  ribbons: readonly AlluvialRibbon[],
  blocks: Blocks,
  x: (window: number) => number,
  scale: number,
  options: AlluvialOptions,
): AlluvialStub[] {
  const filled = order.map((column, window) => ({ column, window })).filter(({ column }) => column.length > 0);
  const [first, last] = [filled[0]?.window, filled[filled.length - 1]?.window];
  const space = order.length < 2 ? 0 : x(1) - x(0) - options.blockWidth;
  const width = Math.max(0, Math.min(options.stub, space * 0.4));
  const outgoing = totals(ribbons, 'from');
  const incoming = totals(ribbons, 'to');
  return filled.flatMap(({ column, window }) =>
    column.flatMap((s) => {
      const block = blocks.get(s) as AlluvialBlock;
      const sides: AlluvialStub[] = [];
      if (window !== first) sides.push(stubOf(block, 'in', incoming.get(s) ?? 0, width, scale));
      if (window !== last) sides.push(stubOf(block, 'out', outgoing.get(s) ?? 0, width, scale));
      return sides.filter((stub) => stub.users > 0);
    }),
  );
}

const stubOf = (block: AlluvialBlock, side: 'in' | 'out', carried: number, width: number, scale: number): AlluvialStub => ({
  segment: block.segment,
  side,
  users: block.users - carried,
  x: side === 'in' ? block.x - width : block.x + block.width,
  y: block.y + carried * scale,
  width,
  height: Math.max(0, block.users - carried) * scale,
});

function totals(ribbons: readonly AlluvialRibbon[], end: 'from' | 'to'): Map<number, number> {
  const result = new Map<number, number>();
  for (const ribbon of ribbons) result.set(ribbon[end], (result.get(ribbon[end]) ?? 0) + ribbon.users);
  return result;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
