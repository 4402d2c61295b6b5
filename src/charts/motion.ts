import { easeCubicInOut } from 'd3';

/** Where profiles lie; the part of a result that the map draws. One entry a profile. */
export interface PositionTable {
  readonly count: number;
  readonly user: Uint32Array;
  readonly window: Uint32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Profiles of each window: `rows[offsets[w] .. offsets[w+1])`, ascending by user. */
export interface WindowIndex {
  readonly rows: Uint32Array;
  readonly offsets: Uint32Array;
}

/** A picture of some users: one entry a user, ascending. `row` is the profile that the entry stands for. */
export interface Pose {
  readonly users: Uint32Array;
  readonly row: Uint32Array;
  /** x, y a user. */
  readonly position: Float32Array;
  /** red, green, blue, alpha a user, 0..255. */
  readonly colour: Uint8Array;
  /** A user: so many times the usual size of a dot. */
  readonly scale: Float32Array;
}

/** The way from one picture to another; both hold the union of the users, in the same order. */
export interface Motion {
  readonly from: Pose;
  readonly to: Pose;
}

export type Paint = (row: number) => readonly [number, number, number, number];

/** Counting sort by window, then each window by user. */
export function indexWindows(table: PositionTable, windowCount: number): WindowIndex {
  const offsets = new Uint32Array(windowCount + 1);
  for (const w of table.window) offsets[w + 1] = (offsets[w + 1] ?? 0) + 1;
  for (let w = 0; w < windowCount; w++) offsets[w + 1] = (offsets[w + 1] ?? 0) + (offsets[w] ?? 0);
  const next = offsets.slice();
  const rows = new Uint32Array(table.count);
  for (let r = 0; r < table.count; r++) {
    const w = table.window[r] as number;
    rows[next[w] as number] = r;
    next[w] = (next[w] as number) + 1;
  }
  const user = (r: number): number => table.user[r] as number;
  for (let w = 0; w < windowCount; w++) rowsOf({ rows, offsets }, w).sort((a, b) => user(a) - user(b));
  return { rows, offsets };
}

/** A view on the profiles of one window; empty outside the range. */
export const rowsOf = (index: WindowIndex, window: number): Uint32Array =>
  index.rows.subarray(index.offsets[window] ?? 0, index.offsets[window + 1] ?? index.offsets[window] ?? 0);

/** The users of one window at rest. @param scaleOf size of a profile's dot over the usual one */
export function poseOf(
  table: PositionTable,
  index: WindowIndex,
  window: number,
  paint: Paint,
  scaleOf: (row: number) => number = () => 1,
): Pose {
  const rows = rowsOf(index, window);
  const pose = createPose(rows.length);
  rows.forEach((row, i) => {
    pose.users[i] = table.user[row] as number;
    pose.row[i] = row;
    pose.position[2 * i] = table.x[row] as number;
    pose.position[2 * i + 1] = table.y[row] as number;
    pose.colour.set(paint(row), 4 * i);
    pose.scale[i] = scaleOf(row);
  });
  return pose;
}

/**
 * Users in both move; one only in `to` starts transparent where it will stand, one only in `from` stays where it was and ends
 * transparent. `from` may itself be a picture half way, so a transition can be turned at any time without a jump.
 */
export function between(from: Pose, to: Pose): Motion {
  const count = unionSize(from.users, to.users);
  const start = createPose(count);
  const end = createPose(count);
  let i = 0;
  let j = 0;
  for (let k = 0; k < count; k++) {
    const a = from.users[i] ?? Number.POSITIVE_INFINITY;
    const b = to.users[j] ?? Number.POSITIVE_INFINITY;
    copyEntry(a <= b ? from : to, a <= b ? i : j, start, k, a <= b);
    copyEntry(b <= a ? to : from, b <= a ? j : i, end, k, b <= a);
    if (a <= b) i++;
    if (b <= a) j++;
  }
  return { from: start, to: end };
}

/** The picture at time t in 0..1, eased. Who leaves is gone at .5, who enters begins at .5. */
export function poseAt({ from, to }: Motion, t: number): Pose {
  const clamped = Math.max(0, Math.min(1, t));
  const s = easeCubicInOut(clamped);
  const fade = (a: number, b: number): number =>
    a === 0 ? Math.max(0, 2 * clamped - 1) : b === 0 ? Math.min(1, 2 * clamped) : s;
  const pose: Pose = { ...createPose(from.users.length), users: to.users, row: to.row };
  for (let i = 0; i < from.position.length; i++) pose.position[i] = mix(from.position[i] as number, to.position[i] as number, s);
  for (let i = 0; i < from.scale.length; i++) pose.scale[i] = mix(from.scale[i] as number, to.scale[i] as number, s);
  for (let i = 0; i < from.colour.length; i += 4) {
    for (let c = 0; c < 3; c++) pose.colour[i + c] = mix(from.colour[i + c] as number, to.colour[i + c] as number, s);
    const [a, b] = [from.colour[i + 3] as number, to.colour[i + 3] as number];
    pose.colour[i + 3] = mix(a, b, fade(a, b));
  }
  return pose;
}

const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

const createPose = (count: number): Pose => ({
  users: new Uint32Array(count),
  row: new Uint32Array(count),
  position: new Float32Array(2 * count),
  colour: new Uint8Array(4 * count),
  scale: new Float32Array(count).fill(1),
});

export const EMPTY_POSE: Pose = createPose(0);

function copyEntry(source: Pose, i: number, target: Pose, k: number, visible: boolean): void {
  target.users[k] = source.users[i] as number;
  target.row[k] = source.row[i] as number;
  target.position[2 * k] = source.position[2 * i] as number;
  target.position[2 * k + 1] = source.position[2 * i + 1] as number;
  target.scale[k] = source.scale[i] as number;
  for (let c = 0; c < 4; c++) target.colour[4 * k + c] = source.colour[4 * i + c] as number;
  if (!visible) target.colour[4 * k + 3] = 0;
}

function unionSize(a: Uint32Array, b: Uint32Array): number {
  let [i, j, count] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const x = a[i] ?? Number.POSITIVE_INFINITY;
    const y = b[j] ?? Number.POSITIVE_INFINITY;
    if (x <= y) i++;
    if (y <= x) j++;
    count++;
  }
  return count;
}
