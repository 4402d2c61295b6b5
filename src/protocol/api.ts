import type {
  AnalysisResult,
  ColumnMapping,
  FilePreview,
  MappingProposal,
  Matrix,
  ModelInfo,
  Progress,
  ReadResult,
  Settings,
} from '../domain/index.ts';

/** Called with units of work done and in all; crosses threads as a comlink proxy. */
export type OnProgress = (done: number, total: number, note?: string) => void;

/** An API that another worker may use as well, through a port of its own. */
export interface Connectable {
  connect(port: MessagePort): void;
}

/** workers/ingest.worker.ts: looks through files and reads them. One read at a time. */
export interface IngestApi extends Connectable {
  inspect(file: File, onProgress: OnProgress): Promise<FilePreview>;
  propose(previews: readonly FilePreview[]): Promise<MappingProposal>;
  read(files: readonly File[], mapping: ColumnMapping, onProgress: OnProgress): Promise<ReadResult>;
}

export interface EmbedOptions {
  /** 'wasm' never touches the GPU; 'auto' takes a hardware adapter if the golden check passes on it; 'webgpu' takes any. */
  readonly device: 'auto' | 'wasm' | 'webgpu';
}

/** workers/embed.worker.ts: holds the model. */
export interface EmbedApi extends Connectable {
  /** Loads the model, or keeps the loaded one if the options are the same. */
  open(options: EmbedOptions): Promise<ModelInfo>;
  embed(texts: readonly string[], onProgress: OnProgress): Promise<Matrix>;
  /** Stops the running `embed` at its next batch (under 150 ms). */
  cancel(): void;
}

export interface AnalysisInput {
  readonly files: readonly File[];
  readonly mapping: ColumnMapping;
  readonly settings: Settings;
  /** For tests: lets the engine run on a software adapter, which is never chosen for a user. */
  readonly allowSoftwareGpu: boolean;
}

/** workers/analysis.worker.ts: runs the stages. `ingest` and `embed` are ports to the other two workers. */
export interface AnalysisApi {
  run(input: AnalysisInput, ingest: MessagePort, embed: MessagePort, onProgress: (p: Progress) => void): Promise<AnalysisResult>;
}
