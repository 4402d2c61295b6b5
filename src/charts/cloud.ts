import { type Extent, fitCamera, project } from './extent.ts';
import type { Size } from './geometry.ts';

/** Where each of the points (n x 2, y upwards) lies in a box: n x 2 pixels from its top left, `padding` kept free around them. */
export function fitCloud(positions: Float32Array, size: Size, padding: number): Float32Array {
  const camera = fitCamera(extentOfPairs(positions), size, padding);
  const out = new Float32Array(positions.length);
  for (let i = 0; i < positions.length; i += 2) {
    out.set(project(camera, size, positions[i] as number, positions[i + 1] as number), i);
  }
  return out;
}

/** Width of a dot in pixels: few are seen, and many leave their density readable. */
export const cloudDot = (count: number): number => Math.max(1.3, Math.min(4, 5.6 - 1.1 * Math.log10(Math.max(1, count))));

function extentOfPairs(positions: Float32Array): Extent {
  const range = (axis: 0 | 1): readonly [number, number] => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = axis; i < positions.length; i += 2) {
      low = Math.min(low, positions[i] as number);
      high = Math.max(high, positions[i] as number);
    }
    return low <= high ? [low, high] : [0, 0];
  };
  return { x: range(0), y: range(1) };
}
