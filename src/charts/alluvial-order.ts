/** A segment as the lineage needs it; `index` is its place in the list and what flows refer to. */
export interface AlluvialSegment {
  readonly index: number;
  readonly window: number;
  readonly track: number;
  /** Users that are not thin. */
  readonly size: number;
}

export interface AlluvialFlow {
  readonly from: number;
  readonly to: number;
  readonly users: number;
}

export interface AlluvialInput {
  readonly windowCount: number;
  readonly segments: readonly AlluvialSegment[];
  /** Between a window and the last non-empty one before it. */
  readonly flows: readonly AlluvialFlow[];
}

/** Sweeps there and back; the weighted crossings rarely fall after the third. */
const SWEEPS = 4;

/**
 * Order of the segments in each column (indexes into `segments`; empty windows give empty columns), to lessen crossings.
 * Starts with tracks in order of their ids, which keeps a track at its height, then applies the barycentre heuristic
 * (Sugiyama, Tagawa & Toda 1981) forwards and backwards and keeps the order with the fewest crossings, weighted by the product
 * of the users of the two ribbons.
 */
export function orderColumns(input: AlluvialInput): number[][] {
  const columns: number[][] = Array.from({ length: input.windowCount }, () => []);
  for (const segment of input.segments) columns[segment.window]?.push(segment.index);
  const track = (s: number): number => input.segments[s]?.track ?? 0;
  for (const column of columns) column.sort((a, b) => track(a) - track(b) || a - b);

  const filled = columns.map((_, w) => w).filter((w) => (columns[w]?.length ?? 0) > 0);
  let best = columns.map((c) => [...c]);
  let fewest = crossings(best, input.flows);
  let current = best.map((c) => [...c]);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    current = sweepOnce(current, input.flows, filled, sweep % 2 === 0);
    const count = crossings(current, input.flows);
    if (count < fewest) {
      best = current.map((c) => [...c]);
      fewest = count;
    }
  }
  return best;
}

/** Sorts each column by the mean place, weighted by users, of the blocks that its flows come from (or go to, backwards). */
function sweepOnce(
  columns: readonly (readonly number[])[],
  flows: readonly AlluvialFlow[],
  filled: readonly number[],
  forward: boolean,
) {
  const next = columns.map((c) => [...c]);
  const place = placesOf(next);
  const walk = forward ? filled.slice(1) : filled.slice(0, -1).reverse();
  const [near, far] = forward ? (['to', 'from'] as const) : (['from', 'to'] as const);
  for (const window of walk) {
    const column = next[window] as number[];
    const members = new Set(column);
    const weight = new Map<number, { users: number; moment: number }>();
    for (const flow of flows) {
      if (!members.has(flow[near])) continue;
      const w = weight.get(flow[near]) ?? { users: 0, moment: 0 };
      weight.set(flow[near], { users: w.users + flow.users, moment: w.moment + flow.users * (place.get(flow[far]) ?? 0) });
    }
    const key = (s: number): number => {
      const w = weight.get(s);
      return w && w.users > 0 ? w.moment / w.users : (place.get(s) ?? 0);
    };
    column.sort((a, b) => key(a) - key(b) || (place.get(a) ?? 0) - (place.get(b) ?? 0));
    setPlaces(column, place);
  }
  return next;
}

/** Sum over crossing pairs of ribbons of the product of their users. Cost: flows x blocks of a column. */
export function crossings(columns: readonly (readonly number[])[], flows: readonly AlluvialFlow[]): number {
  const rank = new Map<number, number>();
  const window = new Map<number, number>();
  columns.forEach((column, w) => {
    column.forEach((s, i) => {
      rank.set(s, i);
      window.set(s, w);
    });
  });
  const groups = new Map<number, AlluvialFlow[]>();
  for (const flow of flows) {
    const w = window.get(flow.to);
    if (w === undefined || !rank.has(flow.from)) continue;
    const group = groups.get(w);
    if (group) group.push(flow);
    else groups.set(w, [flow]);
  }
  let total = 0;
  for (const [w, group] of groups) total += crossingsOf(group, rank, columns[w]?.length ?? 0);
  return total;
}

function crossingsOf(flows: AlluvialFlow[], rank: ReadonlyMap<number, number>, targets: number): number {
  const at = (s: number): number => rank.get(s) ?? 0;
  flows.sort((a, b) => at(a.from) - at(b.from) || at(a.to) - at(b.to));
  const passed = new Float64Array(targets);
  let total = 0;
  let start = 0;
  while (start < flows.length) {
    let end = start;
    while (end < flows.length && at(flows[end]?.from ?? 0) === at(flows[start]?.from ?? 0)) end++;
    const sameSource = flows.slice(start, end);
    for (const flow of sameSource) {
      for (let t = at(flow.to) + 1; t < targets; t++) total += flow.users * (passed[t] ?? 0);
    }
    for (const flow of sameSource) passed[at(flow.to)] = (passed[at(flow.to)] ?? 0) + flow.users;
    start = end;
  }
  return total;
}

/** Places as shares of the column, so that columns of different lengths can be compared. */
function placesOf(columns: readonly (readonly number[])[]): Map<number, number> {
  const place = new Map<number, number>();
  for (const column of columns) setPlaces(column, place);
  return place;
}

function setPlaces(column: readonly number[], place: Map<number, number>): void {
  column.forEach((s, i) => {
    place.set(s, (i + 0.5) / column.length);
  });
}
