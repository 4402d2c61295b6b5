import {
  type AnalysisResult,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  type FilePreview,
  type LayoutFrame,
  type MappingProposal,
  NO_LANGUAGES,
  NO_LEVELS,
  NO_MEMBERSHIP,
  NOTHING_EMBEDDED,
  type Progress,
  type ResultPart,
  type RunManifest,
  type SearchHits,
  type Survey,
  UNASKED,
  UNMEASURED,
  UNTRIED,
} from '../domain/index.ts';
import { modelInfo } from '../testing/index.ts';
import type { AnalysisInput, AppServices, ModelsService, UnfinishedRuns } from './services.ts';
import { createAppStore } from './store.ts';
import { tableOf } from './tables.fixture.ts';

export const MAPPING = {
  user: 'who',
  time: 'when',
  text: ['what'],
  type: null,
  item: null,
  value: null,
  label: null,
  timeFormat: 'iso',
  timeOrigin: null,
  template: null,
  numbers: [],
} as const;

export const preview = (name: string, sha256 = `sha-${name}`, header = ['who', 'when', 'what']): FilePreview =>
  tableOf(name, header, { sha256 });

export const RESULT: AnalysisResult = {
  settings: DEFAULT_SETTINGS,
  mapping: MAPPING,
  intake: DEFAULT_INTAKE,
  accounting: { files: [] },
  users: ['a'],
  windows: [0, 1, 2].map((w) => ({
    start: w,
    end: w + 1,
    name: `w${w}`,
    partial: false,
    events: w ? 1 : 0,
    profiles: w ? 1 : 0,
    thin: 0,
  })),
  profiles: {
    count: 0,
    user: new Uint32Array(),
    window: new Uint32Array(),
    thin: new Uint8Array(),
    events: new Uint32Array(),
    segment: new Int32Array(),
    x: new Float32Array(),
    y: new Float32Array(),
  },
  segments: [
    { index: 0, window: 1, number: 0, track: 1, size: 1, thin: 0, terms: [], exemplars: [], entered: 1, left: 0 },
    { index: 1, window: 2, number: 0, track: 1, size: 1, thin: 0, terms: [], exemplars: [], entered: 0, left: 0 },
  ],
  tracks: [{ id: 1, name: 'one', firstWindow: 1, lastWindow: 2, size: 2 }],
  events: [],
  flows: [],
  trust: UNMEASURED,
  movements: [],
  changes: {
    ...{ first: new Int32Array(), last: new Int32Array(), moves: new Uint32Array() },
    ...{ displacement: new Float64Array(), travelled: new Float64Array() },
  },
  levels: NO_LEVELS,
  membership: NO_MEMBERSHIP,
  quality: [],
  kChoices: [],
  behaviour: null,
  density: null,
  sensitivity: UNTRIED,
  agreement: [],
  dims: 2,
  explainedVariance: 1,
  distinctTexts: 1,
  model: modelInfo(),
  embedding: NOTHING_EMBEDDED,
  languages: NO_LANGUAGES,
  compute: { device: 'cpu', adapter: '', threads: 1, note: '' },
  appended: null,
  warnings: [],
  timings: {},
};

/** A run that the test ends itself. */
export class ManualRun {
  cancelled = 0;
  readonly pauses: boolean[] = [];
  resolve: (result: AnalysisResult) => void = () => {};
  reject: (error: unknown) => void = () => {};
  readonly result = new Promise<AnalysisResult>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
  constructor(
    readonly input: AnalysisInput,
    readonly progress: (p: Progress) => void,
    readonly layout: (frame: LayoutFrame) => void,
    readonly part: (part: ResultPart) => void,
  ) {}
  cancel(): void {
    this.cancelled++;
  }
  pause(paused: boolean): void {
    this.pauses.push(paused);
  }
}

/** A search that the test answers itself. */
export class ManualSearch {
  resolve: (hits: SearchHits) => void = () => {};
  reject: (error: unknown) => void = () => {};
  readonly hits = new Promise<SearchHits>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
  constructor(readonly query: string) {}
}

/** Surveys never end, SQL is right. */
export const UNSURVEYED = {
  survey: () => new Promise<Survey>(() => {}),
  cancelSurvey: () => {},
  checkSql: () => Promise.resolve(null),
  setAsideCsv: () => Promise.resolve(new Blob(['rows'])),
};

/** No model but those that a test puts in. */
export const NO_MODELS_HERE: ModelsService = {
  list: () => Promise.resolve([]),
  add: () => Promise.reject(new Error('nothing is added')),
  plan: () => Promise.reject(new Error('nothing is planned')),
  download: () => Promise.reject(new Error('nothing is downloaded')),
  remove: () => Promise.resolve(),
  advise: () => Promise.resolve({ id: 'm', known: 1, warning: null, better: [] }),
  caches: () => Promise.resolve([]),
  clearCaches: () => Promise.resolve(0),
  cancel: () => {},
};

/** Nothing was interrupted, and nothing is written down. */
export const NOTHING_UNFINISHED: UnfinishedRuns = {
  begin: () => ({ save: () => {}, end: () => {} }),
  discover: () => Promise.resolve(),
  forget: () => {},
};

export function setUp(overrides: Partial<AppServices> = {}) {
  const runs: ManualRun[] = [];
  const searches: ManualSearch[] = [];
  const saved: { name: string; blob: Blob }[] = [];
  const exported: AnalysisResult[] = [];
  const proposal: MappingProposal = { mapping: MAPPING, reasons: {}, notes: [], ...UNASKED };
  const services: AppServices = {
    version: '0.1.0',
    ingest: { ...UNSURVEYED, inspect: (file) => Promise.resolve([preview(file.name)]), propose: () => Promise.resolve(proposal) },
    analysis: {
      run(input, progress, layout, part) {
        const run = new ManualRun(input, progress, layout, part);
        runs.push(run);
        return run;
      },
      search(query) {
        const search = new ManualSearch(query);
        searches.push(search);
        return search.hits;
      },
    },
    models: NO_MODELS_HERE,
    unfinished: NOTHING_UNFINISHED,
    sample: { load: () => Promise.resolve(new File(['x'], 'sample.csv')) },
    exports: {
      assignmentsCsv: () => new Blob(['a']),
      tracksJson: (result) => {
        exported.push(result);
        return new Blob(['t']);
      },
      accountingJson: () => new Blob(['c']),
      manifest: () => new Blob(['m']),
      parseManifest: (text) => JSON.parse(text) as RunManifest,
    },
    save: (name, blob) => void saved.push({ name, blob }),
    environment: () => Promise.resolve({ webgpu: null, software: false }),
    network: () => ({ requests: 1, outside: 0, allowed: [] }),
    ...overrides,
  };
  const store = createAppStore(services, { now: () => 0 });
  return { store, runs, searches, saved, exported, get: () => store.getState(), actions: store.getState().actions };
}

export const file = (name: string): File => new File(['x'], name);
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

export async function running() {
  const app = setUp();
  await app.actions.addFiles([file('a.csv')]);
  void app.actions.analyse();
  return { ...app, run: app.runs[0] as ManualRun };
}
