import { type AnalysisResult, type Movement, NO_TRACK, type TrackId } from '../../domain/index.ts';

/** Largest Holm p of a flow that is marked. */
const BEYOND_CHANCE = 0.05;

/** What a row or a column stands for: a segment, or users who were in no segment's reach. */
export type Side = { readonly track: TrackId } | { readonly margin: 'new' | 'resurrecting' | 'dormant' };

export interface MatrixCell {
  readonly from: Side;
  readonly to: Side;
  readonly users: number;
  /** Of the row's users, 0..1; null for a row without any. */
  readonly share: number | null;
  /** Users that chance alone would bring, and Holm's p; null where it is no flow between two segments. */
  readonly expected: number | null;
  readonly p: number | null;
  /** More users than chance would bring. */
  readonly marked: boolean;
}

export interface MatrixRow {
  readonly side: Side;
  readonly cells: readonly MatrixCell[];
  readonly users: number;
}

/**
 * The migration matrix as it is shown: rows by size, the largest first; columns in the order of the rows, so that who stayed stands on
 * the diagonal, then the segments that are new, by size. Users of no segment come last, margins after them.
 */
export interface MatrixView {
  readonly columns: readonly Side[];
  readonly rows: readonly MatrixRow[];
  /** Users of each segment now, and the change since the window before; one a column but the last (dormant). */
  readonly now: readonly { readonly users: number; readonly change: number }[];
}

export function matrixView(result: AnalysisResult, movement: Movement): MatrixView {
  const { migration: m, window, before, net } = movement;
  const rows = bySize(result, before, m.from);
  const columns = alongRows(
    bySize(result, window, m.to),
    rows.map((x) => m.from[x] as TrackId),
    m.to,
  );
  const column = (y: number): Side => ({ track: m.to[y] as TrackId });
  const flows = rows.map((x): MatrixRow => {
    const users = m.fromUsers[x] as number;
    const from: Side = { track: m.from[x] as TrackId };
    const moved = columns.map((y) => flowCell(movement, x, y));
    const gone = m.dormant[x] as number;
    return { side: from, users, cells: [...moved, plainCell(from, { margin: 'dormant' }, gone, users)] };
  });
  const arrivals = (margin: 'new' | 'resurrecting'): MatrixRow => {
    const users = m[margin].reduce((a, b) => a + b, 0);
    return {
      side: { margin },
      users,
      cells: columns.map((y) => plainCell({ margin }, column(y), m[margin][y] as number, users)),
    };
  };
  return {
    columns: [...columns.map(column), { margin: 'dormant' }],
    rows: [...flows, arrivals('new'), arrivals('resurrecting')],
    now: columns.map((y) => ({
      users: m.toUsers[y] as number,
      change: net.change[net.segments.indexOf(m.to[y] as TrackId)] as number,
    })),
  };
}

/** Places in `tracks` in the order of the segment list. */
function bySize(result: AnalysisResult, window: number, tracks: readonly TrackId[]): number[] {
  const numbers = new Map(result.segments.filter((s) => s.window === window).map((s) => [s.track, s.number]));
  const rank = (i: number): number =>
    tracks[i] === NO_TRACK ? Number.POSITIVE_INFINITY : (numbers.get(tracks[i] as TrackId) ?? 0);
  return [...tracks.keys()].sort((a, b) => rank(a) - rank(b) || a - b);
}

/** Places in `tracks`: those that are rows in the order of the rows, then the others as they come; no segment last. */
function alongRows(places: readonly number[], rows: readonly TrackId[], tracks: readonly TrackId[]): number[] {
  const rank = (y: number): number => {
    const row = rows.indexOf(tracks[y] as TrackId);
    return tracks[y] === NO_TRACK ? rows.length + 1 : row < 0 ? rows.length : row;
  };
  return [...places].sort((a, b) => rank(a) - rank(b));
}

function flowCell({ migration: m, flows }: Movement, x: number, y: number): MatrixCell {
  const i = x * m.to.length + y;
  const [from, to] = [{ track: m.from[x] as TrackId }, { track: m.to[y] as TrackId }];
  const p = known(flows.adjusted[i]);
  const marked = p !== null && p <= BEYOND_CHANCE;
  return {
    ...plainCell(from, to, m.counts[i] as number, m.fromUsers[x] as number),
    expected: known(flows.expected[i]),
    p,
    marked,
  };
}

const plainCell = (from: Side, to: Side, users: number, of: number): MatrixCell => ({
  ...{ from, to, users, share: of > 0 ? users / of : null },
  ...{ expected: null, p: null, marked: false },
});

const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
