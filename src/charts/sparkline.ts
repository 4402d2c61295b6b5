import { area, line, scaleLinear } from 'd3';
import type { Size } from './geometry.ts';

export interface SparkPoint {
  readonly index: number;
  readonly value: number;
  readonly x: number;
  readonly y: number;
}

export interface Sparkline {
  /** SVG path data; '' with no points. A gap in the values is a gap in the line. */
  readonly line: string;
  readonly area: string;
  /** One for each value that is not null. */
  readonly points: readonly SparkPoint[];
  readonly max: number;
}

const PAD = 4;

/** Values over equal steps; null = no value (drawn as a gap, never as zero). The scale starts at zero. */
export function layoutSparkline(values: readonly (number | null)[], size: Size): Sparkline {
  const max = values.reduce<number>((top, v) => Math.max(top, v ?? 0), 0);
  const x = scaleLinear()
    .domain([0, Math.max(1, values.length - 1)])
    .range([PAD, size.width - PAD]);
  const y = scaleLinear()
    .domain([0, max || 1])
    .range([size.height - PAD, PAD]);
  const all = values.map((value, index) => ({
    index,
    value: value ?? 0,
    missing: value === null,
    x: x(index),
    y: y(value ?? 0),
  }));
  type Point = (typeof all)[number];
  const stroke = line<Point>()
    .defined((p) => !p.missing)
    .x((p) => p.x)
    .y((p) => p.y);
  const fill = area<Point>()
    .defined((p) => !p.missing)
    .x((p) => p.x)
    .y0(y(0))
    .y1((p) => p.y);
  const points = all.filter((p) => !p.missing).map(({ index, value, x: px, y: py }) => ({ index, value, x: px, y: py }));
  return { line: stroke(all) ?? '', area: fill(all) ?? '', points, max };
}
