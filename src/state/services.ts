import type {
  AnalysisResult,
  ColumnMapping,
  Intake,
  LayoutFrame,
  Progress,
  RecordedModel,
  ResultPart,
  RunManifest,
  SearchHits,
  Settings,
} from '../domain/index.ts';
import type { IngestService as IngestClient, ModelsService, UnfinishedRuns } from '../services/index.ts';

export type { DroppedFile, ModelsService, RunRecord, UnfinishedRuns } from '../services/index.ts';

/** What the state needs from outside; the instances are made and injected by the composition root. */
export interface AppServices {
  /** Of the app, as manifests record it. */
  readonly version: string;
  readonly ingest: IngestService;
  readonly analysis: AnalysisService;
  readonly models: ModelsService;
  readonly unfinished: UnfinishedRuns;
  readonly sample: { load(): Promise<File> };
  readonly exports: ExportService;
  /** Hands a file to the browser's download; nothing is sent. */
  save(name: string, blob: Blob): void;
  environment(): Promise<Environment>;
  network(): NetworkCount;
}

/** Rejections are AppError, here and below; anything else is shown as our mistake. A stand-in may lack `cancel`. */
export type IngestService = Omit<IngestClient, 'cancel'> & Partial<Pick<IngestClient, 'cancel'>>;

export interface AnalysisInput {
  readonly files: readonly File[];
  readonly mapping: ColumnMapping;
  readonly intake: Intake;
  readonly settings: Settings;
  /** The files are those of the last finished run and more. */
  readonly append?: boolean;
  /** What a run that is replayed was computed on; null for a new one. */
  readonly recordedDevice: 'cpu' | 'webgpu' | null;
  /** The model of that run, or of the one that data are added to; null for a new one. */
  readonly recordedModel: RecordedModel | null;
}

export interface AnalysisRun {
  readonly result: Promise<AnalysisResult>;
  /** May be called twice and after the end. */
  cancel(): void;
  /** Holds back the embedding of texts, or lets it go on. Means nothing in any other stage. */
  pause(paused: boolean): void;
}

export interface AnalysisService {
  /** `onLayout` is told of the map while it forms, `onPart` of the result before its trust is measured, and of the trust as it grows. */
  run(
    input: AnalysisInput,
    onProgress: (progress: Progress) => void,
    onLayout: (frame: LayoutFrame) => void,
    onPart: (part: ResultPart) => void,
  ): AnalysisRun;
  /** What is near to a query in the result that was told last; without words it makes ready for the next. */
  search(query: string): Promise<SearchHits>;
}

export interface ExportService {
  assignmentsCsv(result: AnalysisResult): Blob;
  tracksJson(result: AnalysisResult): Blob;
  accountingJson(result: AnalysisResult): Blob;
  manifest(result: AnalysisResult): Blob;
  /** Throws AppError where the text is no manifest of a known version. */
  parseManifest(text: string): RunManifest;
}

export interface Environment {
  /** Name of the WebGPU adapter, null without one. */
  readonly webgpu: string | null;
  /** The adapter is a software one, which no run would take. */
  readonly software: boolean;
}

/** Requests of the page since it was opened, and how many of them tried to leave the origin. */
export interface NetworkCount {
  readonly requests: number;
  readonly outside: number;
  /** Addresses elsewhere that the page's content policy lets through. */
  readonly allowed: readonly string[];
}
