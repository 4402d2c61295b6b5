/**
 * The tracking rules once more, as slow and as plain as they are written in DESIGN.md: sets, no indexes, no ids. It judges one
 * pair of windows; tests hold the product against it.
 */
import type { MatchingSettings, WindowSegment } from '../domain/index.ts';

export interface OracleMatch {
  readonly kind: string;
  readonly old: number[];
  readonly fresh: number[];
  readonly carries: [number, number] | null;
}

type Users = ReadonlySet<number>;
const meet = (a: Users, b: Users): Set<number> => new Set([...a].filter((u) => b.has(u)));

export function oracleMatches(
  old: readonly WindowSegment[],
  fresh: readonly WindowSegment[],
  present: readonly [Users, Users],
  s: MatchingSettings,
): OracleMatch[] {
  const X = old.map((segment) => new Set(segment.members));
  const Y = fresh.map((segment) => new Set(segment.members));
  const common = meet(...present);
  const at = (sets: Users[], i: number): Users => sets[i] as Users;
  const both = (x: number, y: number): number => meet(at(X, x), at(Y, y)).size;
  const f = (x: number, y: number): number => both(x, y) / (meet(at(X, x), common).size || 1);
  const b = (x: number, y: number): number => both(x, y) / (meet(at(Y, y), common).size || 1);
  const strong = (set: Users): boolean => {
    const n = meet(set, common).size;
    return n >= s.minCommonUsers && n >= s.minCommonShare * set.size;
  };
  const cos = (p: WindowSegment, q: WindowSegment): number =>
    p.centroid.reduce((sum, v, i) => sum + v * (q.centroid[i] as number), 0);
  const cosine = (x: number, y: number): number => cos(old[x] as WindowSegment, fresh[y] as WindowSegment);
  const nearestTo = (values: number[]): number => values.indexOf(Math.max(...values));
  const freeX = new Set(X.keys());
  const freeY = new Set(Y.keys());
  const out: OracleMatch[] = [];
  const claim = (kind: string, xs: number[], ys: number[], carries: [number, number] | null): void => {
    out.push({ kind, old: xs, fresh: ys, carries });
    for (const x of xs) freeX.delete(x);
    for (const y of ys) freeY.delete(y);
  };
  const openX = (): number[] => [...freeX].filter((x) => strong(at(X, x)));
  const openY = (): number[] => [...freeY].filter((y) => strong(at(Y, y)));

  for (const x of openX()) {
    const ys = openY().filter((y) => f(x, y) >= s.splitShare && b(x, y) >= s.splitPurity);
    const cover = ys.reduce((n, y) => n + both(x, y), 0) / meet(at(X, x), common).size;
    const sizes = ys.map((y) => at(Y, y).size);
    if (ys.length >= 2 && cover >= s.splitCover) claim('split', [x], ys, [x, ys[nearestTo(sizes)] as number]);
  }
  for (const y of openY()) {
    const xs = openX().filter((x) => b(x, y) >= s.mergeShare && f(x, y) >= s.mergePurity);
    const cover = xs.reduce((n, x) => n + both(x, y), 0) / meet(at(Y, y), common).size;
    const gifts = xs.map((x) => both(x, y));
    if (xs.length >= 2 && cover >= s.mergeCover) claim('merge', xs, [y], [xs[nearestTo(gifts)] as number, y]);
  }
  for (const x of openX()) {
    for (const y of openY()) {
      const best = nearestTo(Y.map((_, j) => both(x, j))) === y && nearestTo(X.map((_, i) => both(i, y))) === x;
      if (freeX.has(x) && best && (f(x, y) >= s.surviveShare || b(x, y) >= s.surviveShare)) claim('survive', [x], [y], [x, y]);
    }
  }
  for (const x of [...freeX]) {
    for (const y of [...freeY]) {
      if (!freeX.has(x) || !freeY.has(y) || (strong(at(X, x)) && strong(at(Y, y)))) continue;
      const best = nearestTo(Y.map((_, j) => cosine(x, j))) === y && nearestTo(X.map((_, i) => cosine(i, y))) === x;
      const siblings = old.filter((_, i) => i !== x).map((other) => cos(old[x] as WindowSegment, other));
      if (best && siblings.every((c) => cosine(x, y) > c)) claim('survive', [x], [y], [x, y]);
    }
  }
  const link = (x: number, y: number): boolean => both(x, y) > 0 && (f(x, y) >= s.splitShare || b(x, y) >= s.mergeShare);
  for (const x of openX()) {
    let [xs, ys, size] = [[x], [] as number[], 0];
    while (xs.length + ys.length > size) {
      size = xs.length + ys.length;
      ys = openY().filter((j) => xs.some((i) => link(i, j)));
      xs = openX().filter((i) => i === x || ys.some((j) => link(i, j)));
    }
    if (freeX.has(x) && xs.length >= 2 && ys.length >= 2) claim('reorganise', xs, ys, null);
  }
  for (const x of [...freeX]) claim('disappear', [x], [], null);
  for (const y of [...freeY]) claim('emerge', [], [y], null);
  return out;
}
