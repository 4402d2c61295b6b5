import type {
  AnalysisResult,
  ColumnMapping,
  DownloadPlan,
  Dtype,
  EmbeddedTexts,
  FilePreview,
  Intake,
  KeptVectors,
  LayoutFrame,
  MappingProposal,
  ModelAdvice,
  ModelEntry,
  ModelInfo,
  ModelWish,
  Progress,
  ReadResult,
  RecordedModel,
  ResultPart,
  SearchHits,
  Settings,
  SqlProblem,
  Survey,
  TextLanguages,
  WordSettings,
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
export interface EmbedOptions extends ModelWish {
  /** How a lexical model cuts texts into words. */
  readonly words: WordSettings;
  /** For tests: takes a WebGPU adapter that is emulated, which is never chosen for a user. */
  readonly allowSoftwareGpu: boolean;
  /** For tests: no trial, the first choice that will do is taken. */
  readonly trial?: boolean;
}

/** workers/embed.worker.ts: holds the model. */
export interface EmbedApi extends Connectable {
  /** Loads the model, or keeps the loaded one; `languages` decide where the model is 'auto'. */
  open(options: EmbedOptions, languages: TextLanguages): Promise<ModelInfo>;
  embed(texts: readonly string[], onProgress: OnProgress, run: number, corpus?: readonly string[]): Promise<EmbeddedTexts>;
  /** @param corpus null = that of the call before: a query is typed key by key, and its corpus may be 100,000 texts. */
  embedQuery(query: string, corpus: readonly string[] | null): Promise<Float32Array>;
  /** Holds back what `run` and runs before it embed, from the next batch on, or lets it go on. */
  pause(run: number, paused: boolean): Promise<void>;
  /**
   * Stops what `run` and runs before it embed, at the next batch (under 150 ms), or as soon as it comes: the call may arrive
   * on another port, before the `embed` that it is about. Resolves when nothing of them is embedded any more.
   */
  cancel(run: number): Promise<void>;
}

/** workers/models.worker.ts: the models that are here, in the browser's own storage. */
export interface ModelsApi extends Connectable {
  /** Of the registry and in storage; the built-in first. */
  list(): Promise<ModelEntry[]>;
  /**
   * Checks a dropped folder or .zip file by file, and keeps it.
   * @param files each with its path below the folder that was dropped
   */
  add(files: readonly { readonly path: string; readonly file: File }[], onProgress: OnProgress): Promise<ModelEntry>;
  /** What {@link download} would ask for; asks for nothing. `policy`, here and below: the page's content policy, null where it has none. */
  plan(id: string, dtype: Dtype, policy: string | null): Promise<DownloadPlan>;
  download(id: string, dtype: Dtype, policy: string | null, onProgress: OnProgress): Promise<ModelEntry>;
  remove(id: string): Promise<void>;
  /** The model for texts in these languages, among those that are here. */
  advise(languages: TextLanguages): Promise<ModelAdvice>;
  /** Vectors of texts that are kept for later runs, used last first. */
  caches(): Promise<KeptVectors[]>;
  /** Forgets them. What a run is using stays; how many files that were. */
  clearCaches(): Promise<number>;
}

/** The way to the model of the moment. */
export interface ModelLink {
  /** To an {@link EmbedApi}. */
  readonly port: MessagePort;
  readonly options: EmbedOptions;
}

/** Asks for the model. */
export type LinkModel = () => Promise<ModelLink>;

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
  /** The model of that run, which 'auto' then takes; null for a new run. */
  readonly recordedModel: RecordedModel | null;
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
  /**
   * What is near to a query in the last result that was told, by its own model; during a run it answers at a checkpoint.
   * @param model null = that of the call before
   * @throws AppError ability where no result is kept
   */
  search(query: string, model: ModelLink | null): Promise<SearchHits>;
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
