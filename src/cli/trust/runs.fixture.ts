import { beforeAll, expect } from 'vitest';
import {
  type AnalysisResult,
  type ByteSource,
  type ColumnMapping,
  changeKind,
  createMatrix,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  rowOf,
  type Settings,
  silentContext,
  type TextEmbedder,
} from '../../domain/index.ts';
import { createNodeEmbedder } from '../../embed/index.ts';
import { createEventReader, openDuckDbInNode } from '../../ingest/index.ts';
import { analyse, openCompute } from '../../pipeline/index.ts';
import { type GeneratorOptions, generateLog, type SegmentName, type Truth, toCsv } from '../../testing/index.ts';

const MAPPING: ColumnMapping = {
  ...{ user: 'user_id', time: 'timestamp', text: ['title'], timeFormat: 'iso', timeOrigin: null, template: null, numbers: [] },
  ...{ type: null, item: null, value: null, label: null },
};
/** Neither the map, the figures of drift nor other choices play a part here. */
const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  device: 'cpu',
  layout: { ...DEFAULT_SETTINGS.layout, epochs: 1, maxFit: 50 },
  drift: { features: 2, permutations: 0 },
  kStabilityRuns: 0,
  sensitivity: false,
};

let embedder: TextEmbedder;
beforeAll(async () => {
  embedder = remembering(await createNodeEmbedder({ root: process.cwd() }));
}, 60_000);

/** All logs name books of one catalogue: each title is embedded once. */
function remembering(model: TextEmbedder): TextEmbedder {
  const known = new Map<string, Float32Array>();
  return {
    ...model,
    async embed(texts) {
      const fresh = texts.filter((text) => !known.has(text));
      const { vectors, report } = await model.embed(fresh, silentContext);
      for (const [i, text] of fresh.entries()) known.set(text, rowOf(vectors, i).slice());
      const out = createMatrix(texts.length, vectors.cols || (known.get(texts[0] as string)?.length ?? 0));
      for (const [i, text] of texts.entries()) out.data.set(known.get(text) as Float32Array, i * out.cols);
      return { vectors: out, report };
    },
  };
}

async function run(options: GeneratorOptions, given: Given = {}): Promise<{ result: AnalysisResult; truth: Truth }> {
  const mapping = { ...MAPPING, ...given.mapping };
  const settings = { ...SETTINGS, ...given.settings };
  const { rows, truth } = generateLog(options);
  const blob = new Blob([toCsv(rows)]);
  const file: ByteSource = {
    name: 'log.csv',
    size: blob.size,
    stream: () => blob.stream(),
    slice: (start, end) => blob.slice(start, end),
  };
  const compute = await openCompute('cpu', undefined, false);
  const reader = createEventReader({ openDuckDb: openDuckDbInNode });
  const tools = {
    reader,
    openEmbedder: async () => embedder,
    compute,
    onProgress: () => {},
    signal: new AbortController().signal,
  };
  return { result: await analyse({ files: [file], mapping, intake: DEFAULT_INTAKE, settings }, tools), truth };
}

/** What a run is made with in place of the defaults. */
export interface Given {
  readonly mapping?: Partial<ColumnMapping>;
  readonly settings?: Partial<Settings>;
}

/** The stable events that are no survival. */
const stableEvents = ({ events, trust }: AnalysisResult) =>
  events.filter((event, i) => event.kind !== 'survive' && trust.events[i]?.verdict === 'stable');

/** "shift in 3" for each stable change of a segment that goes on. */
const stableChanges = ({ events, trust }: AnalysisResult): string[] =>
  events.flatMap((event, i) =>
    event.changes
      .filter((_, c) => trust.changes[i]?.[c]?.verdict === 'stable')
      .map((change) => `${changeKind(change)} in ${event.window}`),
  );

/** On the same people with the same interests every month, at most `most` of the runs of these seeds tell any stable event, a change of a segment that goes on included. */
export async function expectSilence(seeds: readonly number[], most: number, given?: Given): Promise<void> {
  const telling: string[] = [];
  const rates: number[] = [];
  for (const seed of seeds) {
    const { result } = await run({ seed, users: 400, months: 6, unchanging: true }, given);
    rates.push(result.trust.falseEventRate.stable);
    const changes = stableChanges(result);
    const told = stableEvents(result);
    const words = [...told.map(({ kind, window }) => `${kind} in ${window}`), ...changes];
    if (words.length > 0) telling.push(`seed ${seed}: ${words.join(', ')}`);
  }
  console.warn(
    `false-event rate told: mean ${mean(rates).toFixed(4)}; runs with a stable event: ${telling.join('; ') || 'none'}`,
  );
  expect(rates).toHaveLength(seeds.length);
  expect(telling.length).toBeLessThanOrEqual(most);
}

/** Recall and precision of the stable events are at least `least` over the planted stories of these seeds, k auto. */
export async function expectStories(seeds: readonly number[], least: number): Promise<void> {
  let [planted, found, told] = [0, 0, 0];
  for (const seed of seeds) {
    const { stories, stable } = await tellStory(seed);
    planted += stories.length;
    told += stable.length;
    found += stories.filter((story) => stable.includes(story)).length;
    const missed = stories.filter((story) => !stable.includes(story));
    const wrong = stable.filter((event) => !stories.includes(event));
    if (missed.length + wrong.length > 0)
      console.warn(`seed ${seed}: missed ${missed.join('; ') || 'none'}; wrong ${wrong.join('; ') || 'none'}`);
  }
  console.warn(`recall ${(found / planted).toFixed(3)}, precision ${(found / told).toFixed(3)} of ${planted} planted events`);
  expect(found / planted).toBeGreaterThanOrEqual(least);
  expect(found / told).toBeGreaterThanOrEqual(least);
}

/** The planted events of a seed and the stable ones that are told, in the same words. */
async function tellStory(seed: number): Promise<{ stories: string[]; stable: string[] }> {
  const { result, truth } = await run({ seed, users: 800, months: 12 });
  const named = namesOf(result, truth);
  const stable = stableEvents(result).map(({ kind, window, before, segments }) => {
    const at = (w: number): SegmentName[] =>
      segments.filter((s) => result.segments[s]?.window === w).map((s) => named[s] as SegmentName);
    return keyOf(kind, window, at(before), at(window));
  });
  return { stories: truth.events.flatMap((e) => (e.kind === 'drift' ? [] : [keyOf(e.kind, e.month, e.from, e.to)])), stable };
}

const keyOf = (kind: string, month: number, from: readonly string[], to: readonly string[]): string =>
  `${kind} in ${month}: ${[...from].sort().join(' + ') || 'nothing'} > ${[...to].sort().join(' + ') || 'nothing'}`;

/** The true segment of most users of each found one. */
function namesOf({ users, profiles, segments }: AnalysisResult, truth: Truth): SegmentName[] {
  const trueSegment = new Map(truth.assignments.map((a) => [`${a.user} ${a.month}`, a.segment]));
  const counts = segments.map(() => new Map<SegmentName, number>());
  for (let p = 0; p < profiles.count; p++) {
    const name = trueSegment.get(`${users[profiles.user[p] as number]} ${profiles.window[p]}`);
    const own = counts[profiles.segment[p] as number];
    if (own && name) own.set(name, (own.get(name) ?? 0) + 1);
  }
  return counts.map((own) => [...own].sort((a, b) => b[1] - a[1])[0]?.[0] as SegmentName);
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Whole numbers from `first` to `last`. */
export const seedsFrom = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);
