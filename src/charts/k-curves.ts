import { line, scaleLinear } from 'd3';
import { elbowOf, type KChoice, type KPoint } from '../domain/index.ts';

export type KMeasure = Exclude<keyof KPoint, 'k'>;

/** A value on a curve, and where it is drawn. */
export interface KMark {
  readonly k: number;
  readonly value: number;
  readonly x: number;
  readonly y: number;
}

/** One curve over the shared axis of k. */
export interface KRow {
  readonly measure: KMeasure;
  /** Pixels from the top of the picture; between the two lies the curve. */
  readonly top: number;
  readonly bottom: number;
  /** SVG path data; '' where nothing was measured. What is missing is a gap. */
  readonly line: string;
  /** Those of the other windows. */
  readonly others: readonly string[];
  /** Ends of the scale; null where nothing was measured. */
  readonly low: { readonly value: number; readonly y: number } | null;
  readonly high: { readonly value: number; readonly y: number } | null;
  /** At the k of the window; null where it is not on the curve. */
  readonly chosen: KMark | null;
  /** The curve's own choice: its best value, the lowest k of equals; of inertia the elbow. */
  readonly best: KMark | null;
}

export interface KCurves {
  readonly width: number;
  readonly height: number;
  readonly rows: readonly KRow[];
  /** Where the window's k and the k of all windows lie; null where they are not on the axis. */
  readonly chosenX: number | null;
  readonly commonX: number | null;
  /** Labels of the axis; the chosen k always, the others where they find room. */
  readonly ticks: readonly { readonly k: number; readonly x: number }[];
}

export interface KCurvesSize {
  readonly width: number;
  /** Of one curve, without its heading. */
  readonly rowHeight: number;
  /** Above each curve. */
  readonly heading: number;
  /** Left of the curves, for the ends of the scales. */
  readonly left: number;
}

interface Measure {
  readonly measure: KMeasure;
  /** Whether windows can be compared by it; else each window's curve is drawn to its own ends, and only shapes compare. */
  readonly comparable: boolean;
  readonly bestOf: (points: readonly Valued[]) => number | null;
}

interface Valued {
  readonly k: number;
  readonly value: number;
}

const extreme =
  (sign: 1 | -1) =>
  (points: readonly Valued[]): number | null =>
    points.reduce<Valued | null>((best, p) => (best && sign * best.value >= sign * p.value ? best : p), null)?.k ?? null;

/** Calinski-Harabasz and inertia grow with the users of a window. */
const MEASURES: readonly Measure[] = [
  { measure: 'silhouette', comparable: true, bestOf: extreme(1) },
  { measure: 'daviesBouldin', comparable: true, bestOf: extreme(-1) },
  { measure: 'calinskiHarabasz', comparable: false, bestOf: extreme(1) },
  {
    measure: 'inertia',
    comparable: false,
    bestOf: (points) => elbowOf(points.map(({ k, value }) => ({ x: k, y: value }))),
  },
  { measure: 'stability', comparable: true, bestOf: extreme(1) },
];

const RIGHT = 8;
const AXIS = 18;
const ROW_GAP = 8;
/** Between the middles of two labels of the axis. */
const TICK_GAP = 18;

/**
 * Five curves of one window over the same k, one below the other, those of all other windows behind them. Null where the window has no
 * curve: its k is fixed, or density decides.
 */
export function layoutKCurves(choices: readonly KChoice[], window: number | null, size: KCurvesSize): KCurves | null {
  const choice = choices.find((c) => c.window === window);
  if (!choice || choice.curve.length === 0) return null;
  const ks = choices.flatMap((c) => c.curve.map(({ k }) => k));
  const [first, last] = [Math.min(...ks), Math.max(...ks)];
  const x = scaleLinear([first, Math.max(last, first + 1)], [size.left, size.width - RIGHT]);
  const step = size.heading + size.rowHeight + ROW_GAP;
  const rows = MEASURES.map((measure, i) => layoutRow(measure, choices, choice, x, i * step + size.heading, size.rowHeight));
  const placed = (k: number | null): number | null => (k !== null && k >= first && k <= last ? x(k) : null);
  return {
    width: size.width,
    height: MEASURES.length * step - ROW_GAP + AXIS,
    rows,
    chosenX: placed(choice.k),
    commonX: placed(choice.common),
    ticks: ticksOf([choice.k, choice.common, first, last], placed),
  };
}

type Scale = (value: number) => number;

function layoutRow(
  { measure, comparable, bestOf }: Measure,
  choices: readonly KChoice[],
  choice: KChoice,
  x: Scale,
  top: number,
  height: number,
): KRow {
  const bottom = top + height;
  const own = valuesOf(choice.curve, measure);
  const all = comparable ? choices.flatMap((c) => valuesOf(c.curve, measure)) : own;
  const y = scaleOf(all, top, bottom);
  const others = choices.filter((c) => c !== choice && c.curve.length > 0);
  const mark = (k: number | null): KMark | null => {
    const point = own.find((p) => p.k === k);
    return point && y ? { ...point, x: x(point.k), y: y(point.value) } : null;
  };
  const [low, high] = endsOf(all);
  return {
    ...{ measure, top, bottom },
    line: y ? pathOf(choice.curve, measure, x, y) : '',
    others: others.flatMap(({ curve }) => {
      const scale = comparable ? y : scaleOf(valuesOf(curve, measure), top, bottom);
      return scale ? pathOf(curve, measure, x, scale) : [];
    }),
    low: y ? { value: low, y: y(low) } : null,
    high: y ? { value: high, y: y(high) } : null,
    chosen: mark(choice.k),
    best: mark(bestOf(own)),
  };
}

const valuesOf = (curve: readonly KPoint[], measure: KMeasure): Valued[] =>
  curve.flatMap(({ k, [measure]: value }) => (value === null ? [] : { k, value }));

const endsOf = (points: readonly Valued[]): [number, number] => [
  Math.min(...points.map(({ value }) => value)),
  Math.max(...points.map(({ value }) => value)),
];

/** Larger values lie higher; null without any. A flat curve lies in the middle. */
function scaleOf(points: readonly Valued[], top: number, bottom: number): Scale | null {
  if (points.length === 0) return null;
  const [low, high] = endsOf(points);
  return low === high ? () => (top + bottom) / 2 : scaleLinear([low, high], [bottom, top]);
}

const pathOf = (curve: readonly KPoint[], measure: KMeasure, x: Scale, y: Scale): string =>
  line<KPoint>()
    .defined((p) => p[measure] !== null)
    .x((p) => x(p.k))
    .y((p) => y(p[measure] as number))(curve) ?? '';

/** Those before go first: a later label that would touch one of them is left out. */
function ticksOf(wanted: readonly (number | null)[], placed: (k: number | null) => number | null): { k: number; x: number }[] {
  const ticks: { k: number; x: number }[] = [];
  for (const k of wanted) {
    const x = placed(k);
    if (k !== null && x !== null && ticks.every((t) => Math.abs(t.x - x) >= TICK_GAP)) ticks.push({ k, x });
  }
  return ticks;
}
