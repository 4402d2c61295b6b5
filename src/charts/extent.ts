import { quantileSorted } from 'd3';
import type { Size } from './geometry.ts';
import type { PositionTable } from './motion.ts';

/** Camera of an orthographic view: `target` lies in the middle, a unit is 2^zoom pixels. */
export interface Camera {
  readonly target: readonly [number, number];
  readonly zoom: number;
}

export interface Extent {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Of all windows together, so that the camera can stand still while time moves. A point at 0 with no profiles. */
export function extentOf(table: PositionTable): Extent {
  return { x: range(table.x), y: range(table.y) };
}

/**
 * The camera that shows the whole extent with `padding` pixels around it.
 * @param covered pixels at the right that something else lies on
 */
export function fitCamera(extent: Extent, size: Size, padding: number, covered = 0): Camera {
  const width = Math.max(1e-6, extent.x[1] - extent.x[0]);
  const height = Math.max(1e-6, extent.y[1] - extent.y[0]);
  const room = { width: Math.max(1, size.width - covered - 2 * padding), height: Math.max(1, size.height - 2 * padding) };
  const scale = Math.min(room.width / width, room.height / height);
  return {
    target: [(extent.x[0] + extent.x[1]) / 2 + covered / 2 / scale, (extent.y[0] + extent.y[1]) / 2],
    zoom: Math.log2(scale),
  };
}

/** World to pixels and back; y grows upwards in the world and downwards on the screen. */
export function project(camera: Camera, size: Size, x: number, y: number): readonly [number, number] {
  const k = 2 ** camera.zoom;
  return [size.width / 2 + (x - camera.target[0]) * k, size.height / 2 - (y - camera.target[1]) * k];
}

export function unproject(camera: Camera, size: Size, px: number, py: number): readonly [number, number] {
  const k = 2 ** camera.zoom;
  return [camera.target[0] + (px - size.width / 2) / k, camera.target[1] - (py - size.height / 2) / k];
}

/** Middle of a cloud of points: the median of each coordinate, which outliers do not move. NaN with no points. */
export function medianPoint(table: PositionTable, rows: readonly number[]): readonly [number, number] {
  const middle = (values: Float32Array): number =>
    quantileSorted(
      Array.from(rows, (r) => values[r] as number).sort((a, b) => a - b),
      0.5,
    ) ?? Number.NaN;
  return [middle(table.x), middle(table.y)];
}

function range(values: Float32Array): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? [low, high] : [0, 0];
}
