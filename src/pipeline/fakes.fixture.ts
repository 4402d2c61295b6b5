import {
  type AnalysisResult,
  compareCodePoints,
  createMatrix,
  createRandom,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  type EventReader,
  type EventTable,
  hashString,
  NO_ID,
  normaliseRows,
  type Progress,
  type Settings,
  type TextEmbedder,
} from '../domain/index.ts';
import { embedded, modelInfo } from '../testing/index.ts';
import { type AnalysisTools, analyse, openCompute } from './index.ts';

/** For tests: `times` events of a user in a month of 2024 (0 = January), on one topic (0..7). */
export interface Visit {
  readonly user: string;
  readonly month: number;
  readonly topic: number;
  readonly times: number;
  readonly label?: string;
  readonly type?: string;
  readonly value?: number;
}

export const TOPICS = ['bread', 'stars', 'roses', 'goals', 'trout', 'linen', 'opera', 'trains'] as const;
const DIMS = 16;

/** Users `from` .. `to` - 1 of a topic in a month, three events each unless told. */
export const group = (topic: number, month: number, from: number, to: number, times = 3): Visit[] =>
  Array.from({ length: to - from }, (_, i) => ({ user: `u${String(from + i).padStart(3, '0')}`, month, topic, times }));

/** Reads no file: its events are those of the visits. Five checkpoints, as long work has. */
export function fakeReader(visits: readonly Visit[]): EventReader {
  const events = eventsOf(visits);
  const file = { name: 'fake.csv', sha256: '', read: events.count, kept: events.count, setAside: [], touched: [], header: [] };
  return {
    async read(_files, _mapping, _intake, ctx) {
      for (let i = 1; i <= 5; i++) {
        ctx.progress(i, 5);
        await ctx.checkpoint();
      }
      return { events, accounting: { files: [file] } };
    },
  };
}

/** No model: each topic has an axis of its own, and each text lies a little off it. */
export function fakeEmbedder(): TextEmbedder {
  return {
    describe: async () => modelInfo({ id: 'fake', name: 'Fake', dtype: 'fp32', dims: DIMS }),
    async embed(texts, ctx) {
      const out = createMatrix(texts.length, DIMS);
      for (const [i, text] of texts.entries()) {
        out.data.set(vectorOf(text), i * DIMS);
        ctx.progress(i + 1, texts.length);
        await ctx.checkpoint();
      }
      return embedded(normaliseRows(out));
    },
    embedQuery: async (query) => normaliseRows({ rows: 1, cols: DIMS, data: vectorOf(query) }).data,
    dispose: async () => {},
  };
}

export interface Trial {
  readonly settings?: Partial<Settings>;
  /** The visits are those of the run in `tools.memory` and more. */
  readonly append?: boolean;
  readonly onProgress?: (p: Progress) => void;
  readonly signal?: AbortSignal;
  readonly tools?: Partial<AnalysisTools>;
}

/** Of a reader that reads no file. */
export const MAPPING = {
  user: 'u',
  time: 't',
  text: ['x'],
  type: null,
  item: null,
  value: 'v',
  label: null,
  timeFormat: 'iso',
  timeOrigin: null,
  template: null,
  numbers: [],
} as const;

/** The whole pipeline on the CPU, on made-up visits. A short layout, since no test here looks at the map's beauty. */
export async function tryOut(visits: readonly Visit[], trial: Trial = {}): Promise<AnalysisResult> {
  const layout = { ...DEFAULT_SETTINGS.layout, epochs: 20 };
  const settings: Settings = { ...DEFAULT_SETTINGS, device: 'cpu', layout, ...trial.settings };
  return analyse(
    { files: [], mapping: MAPPING, intake: DEFAULT_INTAKE, settings, append: trial.append ?? false },
    {
      reader: fakeReader(visits),
      openEmbedder: async () => fakeEmbedder(),
      compute: await openCompute('cpu', undefined, false),
      onProgress: trial.onProgress ?? (() => {}),
      signal: trial.signal ?? new AbortController().signal,
      ...trial.tools,
    },
  );
}

function vectorOf(text: string): Float32Array {
  const random = createRandom(hashString(text));
  const vector = Float32Array.from({ length: DIMS }, () => 0.1 * (random.next() - 0.5));
  const topic = TOPICS.findIndex((name) => text.startsWith(name));
  vector[topic] = (vector[topic] as number) + 1;
  return vector;
}

interface Row {
  readonly user: string;
  readonly time: number;
  readonly text: string;
  readonly label: string | undefined;
  readonly type: string | undefined;
  readonly value: number | undefined;
}

function eventsOf(visits: readonly Visit[]): EventTable {
  const rows = visits.flatMap(rowsOf);
  const users = distinct(rows.map((r) => r.user));
  const texts = distinct(rows.map((r) => r.text)).sort((a, b) => a.length - b.length || compareCodePoints(a, b));
  const labels = distinct(rows.flatMap((r) => r.label ?? []));
  const types = distinct(rows.flatMap((r) => r.type ?? []));
  rows.sort((a, b) => compareCodePoints(a.user, b.user) || a.time - b.time || texts.indexOf(a.text) - texts.indexOf(b.text));
  const none = (): Uint32Array => new Uint32Array(rows.length).fill(NO_ID);
  return {
    count: rows.length,
    users,
    texts,
    types,
    items: [],
    labels,
    user: Uint32Array.from(rows, (r) => users.indexOf(r.user)),
    time: Float64Array.from(rows, (r) => r.time),
    text: Uint32Array.from(rows, (r) => texts.indexOf(r.text)),
    type: Uint32Array.from(rows, (r) => (r.type === undefined ? NO_ID : types.indexOf(r.type))),
    item: none(),
    label: Uint32Array.from(rows, (r) => (r.label === undefined ? NO_ID : labels.indexOf(r.label))),
    value: Float64Array.from(rows, (r) => r.value ?? Number.NaN),
    numbers: [],
  };
}

/** Days 3, 6, 9, ... of the month; which of the topic's ten texts it is goes by user, so that users differ a little. */
function rowsOf({ user, month, topic, times, label, type, value }: Visit): Row[] {
  return Array.from({ length: times }, (_, i) => ({
    user,
    time: Date.UTC(2024, month, 3 + 3 * i),
    text: `${TOPICS[topic]} number ${(hashString(user) + i) % 10}`,
    label,
    type,
    value,
  }));
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort(compareCodePoints);
