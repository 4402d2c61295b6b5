/**
 * Splits rows into batches of equal token count, shortest first, each of at most `tokenBudget` tokens (or one row).
 *
 * Equal, not similar: padding changes the order in which the runtime's vector kernels add, so a vector would depend on its
 * batch in the last bits, and after int8 rounding in the third decimal (promise P2). Without padding it is bit for bit the same
 * alone and in company, and no time goes into padding either.
 * @param tokenCounts tokens of each row
 * @returns indexes of rows; every row is in exactly one batch
 */
export function planBatches(tokenCounts: ArrayLike<number>, tokenBudget: number): number[][] {
  const rows = Array.from({ length: tokenCounts.length }, (_, row) => row);
  const count = (row: number): number => tokenCounts[row] as number;
  rows.sort((a, b) => count(a) - count(b) || a - b);
  const batches: number[][] = [];
  for (let start = 0; start < rows.length; ) {
    const tokens = count(rows[start] as number);
    const most = Math.max(1, Math.floor(tokenBudget / Math.max(1, tokens)));
    let end = start + 1;
    while (end < rows.length && end - start < most && count(rows[end] as number) === tokens) end++;
    batches.push(rows.slice(start, end));
    start = end;
  }
  return batches;
}
