/**
 * Lists of the nearest: for each query `capacity` squared distances (float32, ascending) and row indices beside them, and
 * the last of the distances apart in `worst`: nearly all candidates fall there, four by one comparison.
 * Among equals the first that was offered stays; or with `byIndex` that of the lowest index, in whatever order they were offered.
 * Empty places hold infinity and the index -1.
 */

/** Distances in a row of a tile. */
const WIDTH: usize = 64;

/** Offers row jStart + j to query iStart + i for all of a tile but i = j where `diagonal` is set. Distances of infinity never enter. */
export function offerOwnTile(
  tile: usize,
  iStart: i32,
  iCount: i32,
  jStart: i32,
  jCount: i32,
  diagonal: bool,
  byIndex: bool,
  capacity: i32,
  ids: usize,
  squared: usize,
  worst: usize,
): void {
  for (let i = 0; i < iCount; i++) {
    const q = iStart + i;
    for (let j = 0; j < jCount; j += 4) {
      const d = v128.load(tile + (((i as usize) * WIDTH + (j as usize)) << 2));
      const w = f32x4.splat(load<f32>(worst + ((q as usize) << 2)));
      let hits = i32x4.bitmask(byIndex ? f32x4.le(d, w) : f32x4.lt(d, w));
      while (hits) {
        const lane = ctz(hits);
        hits &= hits - 1;
        if (diagonal && j + lane === i) continue;
        const at = tile + (((i as usize) * WIDTH + ((j + lane) as usize)) << 2);
        insert(q, jStart + j + lane, load<f32>(at), byIndex, capacity, ids, squared, worst);
      }
    }
  }
}

/** The same for a tile off the diagonal of the rows with themselves: each pair is offered to both. */
export function offerTile(
  tile: usize,
  iStart: i32,
  iCount: i32,
  jStart: i32,
  jCount: i32,
  byIndex: bool,
  capacity: i32,
  ids: usize,
  squared: usize,
  worst: usize,
): void {
  for (let i = 0; i < iCount; i++) {
    const q = iStart + i;
    const line = tile + (((i as usize) * WIDTH) << 2);
    for (let j = 0; j < jCount; j += 4) {
      const d = v128.load(line + ((j as usize) << 2));
      const w = f32x4.splat(load<f32>(worst + ((q as usize) << 2)));
      const others = v128.load(worst + (((jStart + j) as usize) << 2));
      const least = f32x4.pmax(w, others);
      let hits = i32x4.bitmask(byIndex ? f32x4.le(d, least) : f32x4.lt(d, least));
      while (hits) {
        const lane = ctz(hits);
        hits &= hits - 1;
        const other = jStart + j + lane;
        const value = load<f32>(line + (((j + lane) as usize) << 2));
        insert(q, other, value, byIndex, capacity, ids, squared, worst);
        insert(other, q, value, byIndex, capacity, ids, squared, worst);
      }
    }
  }
}

function insert(q: i32, id: i32, value: f32, byIndex: bool, capacity: i32, ids: usize, squared: usize, worst: usize): void {
  if (!(value <= load<f32>(worst + ((q as usize) << 2)))) return;
  const first = (q as usize) * (capacity as usize);
  let at = first + (capacity as usize) - 1;
  if (!comesBefore(id, value, byIndex, at, ids, squared)) return;
  while (at > first && comesBefore(id, value, byIndex, at - 1, ids, squared)) {
    store<f32>(squared + (at << 2), load<f32>(squared + ((at - 1) << 2)));
    store<i32>(ids + (at << 2), load<i32>(ids + ((at - 1) << 2)));
    at--;
  }
  store<f32>(squared + (at << 2), value);
  store<i32>(ids + (at << 2), id);
  store<f32>(worst + ((q as usize) << 2), load<f32>(squared + ((first + (capacity as usize) - 1) << 2)));
}

function comesBefore(id: i32, value: f32, byIndex: bool, at: usize, ids: usize, squared: usize): boolean {
  const other = load<f32>(squared + (at << 2));
  return value < other || (byIndex && value === other && id < load<i32>(ids + (at << 2)));
}
