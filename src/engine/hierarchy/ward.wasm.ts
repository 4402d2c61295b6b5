import type { JobContext, Matrix } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import { onlyPart, padded, type RowsInArena, roundingBound, stretchOf, WASM_TILE, withRows } from '../wasm/index.ts';
import type { Joins } from './merges.ts';

/** Nearest clusters that each knows. Half as many are searched again far more often; twice as many cost as much as they save. */
const KNOWN = 8;
/** Marks an entry whose distance float64 measured, above any slot. */
const MEASURED = 2 ** 30;
/** Work of one list in multiply-adds, for the length of a block. */
const LIST_WORK = 400;
/** Multiply-adds between two checkpoints while lists are ordered: a few milliseconds. */
const BLOCK_WORK = 4e6;

/**
 * |a|^2 + |b|^2 - 2 a.b loses what the lengths have more than the distance. Below this share of the lengths, float64 measures
 * the difference itself; above it float32 is wrong by some 1e-6 of the squared distance.
 */
const NEAR = 0.05;

/**
 * Ward's merges, heights squared; null where WASM is not to be had. Clusters are centroids and sizes: the distance of two is
 * 2 |A||B| / (|A| + |B|) |a - b|^2. Every round merges all pairs that are each other's nearest, which Ward's distances allow since
 * a union is never nearer to a third than its nearer part (reducibility; Murtagh 1983), and measures the unions by tiles.
 * Row r counts `sizes[r]` times.
 */
export function wardWasm(x: Matrix, sizes: Float64Array, ctx: JobContext): Promise<Joins | null> {
  return withRows(x, ctx, null, async (rows) => {
    const part = onlyPart(rows);
    return part && (await new Ward(part, sizes).run(ctx));
  });
}

/** What becomes of a slot at the end of a round: it keeps its list, needs a new one, is a union, or is free. */
const [KEPT, STALE, UNION, FREE] = [0, 1, 2, 3] as const;

/**
 * Slots [0, open) hold the living clusters. A list has the nearest of all that are nearer than its `worst`: places that are left
 * by clusters that are gone hold no slot, at distance `worst`, so that the kernels offer unions on the same terms.
 */
class Ward {
  readonly #joins: { from: Int32Array; to: Int32Array; height: Float64Array };
  readonly #at: ReturnType<typeof allocate>;
  readonly #row: Int32Array;
  readonly #size: Float64Array;
  readonly #fate: Uint8Array;
  readonly #origin: Int32Array;
  readonly #placeOf: Int32Array;
  readonly #searched: Uint8Array;
  readonly #ids: Int32Array;
  readonly #squared: Float32Array;
  readonly #worst: Float32Array;
  readonly #norms: Float32Array;
  readonly #shares: Float32Array;
  readonly #centroids: Float32Array;
  readonly #width: number;
  readonly #longest: number;
  readonly #error: number;
  #open: number;
  #merges = 0;

  constructor(
    private readonly part: RowsInArena,
    sizes: Float64Array,
  ) {
    const { arena, rows, stride } = part;
    const room = padded(rows);
    this.#open = rows;
    this.#width = stride / 4;
    this.#joins = { from: new Int32Array(rows), to: new Int32Array(rows), height: new Float64Array(rows) };
    this.#at = allocate(part);
    this.#row = Int32Array.from({ length: rows }, (_, r) => r);
    this.#size = sizes.slice();
    this.#fate = new Uint8Array(rows).fill(STALE);
    this.#origin = new Int32Array(rows);
    this.#placeOf = new Int32Array(rows);
    this.#searched = new Uint8Array(rows);
    this.#ids = arena.i32(this.#at.ids, rows * KNOWN);
    this.#squared = arena.f32(this.#at.squared, rows * KNOWN);
    this.#worst = arena.f32(this.#at.worst, room);
    this.#norms = arena.f32(part.norms, room);
    this.#shares = arena.f32(this.#at.shares, room).fill(1);
    for (let r = 0; r < rows; r++) this.#shares[r] = 1 / (sizes[r] as number);
    this.#centroids = arena.f32(part.fast, room * this.#width);
    this.#longest = Math.sqrt(this.#norms.subarray(0, rows).reduce((most, norm) => Math.max(most, norm), 0));
    this.#error = roundingBound(stride);
  }

