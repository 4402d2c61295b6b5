import type { JobContext, Matrix } from '../../domain/index.ts';
import { forBlocks } from '../../engine/index.ts';

/** The profiles of one window, one row a user. */
export interface WindowProfiles {
  /** Distinct. */
  readonly users: ArrayLike<number>;
  readonly rows: Matrix;
  /** Named alike in both windows: tracks, or the segments of a global fit. -1 (noise) is a group of its own. */
  readonly segments: ArrayLike<number>;
}

/** Vectors of the profiles' dimensions; total = activity + composition + content, to float64's rounding. */
export interface DriftParts {
  /** Change of the mean profile. */
  readonly total: Float64Array;
  /** By users who came or went: the change of all users' mean less that of the common users' mean. */
  readonly activity: Float64Array;
  /** By common users who changed their segment. */
  readonly composition: Float64Array;
  /** By segments whose common users changed what they look at. */
  readonly content: Float64Array;
  readonly commonUsers: number;
  /** By segment, ascending; their parts add up to `composition` and `content`. */
  readonly segments: readonly SegmentDrift[];
}

export interface SegmentDrift {
  readonly segment: number;
  /** Of the common users. */
  readonly shareBefore: number;
  readonly shareAfter: number;
  /** Change of share x (mean centroid - mean of the common users in both windows): subtracting the latter changes no sum. */
  readonly composition: Float64Array;
  /** Mean share x change of centroid. */
  readonly content: Float64Array;
}

/**
 * Kitagawa-Oaxaca-Blinder decomposition (Kitagawa 1955, Oaxaca 1973, Blinder 1973; symmetric weights, so that nothing is left as
 * interaction) of the change of the mean profile between two windows. The users common to both are split by segment; centroids
 * are the means of their profiles, not the fitted ones, or the parts would not add up. A segment without common users in one of the
 * windows has no centroid there and is given that of the other: all of its change is composition. Without any common user
 * all is activity. Null where a window has no profile.
 */
export async function decomposeDrift(before: WindowProfiles, after: WindowProfiles, ctx: JobContext): Promise<DriftParts | null> {
  if (before.rows.rows === 0 || after.rows.rows === 0) return null;
  const [old, fresh] = [await sumGroups(before, after, ctx), await sumGroups(after, before, ctx)];
  const total = minus(old.all, fresh.all);
  if (old.common === 0) {
    const none = new Float64Array(total.length);
    return { total, activity: total, composition: none, content: none.slice(), commonUsers: 0, segments: [] };
  }
  const [oldMean, freshMean] = [meanOfCommon(old, total.length), meanOfCommon(fresh, total.length)];
  const middle = oldMean.map((value, i) => (value + (freshMean[i] as number)) / 2);
  const names = [...new Set([...old.groups.keys(), ...fresh.groups.keys()])].sort((a, b) => a - b);
  const segments = names.map((name) => segmentDrift(name, old, fresh, middle));
  const change = minus(oldMean, freshMean);
  return {
    total,
    activity: minus(change, total),
    composition: sumOf(
      segments.map((s) => s.composition),
      total.length,
    ),
    content: sumOf(
      segments.map((s) => s.content),
      total.length,
    ),
    commonUsers: old.common,
    segments,
  };
}

/**
 * The three parts as shares of the total, along its direction: they add up to 1, and a part that worked against the change is
 * negative. Null where the mean profile did not change.
 */
export function sharesOfDrift(parts: DriftParts): { activity: number; composition: number; content: number } | null {
  const along = (part: Float64Array): number => part.reduce((sum, value, i) => sum + value * (parts.total[i] as number), 0);
  const whole = along(parts.total);
  if (whole === 0) return null;
  return {
    activity: along(parts.activity) / whole,
    composition: along(parts.composition) / whole,
    content: along(parts.content) / whole,
  };
}

interface Group {
  size: number;
  readonly sum: Float64Array;
}

interface Groups {
  /** Mean of all users. */
  readonly all: Float64Array;
  /** Common users. */
  readonly common: number;
  /** The common users by segment. */
  readonly groups: ReadonlyMap<number, Group>;
}

async function sumGroups({ users, rows, segments }: WindowProfiles, other: WindowProfiles, ctx: JobContext): Promise<Groups> {
  const others = new Set(Array.from(other.users));
  const all = new Float64Array(rows.cols);
  const groups = new Map<number, Group>();
  let common = 0;
  await forBlocks(rows.rows, 2 * rows.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      addRow(all, rows, r);
      if (!others.has(users[r] as number)) continue;
      const segment = segments[r] as number;
      const group = groups.get(segment) ?? { size: 0, sum: new Float64Array(rows.cols) };
      groups.set(segment, group);
      group.size++;
      common++;
      addRow(group.sum, rows, r);
    }
  });
  return { all: all.map((sum) => sum / rows.rows), common, groups };
}

function meanOfCommon({ groups, common }: Groups, dims: number): Float64Array {
  return sumOf(
    [...groups.values()].map((group) => group.sum),
    dims,
  ).map((sum) => sum / common);
}

function segmentDrift(segment: number, old: Groups, fresh: Groups, middle: Float64Array): SegmentDrift {
  const [before, after] = [old.groups.get(segment), fresh.groups.get(segment)];
  const [was, is] = [centroidOf(before ?? (after as Group)), centroidOf(after ?? (before as Group))];
  const shareBefore = (before?.size ?? 0) / old.common;
  const shareAfter = (after?.size ?? 0) / fresh.common;
  const composition = was.map((v, i) => (shareAfter - shareBefore) * ((v + (is[i] as number)) / 2 - (middle[i] as number)));
  const content = was.map((v, i) => ((shareBefore + shareAfter) / 2) * ((is[i] as number) - v));
  return { segment, shareBefore, shareAfter, composition, content };
}

const centroidOf = ({ size, sum }: Group): Float64Array => sum.map((value) => value / size);

function addRow(sum: Float64Array, rows: Matrix, r: number): void {
  const from = r * rows.cols;
  for (let i = 0; i < rows.cols; i++) sum[i] = (sum[i] as number) + (rows.data[from + i] as number);
}

/** b - a. */
const minus = (a: Float64Array, b: Float64Array): Float64Array => b.map((value, i) => value - (a[i] as number));

function sumOf(vectors: readonly Float64Array[], dims: number): Float64Array {
  const sum = new Float64Array(dims);
  for (const vector of vectors) for (let i = 0; i < dims; i++) sum[i] = (sum[i] as number) + (vector[i] as number);
  return sum;
}
