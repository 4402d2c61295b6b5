import { type Box, contains, overlaps, type Size } from './geometry.ts';

/** A label that wants to stand at (x, y), the middle of its text. Higher priority is placed first. */
export interface LabelRequest {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly priority: number;
}

export interface PlacedLabel extends Box {
  readonly id: number;
}

/** Tried in this order: on the anchor, above, below, then half a label to the sides, then farther up and down. */
const OFFSETS: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, -1],
  [0, 1],
  [0.5, -1],
  [-0.5, -1],
  [0.5, 1],
  [-0.5, 1],
  [0, -2],
  [0, 2],
  [0.6, 0],
  [-0.6, 0],
];

const GAP = 4;

/**
 * Greedy placement: each label takes its first offset where it lies inside `bounds` and touches no `taken` box and no placed one. A label with no
 * such offset is left out; one that reaches over the edge is first moved inside by at most its own size.
 * Cost: labels^2 x offsets.
 */
export function placeLabels(requests: readonly LabelRequest[], bounds: Size, taken: readonly Box[] = []): PlacedLabel[] {
  const frame: Box = { x: 0, y: 0, width: bounds.width, height: bounds.height };
  const order = [...requests].sort((a, b) => b.priority - a.priority || a.id - b.id);
  const placed: PlacedLabel[] = [];
  for (const request of order) {
    const box = firstFree(request, [...taken, ...placed], frame);
    if (box) placed.push({ id: request.id, ...box });
  }
  return placed;
}

function firstFree(request: LabelRequest, placed: readonly Box[], frame: Box): Box | null {
  if (request.x < 0 || request.y < 0 || request.x > frame.width || request.y > frame.height) return null;
  for (const [dx, dy] of OFFSETS) {
    const box = pushInside(offsetBox(request, dx, dy), frame);
    if (contains(frame, box) && !placed.some((other) => overlaps(padded(box), other))) return box;
  }
  return null;
}

const offsetBox = ({ x, y, width, height }: LabelRequest, dx: number, dy: number): Box => ({
  x: x - width / 2 + dx * width,
  y: y - height / 2 + dy * (height + GAP),
  width,
  height,
});

const pushInside = (box: Box, frame: Box): Box => ({
  ...box,
  x: Math.max(frame.x, Math.min(box.x, frame.x + frame.width - box.width)),
  y: Math.max(frame.y, Math.min(box.y, frame.y + frame.height - box.height)),
});

const padded = (box: Box): Box => ({
  x: box.x - GAP / 2,
  y: box.y - GAP / 2,
  width: box.width + GAP,
  height: box.height + GAP,
});