  async run(ctx: JobContext): Promise<Joins> {
    const n = this.#open;
    await this.#search(0, n, ctx);
    while (this.#open > 1) {
      await this.#orderLists(ctx);
      this.#mergeMutual();
      await ctx.checkpoint();
      await this.#forLists(this.#open, ctx, (s) => this.#forget(s));
      const { kept, unions } = this.#sortByFate();
      await this.#forLists(kept, ctx, (s) => this.#rename(s));
      ctx.progress(this.#merges, n);
      await this.#search(kept, unions, ctx);
    }
    return this.#joins;
  }

  #forLists = (count: number, ctx: JobContext, run: (s: number) => void): Promise<void> =>
    forBlocks(count, LIST_WORK, ctx, (from, to) => {
      for (let s = from; s < to; s++) run(s);
    });

  async #orderLists(ctx: JobContext): Promise<void> {
    let work = 0;
    for (let s = 0; s < this.#open; s++) {
      work += LIST_WORK;
      if (!this.#order(s)) {
        this.#searchExactly(s);
        work += this.#open * (this.#width + 20);
      }
      if (work < BLOCK_WORK) continue;
      work = 0;
      await ctx.checkpoint();
    }
  }

  /** Measures the near ones of a list and sorts it by what came out. False where another cluster may be nearer than the first. */
  #order(s: number): boolean {
    const [first, end] = [s * KNOWN, (s + 1) * KNOWN];
    const [ids, squared] = [this.#ids, this.#squared];
    let changed = false;
    for (let at = first; at < end; at++) {
      const id = ids[at] as number;
      if (id < 0 || id >= MEASURED || !this.#isNear(s, id, squared[at] as number)) continue;
      squared[at] = this.#between(s, id);
      ids[at] = id | MEASURED;
      changed = true;
    }
    if (!changed) return true;
    this.#sort(s);
    // What float32 left out may be as much nearer as it is wrong.
    const margin = 2 * (this.#size[s] as number) * this.#error * (Math.sqrt(this.#norms[s] as number) + this.#longest) ** 2;
    return this.#searched[s] === 1 || (squared[first] as number) < (this.#worst[s] as number) - margin;
  }

  #isNear(s: number, t: number, squared: number): boolean {
    return squared < NEAR * this.#weight(s, t) * ((this.#norms[s] as number) + (this.#norms[t] as number));
  }

  #weight = (s: number, t: number): number => 2 / ((this.#shares[s] as number) + (this.#shares[t] as number));

  #between(s: number, t: number): number {
    const { arena, fast, stride } = this.part;
    return this.#weight(s, t) * arena.kernels.pairSquared(fast + s * stride, fast + t * stride, stride);
  }

  /** By distance; what has come to lie beyond `worst` is known no longer. */
  #sort(s: number): void {
    const [first, worst] = [s * KNOWN, this.#worst[s] as number];
    const [ids, squared] = [this.#ids, this.#squared];
    let count = 0;
    for (let at = first; at < first + KNOWN; at++) {
      const [id, d] = [ids[at] as number, squared[at] as number];
      if (id < 0 || d >= worst) continue;
      let to = first + count++;
      for (; to > first && (squared[to - 1] as number) > d; to--) {
        squared[to] = squared[to - 1] as number;
        ids[to] = ids[to - 1] as number;
      }
      squared[to] = d;
      ids[to] = id;
    }
    this.#endAt(s, count);
  }

  #endAt(s: number, count: number): void {
    this.#ids.fill(-1, s * KNOWN + count, (s + 1) * KNOWN);
    this.#squared.fill(this.#worst[s] as number, s * KNOWN + count, (s + 1) * KNOWN);
  }

