import { mkdtempSync, openAsBlob, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildModelVariants } from '../build/model/index.ts';
import {
  type ByteSource,
  type ColumnMapping,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  type Dtype,
  dot,
  type EventTable,
  type Matrix,
  makeWindows,
  type ProfileTable,
  rowOf,
  silentContext,
  takeRows,
} from '../domain/index.ts';
import { BUILT_IN_CARD, BUILT_IN_ID, createNodeEmbedder, readFrom, sourceOf } from '../embed/index.ts';
import { adjustedRandIndex, CPU, kmeans } from '../engine/index.ts';
import { createEventReader, openDuckDbInNode } from '../ingest/index.ts';
import { buildProfiles, poolVectors } from '../profile/index.ts';
import { generateLog, spearman } from '../testing/index.ts';
import { reduce } from './reduce.ts';
import { spanOf } from './span.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MAPPING: ColumnMapping = {
  ...{ user: 'user_id', time: 'timestamp', text: ['title'], type: 'event_type', item: 'item_id', value: null, label: null },
  ...{ timeFormat: 'iso', timeOrigin: null, template: null, numbers: [] },
};

let folder: string;
let events: EventTable;
let profiles: ProfileTable;
let q8: Matrix;
let fp32: Matrix;

async function sample(): Promise<ByteSource> {
  const blob = await openAsBlob(join(ROOT, 'public/samples/library.csv'));
  return {
    name: 'library.csv',
    size: blob.size,
    stream: () => blob.stream() as ReadableStream<Uint8Array<ArrayBuffer>>,
    slice: (start, end) => blob.slice(start, end),
  };
}

async function embedIn(dtype: Dtype): Promise<Matrix> {
  const source = sourceOf(BUILT_IN_CARD, ['q8', 'fp32'], readFrom(join(folder, BUILT_IN_ID)));
  const wish = { model: BUILT_IN_ID, dtype, device: 'wasm' } as const;
  const embedder = await createNodeEmbedder({ root: ROOT, models: [source], wish });
  expect(await embedder.describe()).toMatchObject({ dtype });
  const { vectors } = await embedder.embed(events.texts, silentContext);
  await embedder.dispose();
  return vectors;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quantised-'));
  buildModelVariants(join(folder, BUILT_IN_ID), ['q8', 'fp32'], ROOT);
  const reader = createEventReader({ openDuckDb: openDuckDbInNode });
  ({ events } = await reader.read([await sample()], MAPPING, DEFAULT_INTAKE, silentContext));
  const { first, last } = spanOf(events.time);
  const windows = makeWindows(DEFAULT_SETTINGS.windows, DEFAULT_SETTINGS.timeZone, first, last);
  profiles = await buildProfiles(events, windows, DEFAULT_SETTINGS, silentContext);
  q8 = await embedIn('q8');
  fp32 = await embedIn('fp32');
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('q8 against fp32 on the sample: the rank correlation of pairwise similarities of its texts is at least .99', () => {
  const pairs = (m: Matrix): number[] => {
    const found: number[] = [];
    for (let a = 0; a < m.rows; a++) for (let b = 0; b < a; b++) found.push(dot(rowOf(m, a), rowOf(m, b)));
    return found;
  };
  expect(q8.rows).toBeGreaterThan(300);
  const rho = spearman(pairs(q8), pairs(fp32));
  console.warn(`rank correlation of the similarities of ${q8.rows} texts, q8 against fp32: ${rho.toFixed(5)}`);
  expect(rho).toBeGreaterThanOrEqual(0.99);
  expect(q8.data).not.toEqual(fp32.data);
});

test('q8 against fp32 on the sample: k-means of a month`s profiles finds the same segments, adjusted Rand index at least .95', async () => {
  const [a, b] = [await reducedBy(q8), await reducedBy(fp32)];
  const months = [...new Set(profiles.window)];
  expect(months.length).toBe(12);
  let least = 1;
  for (const month of months) {
    const rows = Uint32Array.from({ length: profiles.count }, (_, p) => p).filter(
      (p) => profiles.window[p] === month && !profiles.thin[p],
    );
    const k = interestsIn(month);
    const found = [await segmentsOf(takeRows(a, rows), k), await segmentsOf(takeRows(b, rows), k)] as const;
    const ari = adjustedRandIndex(...found);
    least = Math.min(least, ari);
    expect(ari).toBeGreaterThanOrEqual(0.95);
  }
  console.warn(`k-means of ${months.length} months, q8 against fp32: least adjusted Rand index ${least.toFixed(4)}`);
}, 240_000);

async function reducedBy(texts: Matrix): Promise<Matrix> {
  const pooled = await poolVectors(profiles, texts, silentContext);
  return (await reduce(pooled, profiles, DEFAULT_SETTINGS, CPU, silentContext)).vectors;
}

/** The sample's own, so that the segments are there to be found: with another k k-means depends on its seed more than on the dtype. */
const { truth } = generateLog({ seed: 1, users: 2000 });
const interestsIn = (month: number): number =>
  new Set(truth.assignments.filter((each) => each.month === month).map(({ segment }) => segment)).size;

async function segmentsOf(rows: Matrix, k: number): Promise<Int32Array> {
  const options = { k, seed: 1, nInit: 10, maxIterations: 100, tolerance: 1e-4, spherical: true };
  return (await kmeans(rows, options, CPU, silentContext)).labels;
}
