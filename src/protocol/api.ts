import type {
  AnalysisResult,
  ColumnMapping,
  FilePreview,
  Intake,
  LayoutFrame,
  MappingProposal,
  Matrix,
  ModelInfo,
  Progress,
  ReadResult,
  ResultPart,
  Settings,
  SqlProblem,
  Survey,
} from '../domain/index.ts';

/** Called with units of work done and in all; crosses threads as a comlink proxy. */
export type OnProgress = (done: number, total: number, note?: string) => void;

/** An API that another worker may use as well, through a port of its own. */
export interface Connectable {
  connect(port: MessagePort): void;
}

/** workers/ingest.worker.ts: looks through files and reads them. One read at a time. */
export interface IngestApi extends Connectable {
  /** One preview a table: a .zip may hold several. `forms` by the table's name. */
  inspect(file: File, forms: Intake['forms'], onProgress: OnProgress): Promise<FilePreview[]>;
  propose(previews: readonly FilePreview[], intake: Intake): Promise<MappingProposal>;
  read(files: readonly File[], mapping: ColumnMapping, intake: Intake, onProgress: OnProgress): Promise<ReadResult>;
  /** What {@link read} would make of the files, and what each cleaning rule would touch. */
  survey(files: readonly File[], mapping: ColumnMapping, intake: Intake, onProgress: OnProgress): Promise<Survey>;
  /** `columns`: those of a row before SQL. */
  checkSql(columns: readonly string[], intake: Intake): Promise<SqlProblem | null>;
  /** All rows of a table that are set aside for a reason, with file, line and reason before their cells. */
  setAsideCsv(files: readonly File[], mapping: ColumnMapping, intake: Intake, table: string, reason: string): Promise<Blob>;
}

/** A worker's model is bound to the options of its first `open`. */
export interface EmbedOptions {
  /** 'wasm' never touches the GPU; 'auto' takes a hardware adapter if the golden check passes on it; 'webgpu' takes any. */
  readonly device: 'auto' | 'wasm' | 'webgpu';
  /** Why workers before this one were given up; they go into the model's notes. */
  readonly notes?: readonly string[];
}

/** workers/embed.worker.ts: holds the model. */
export interface EmbedApi extends Connectable {
  /** Loads the model, or keeps the loaded one. */
  open(options: EmbedOptions): Promise<ModelInfo>;
  embed(texts: readonly string[], onProgress: OnProgress, run: number): Promise<Matrix>;
  /**
   * Stops what `run` and runs before it embed, at the next batch (under 150 ms), or as soon as it comes: the call may arrive
   * on another port, before the `embed` that it is about. Resolves when nothing of them is embedded any more.
   */
  cancel(run: number): Promise<void>;
}

/** The way to the model of the moment. */
export interface ModelLink {
  /** To an {@link EmbedApi}. */
  readonly port: MessagePort;
  readonly options: EmbedOptions;
}

/** Asks for the model; with `broke`, why the one of the last link is of no use, for one in a new worker. */
export type LinkModel = (broke: string | null) => Promise<ModelLink>;

export interface AnalysisInput {
  /** Number of the run; later runs have higher ones. */
  readonly run: number;
  readonly files: readonly File[];
  readonly mapping: ColumnMapping;
  readonly intake: Intake;
  readonly settings: Settings;
  /** The files are those of this worker's last finished run and more. */
  readonly append: boolean;
  /** What a run that is replayed was computed on, which the device 'auto' then takes; null for a new run. */
  readonly recordedDevice: 'cpu' | 'webgpu' | null;
  /** For tests: lets the engine run on a software adapter, which is never chosen for a user. */
  readonly allowSoftwareGpu: boolean;
}

/**
 * workers/analysis.worker.ts: runs the stages. `ingest` is a port to the worker that reads the files. The worker keeps what its last finished
 * run leaves for one that adds data; a run that fails or is cancelled does not change that.
 */
export interface AnalysisApi {
  /** Stops the run at its next checkpoint. Resolves when it has ended. */
  cancel(): Promise<void>;
  run(
    input: AnalysisInput,
    ingest: MessagePort,
    linkModel: LinkModel,
    onProgress: (p: Progress) => void,
    /** The buffers of a frame move to the receiver; see `frameSender`. */
    onLayout: (frame: LayoutFrame) => void,
    onPart: (part: ResultPart) => void,
  ): Promise<AnalysisResult>;
}