  /** For clusters so near to others that float32 cannot order them: all distances in float64. */
  #searchExactly(s: number): void {
    const found: { id: number; d: number }[] = [];
    for (let t = 0; t < this.#open; t++) {
      const d = t === s ? Number.POSITIVE_INFINITY : this.#between(s, t);
      if (found.length === KNOWN && d >= (found[KNOWN - 1]?.d ?? 0)) continue;
      if (t === s) continue;
      let at = found.length;
      while (at > 0 && (found[at - 1]?.d ?? 0) > d) at--;
      found.splice(at, 0, { id: t | MEASURED, d });
      if (found.length > KNOWN) found.pop();
    }
    this.#worst[s] = found.length === KNOWN ? (found[KNOWN - 1]?.d ?? 0) : Number.POSITIVE_INFINITY;
    for (const [i, { id, d }] of found.entries()) [this.#ids[s * KNOWN + i], this.#squared[s * KNOWN + i]] = [id, d];
    this.#endAt(s, found.length);
    this.#searched[s] = 1;
  }

  /** Merges pairs of which neither knows a nearer cluster. The nearest pair of all is one, unless a list must be made anew first. */
  #mergeMutual(): void {
    this.#fate.fill(KEPT, 0, this.#open);
    for (let s = 0; s < this.#open; s++) {
      const id = this.#ids[s * KNOWN] as number;
      const t = id & ~MEASURED;
      if (id < 0 || this.#fate[s] !== KEPT || this.#fate[t] !== KEPT) continue;
      if ((this.#squared[s * KNOWN] as number) <= (this.#squared[t * KNOWN] as number)) this.#merge(s, t);
    }
  }

  /** The union takes the slot of s. */
  #merge(s: number, t: number): void {
    const { from, to, height } = this.#joins;
    from[this.#merges] = this.#row[s] as number;
    to[this.#merges] = this.#row[t] as number;
    height[this.#merges++] = this.#between(s, t);
    const [a, b] = [this.#size[s] as number, this.#size[t] as number];
    const [p, q] = [s * this.#width, t * this.#width];
    const c = this.#centroids;
    for (let i = 0; i < this.#width; i++) c[p + i] = (a * (c[p + i] as number) + b * (c[q + i] as number)) / (a + b);
    const { arena, fast, stride, norms } = this.part;
    arena.kernels.norms(fast, s, s + 1, stride, norms);
    this.#size[s] = a + b;
    this.#shares[s] = 1 / (a + b);
    this.#fate[s] = UNION;
    this.#fate[t] = FREE;
  }

  /** Takes out of a list what is gone or has become a union. */
  #forget(s: number): void {
    if (this.#fate[s] !== KEPT) return;
    const first = s * KNOWN;
    let to = first;
    for (let at = first; at < first + KNOWN; at++) {
      const id = this.#ids[at] as number;
      if (id < 0) break;
      if ((this.#fate[id & ~MEASURED] as number) > STALE) continue;
      this.#ids[to] = id;
      this.#squared[to++] = this.#squared[at] as number;
    }
    this.#endAt(s, to - first);
    if (to === first) this.#fate[s] = STALE;
  }

  /** Slots by fate: first those that keep their lists, a multiple of 4 as the kernels read them; the free ones are given up. */
  #sortByFate(): { kept: number; unions: number } {
    for (let s = 0; s < this.#open; s++) this.#origin[s] = s;
    const kept = this.#gather(KEPT, 0);
    const unions = this.#gather(STALE, kept);
    const open = this.#gather(UNION, unions);
    for (let s = 0; s < open; s++) this.#placeOf[this.#origin[s] as number] = s;
    this.#open = open;
    this.#norms.fill(Number.POSITIVE_INFINITY, open, padded(open));
    this.#worst.fill(Number.NEGATIVE_INFINITY, open, padded(open));
    return { kept: kept - (kept % 4), unions };
  }

  /** Brings the slots of a fate to `from` and on; the slot after the last of them. */
  #gather(fate: number, from: number): number {
    let [p, q] = [from, this.#open - 1];
    for (;;) {
      while (p <= q && this.#fate[p] === fate) p++;
      while (q > p && this.#fate[q] !== fate) q--;
      if (p >= q) return p;
      this.#swap(p, q);
    }
  }

  #swap(p: number, q: number): void {
    for (const values of [
      this.#norms,
      this.#shares,
      this.#worst,
      this.#row,
      this.#size,
      this.#fate,
      this.#searched,
      this.#origin,
    ]) {
      swapRanges(values, p, q, 1);
    }
    for (const values of [this.#ids, this.#squared]) swapRanges(values, p, q, KNOWN);
    swapRanges(this.#centroids, p, q, this.#width);
  }

  /** Slots have moved. */
  #rename(s: number): void {
    for (let at = s * KNOWN; at < (s + 1) * KNOWN; at++) {
      const id = this.#ids[at] as number;
      if (id < 0) break;
      this.#ids[at] = (this.#placeOf[id & ~MEASURED] as number) | (id & MEASURED);
    }
  }

  /** New lists for the slots from `from` on; those from `unions` on are news to the others too. */
  async #search(from: number, unions: number, ctx: JobContext): Promise<void> {
    const { arena } = this.part;
    const open = this.#open;
    this.#ids.fill(-1, from * KNOWN, open * KNOWN);
    this.#squared.fill(Number.POSITIVE_INFINITY, from * KNOWN, open * KNOWN);
    this.#worst.fill(Number.POSITIVE_INFINITY, from, open);
    this.#searched.fill(0, from, open);
    const lists = [KNOWN, this.#at.ids, this.#at.squared, this.#at.worst] as const;
    const { offerOwnTile, offerTile } = arena.kernels;
    const toOwn = (...place: Place): void => offerOwnTile(this.#at.tile, ...place, false, false, ...lists);
    const toBoth = (...place: Place): void => offerTile(this.#at.tile, ...place, false, ...lists);
    await this.#forTiles(from, unions, 0, from, ctx, toOwn);
    await this.#forTiles(unions, open, 0, from, ctx, toBoth);
    // Slots of the same tile meet first, and of equals the first stays: where many are equally near, all would else know the same
    // few, and few could merge.
    for (let i = from; i < open; i += WASM_TILE) {
      const count = Math.min(WASM_TILE, open - i);
      this.#fill(i, count, i, count);
      offerOwnTile(this.#at.tile, i, count, i, count, true, false, ...lists);
      await ctx.checkpoint();
    }
    await this.#forTiles(from, open, from, open, ctx, toBoth);
  }

  /** Weighted distances of slots [i, iEnd) to [j, jEnd), or, of one range, to those of later tiles. */
  async #forTiles(iFrom: number, iEnd: number, jFrom: number, jEnd: number, ctx: JobContext, visit: (...place: Place) => void) {
    const stretch = stretchOf(this.part.stride);
    for (let first = iFrom; first < iEnd; first += stretch) {
      const end = Math.min(iEnd, first + stretch);
      for (let j = iFrom === jFrom ? first : jFrom; j < jEnd; j += WASM_TILE) {
        for (let i = first; i < end && (iFrom !== jFrom || i < j); i += WASM_TILE) {
          const place = [i, Math.min(WASM_TILE, end - i), j, Math.min(WASM_TILE, jEnd - j)] as const;
          this.#fill(...place);
          visit(...place);
          await ctx.checkpoint();
        }
      }
    }
  }

  #fill(...[i, iCount, j, jCount]: Place): void {
    const { arena, fast, norms, stride } = this.part;
    const { tile, scratch, shares } = this.#at;
    arena.kernels.squaredDistanceTile(
      ...([fast + i * stride, norms + i * 4, iCount, fast + j * stride, norms + j * 4, jCount] as const),
      ...([stride, tile, scratch] as const),
    );
    arena.kernels.weighTile(tile, iCount, jCount, shares + i * 4, shares + j * 4);
  }
}

/** i, iCount, j, jCount: slots of a tile. */
type Place = readonly [number, number, number, number];

function swapRanges(values: Int32Array | Float32Array | Float64Array | Uint8Array, p: number, q: number, width: number): void {
  for (let i = 0; i < width; i++) {
    const kept = values[p * width + i] as number;
    values[p * width + i] = values[q * width + i] as number;
    values[q * width + i] = kept;
  }
}

function allocate({ arena, rows }: RowsInArena) {
  return {
    ids: arena.alloc(rows * KNOWN * 4),
    squared: arena.alloc(rows * KNOWN * 4),
    worst: arena.alloc(padded(rows) * 4),
    shares: arena.alloc(padded(rows) * 4),
    tile: arena.alloc(WASM_TILE * WASM_TILE * 4),
    scratch: arena.alloc(64),
  };
}
