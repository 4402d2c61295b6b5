import { scaleLinear } from 'd3';
import type { Box, Size } from './geometry.ts';

export interface TimelineWindow {
  readonly name: string;
  readonly profiles: number;
  readonly thin: number;
  readonly partial: boolean;
}

export interface TimelineBar {
  readonly index: number;
  /** The whole band of the window, for pointing at. */
  readonly band: Box;
  /** Users that are not thin; height 0 where there are none. */
  readonly bar: Box;
  readonly empty: boolean;
  readonly partial: boolean;
}

export interface TimelineTick {
  readonly index: number;
  /** Middle of the label: the middle of the band, but for labels that would reach over an edge. */
  readonly x: number;
  readonly label: string;
}

export interface Timeline {
  readonly bars: readonly TimelineBar[];
  readonly ticks: readonly TimelineTick[];
  readonly step: number;
  /** Middle of a window's band. */
  centre(index: number): number;
  /** Window nearest to a pixel. */
  indexAt(x: number): number;
}

/** Mean width of a character of the axis labels; wide on purpose, so that labels never touch. */
const CHARACTER = 6.6;
const LABEL_GAP = 14;
/** A window with one user still shows. */
const MIN_BAR = 2;

/** Bands of equal width, one a window in order, bars up from the bottom; axis labels thinned until none touch. */
export function layoutTimeline(windows: readonly TimelineWindow[], size: Size, padding = 0): Timeline {
  const inner = Math.max(1, size.width - 2 * padding);
  const step = inner / Math.max(1, windows.length);
  const height = scaleLinear()
    .domain([0, windows.reduce((top, w) => Math.max(top, w.profiles), 1)])
    .range([0, size.height]);
  const gap = Math.min(3, step * 0.2);
  const labels = shortNames(windows.map((w) => w.name));
  const centre = (index: number): number => padding + (index + 0.5) * step;
  const bars = windows.map((window, index): TimelineBar => {
    const x = padding + index * step;
    const tall = window.profiles === 0 ? 0 : Math.max(MIN_BAR, height(window.profiles));
    return {
      index,
      band: { x, y: 0, width: step, height: size.height },
      bar: { x: x + gap / 2, y: size.height - tall, width: Math.max(1, step - gap), height: tall },
      empty: window.profiles + window.thin === 0,
      partial: window.partial,
    };
  });
  return {
    bars,
    ticks: placeTicks(labels, step, centre, size.width),
    step,
    centre,
    indexAt: (x) => Math.max(0, Math.min(windows.length - 1, Math.floor((x - padding) / step))),
  };
}

/** Every n-th window, n the smallest that keeps the labels apart; labels at the edges are moved inside. */
function placeTicks(labels: readonly string[], step: number, centre: (index: number) => number, width: number): TimelineTick[] {
  const widest = labels.reduce((most, label) => Math.max(most, label.length), 1) * CHARACTER;
  const every = Math.max(1, Math.ceil((widest + LABEL_GAP) / step));
  const ticks: TimelineTick[] = [];
  for (let index = 0; index < labels.length; index += every) {
    const x = Math.max(widest / 2, Math.min(width - widest / 2, centre(index)));
    const before = ticks[ticks.length - 1];
    if (!before || x - before.x >= widest) ticks.push({ index, x, label: labels[index] ?? '' });
  }
  return ticks;
}

/** Names without what all of them share at the end: months that start on the 1st read YYYY-MM, whole minutes lose the seconds. */
export function shortNames(names: readonly string[]): string[] {
  if (names.every((name) => /^\d{4}-01-01$/.test(name))) return names.map((name) => name.slice(0, 4));
  if (names.every((name) => /^\d{4}-\d\d-01$/.test(name))) return names.map((name) => name.slice(0, 7));
  if (names.every((name) => /T.*:00(\.000)?Z$/.test(name))) return names.map((name) => name.slice(5, 16).replace('T', ' '));
  return [...names];
}
