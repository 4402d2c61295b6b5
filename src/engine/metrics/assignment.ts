import { AppError } from '../../domain/index.ts';

/**
 * The one-to-one assignment of rows to columns with the largest sum of weights (the Hungarian method, Kuhn 1955, as shortest
 * augmenting paths with potentials, Jonker & Volgenant 1987): the column of each row, -1 for rows left over where there are fewer
 * columns. min(rows, cols) pairs are made, whatever their weights. O(min^2 x max) steps: for some hundred clusters.
 * @param weights rows x cols, row-major, finite.
 * @throws AppError `bug` if a weight is no finite number or the shape does not fit.
 */
export function assignBest(weights: ArrayLike<number>, rows: number, cols: number): Int32Array {
  requireWeights(weights, rows, cols);
  if (rows <= cols) return shortestPaths(rows, cols, (r, c) => -(weights[r * cols + c] as number));
  const rowOf = shortestPaths(cols, rows, (c, r) => -(weights[r * cols + c] as number));
  const colOf = new Int32Array(rows).fill(-1);
  rowOf.forEach((r, c) => {
    colOf[r] = c;
  });
  return colOf;
}

/** The least sum of costs, for rows <= cols. Columns count from 1; column 0 holds the row that is being placed. */
function shortestPaths(rows: number, cols: number, cost: (r: number, c: number) => number): Int32Array {
  const rowPotential = new Float64Array(rows + 1);
  const colPotential = new Float64Array(cols + 1);
  const rowAt = new Int32Array(cols + 1);
  const cameFrom = new Int32Array(cols + 1);
  for (let row = 1; row <= rows; row++) {
    rowAt[0] = row;
    const shortest = new Float64Array(cols + 1).fill(Number.POSITIVE_INFINITY);
    const visited = new Uint8Array(cols + 1);
    let col = 0;
    while (rowAt[col] !== 0) {
      visited[col] = 1;
      const r = rowAt[col] as number;
      let [step, next] = [Number.POSITIVE_INFINITY, 0];
      for (let c = 1; c <= cols; c++) {
        if (visited[c]) continue;
        const reduced = cost(r - 1, c - 1) - (rowPotential[r] as number) - (colPotential[c] as number);
        if (reduced < (shortest[c] as number)) {
          shortest[c] = reduced;
          cameFrom[c] = col;
        }
        if ((shortest[c] as number) < step) [step, next] = [shortest[c] as number, c];
      }
      for (let c = 0; c <= cols; c++) {
        if (visited[c]) {
          rowPotential[rowAt[c] as number] = (rowPotential[rowAt[c] as number] as number) + step;
          colPotential[c] = (colPotential[c] as number) - step;
        } else shortest[c] = (shortest[c] as number) - step;
      }
      col = next;
    }
    for (; col !== 0; col = cameFrom[col] as number) rowAt[col] = rowAt[cameFrom[col] as number] as number;
  }
  const colOf = new Int32Array(rows);
  for (let c = 1; c <= cols; c++) if (rowAt[c] !== 0) colOf[(rowAt[c] as number) - 1] = c - 1;
  return colOf;
}

function requireWeights(weights: ArrayLike<number>, rows: number, cols: number): void {
  let sound = weights.length === rows * cols;
  for (let i = 0; sound && i < weights.length; i++) sound = Number.isFinite(weights[i]);
  if (sound) return;
  throw new AppError(
    'bug',
    'shape',
    `${rows} x ${cols} weights were to be assigned, but they are no such table of numbers.`,
    'Please report this.',
  );
}
