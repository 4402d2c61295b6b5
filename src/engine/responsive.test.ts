import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { createContext, createRandom, isCancelled, type JobContext, type Matrix } from '../domain/index.ts';
import { clusteredMatrix, type Gaps, gapsOf, processorMs, uniformMatrix } from '../testing/index.ts';
import { type Algorithm, everyAlgorithm, firstRows } from './reference/every.ts';
import { enableSimd } from './wasm/index.ts';

/** A cancel is heard within this many milliseconds, here of processor time: the clock also tells what others do on the machine. */
const PROMISE_MS = 200;
/** A job lets messages in at the first checkpoint after so long (`createContext`). */
const SLICE_MS = 40;
const MOST_GAP_MS = PROMISE_MS - SLICE_MS;

const ROWS = 50_000;
/** As they come from an embedding: here every pass over the rows is at its longest. */
const wide = uniformMatrix(ROWS, 384, 1);
/** The same number of rows with short ones: all pairs take seconds, so that every phase up to the end is reached. */
const thin = clusteredMatrix(ROWS, 3, 2);
const equal: Matrix = { rows: ROWS, cols: 3, data: new Float32Array(ROWS * 3).fill(0.1) };

/** Where what compares all pairs is let run to its end: a part of the rows that it may have. */
const MOST_PAIRED = 5000;

const PLACES = [
  { name: 'how 50,000 x 384 begins', x: wide, budgetMs: 600, simd: true },
  { name: 'all phases at 50,000 short rows', x: thin, budgetMs: 8000, simd: true },
  { name: 'how 50,000 equal rows begin', x: equal, budgetMs: 200, simd: true },
  { name: 'how 50,000 x 384 begins without SIMD', x: wide, budgetMs: 300, simd: false },
  { name: 'all phases at 3,000 short rows without SIMD', x: firstRows(thin, 3000), budgetMs: 4000, simd: false },
] as const;

/** The file takes some 60 s; the machine may have more to do. */
const TIMEOUT_MS = 600_000;

afterEach(() => enableSimd(true));

const sized = (x: Matrix, { mostRows = x.rows }: Algorithm): Matrix =>
  firstRows(x, x === thin ? Math.min(mostRows, mostRows < x.rows ? MOST_PAIRED : x.rows) : mostRows);

for (const { name, x, budgetMs, simd } of PLACES) {
  test(`P7 no algorithm is deaf for longer than ${MOST_GAP_MS} ms: ${name}`, { timeout: TIMEOUT_MS }, async () => {
    enableSimd(simd);
    const slow: (Gaps & { name: string })[] = [];
    for (const algorithm of everyAlgorithm) {
      const gaps = await gapsOf((ctx) => algorithm.run(sized(x, algorithm), ctx), budgetMs);
      if (gaps.longestMs > MOST_GAP_MS) slow.push({ name: algorithm.name, ...gaps });
    }
    expect(slow).toEqual([]);
  });
}

/** A thread of its own that says 'cancel' when asked to after so many milliseconds, and at what processor time of the process. */
const CANCELLER = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', (afterMs) => setTimeout(() => {
    const { user, system } = process.cpuUsage();
    parentPort.postMessage((user + system) / 1000);
  }, afterMs));`;

test(`P7 every algorithm ends within ${PROMISE_MS} ms of a cancel from another thread, whenever that comes`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const canceller = new Worker(CANCELLER, { eval: true });
  const random = createRandom(1);
  try {
    for (const algorithm of everyAlgorithm) {
      for (let turn = 0; turn < 2; turn++) {
        const late = await cancelled((ctx) => algorithm.run(sized(wide, algorithm), ctx), canceller, random.next() * 300);
        expect(late, algorithm.name).toBeLessThan(PROMISE_MS);
      }
    }
  } finally {
    await canceller.terminate();
  }
});

/** Processor milliseconds from the cancel to the end of the work; 0 if it had ended before. */
async function cancelled(work: (ctx: JobContext) => Promise<unknown>, canceller: Worker, afterMs: number): Promise<number> {
  const stop = new AbortController();
  let sentAt = Number.POSITIVE_INFINITY;
  const heard = new Promise<void>((resolve) => {
    canceller.once('message', (at: number) => {
      sentAt = at;
      stop.abort();
      resolve();
    });
  });
  canceller.postMessage(afterMs);
  const ended = await work(createContext('segment', () => {}, stop.signal)).then(
    () => 0,
    (error: unknown) => {
      if (!isCancelled(error)) throw error;
      return processorMs() - sentAt;
    },
  );
  await heard;
  return ended;
}
