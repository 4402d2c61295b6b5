import { line, scaleLinear } from 'd3';
import type { DistanceCurve } from '../domain/index.ts';
import type { Box } from './geometry.ts';

/** A k-distance curve in a box: users by their distance from left to right, distance from the bottom up, from 0. */
export interface ReachLayout {
  /** SVG path data; '' without points. */
  readonly line: string;
  /** Largest distance of the scale. */
  readonly max: number;
  readonly xOf: (share: number) => number;
  readonly yOf: (distance: number) => number;
  /** The distance at a height, held to 0..max. */
  readonly distanceAt: (y: number) => number;
}

/** The scale holds the whole curve and `eps`. */
export function layoutReach({ distance, share }: DistanceCurve, eps: number, { x, y, width, height }: Box): ReachLayout {
  const max = Math.max(distance.at(-1) ?? 0, eps) || 1;
  const across = scaleLinear([0, 1], [x, x + width]);
  const up = scaleLinear([0, max], [y + height, y]).clamp(true);
  const path = line<number>(
    (i) => across(share[i] as number),
    (i) => up(distance[i] as number),
  )([...distance.keys()]);
  return { line: path ?? '', max, xOf: across, yOf: up, distanceAt: up.invert };
}

/**
 * The share of the rows that are core at `eps`, read off their curve: exact at its points, between two of them in proportion, which
 * errs by less than the share between them.
 */
export function coreShareAt({ distance, share }: DistanceCurve, eps: number): number {
  let above = 0;
  while (above < distance.length && (distance[above] as number) <= eps) above++;
  if (above === 0) return 0;
  const below = share[above - 1] as number;
  if (above === distance.length) return below;
  const [from, to] = [distance[above - 1] as number, distance[above] as number];
  return below + ((share[above] as number) - below) * ((eps - from) / (to - from));
}
