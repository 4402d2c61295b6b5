import type { StoreApi } from 'zustand/vanilla';
import type {
  AnalysisResult,
  AppError,
  Cleaning,
  FilePreview,
  FormChoice,
  Intake,
  Join,
  MappingProposal,
  RunManifest,
  Settings,
  SqlProblem,
  Survey,
  TrackId,
  UnfinishedRun,
} from '../domain/index.ts';
import type { Choices } from './choices.ts';
import type { IntakeChosen, TableRole } from './intake.ts';
import type { JobState } from './job.ts';
import type { MappingDraft } from './mapping.ts';

import type { ModelActions, ModelsState } from './models.ts';
import type { SearchState } from './search.ts';
import type { Environment, NetworkCount } from './services.ts';
import type { LowerView, SideTab, Speed, ViewState } from './view.ts';

export type ExportKind = 'assignments' | 'tracks' | 'accounting' | 'manifest';

/** What is loaded. A file holds the tables whose previews name it. */
export interface Loaded {
  readonly files: readonly File[];
  readonly previews: readonly FilePreview[];
}

export interface SurveyState {
  /** A survey goes on, or begins in a moment. */
  readonly going: boolean;
  /** How far it is, 0..1. */
  readonly share: number;
  /** The newest; of former choices while another goes on, and after an error. */
  readonly survey: Survey | null;
  readonly error: AppError | null;
}

export interface SqlState {
  /** The SQL was changed since `problem` was found. */
  readonly checking: boolean;
  readonly problem: SqlProblem | null;
}

/** Rows that a table has set aside for a reason: as it is read now, or as it was for the result. */
export interface SetAsideRows {
  readonly of: 'setup' | 'result';
  readonly table: string;
  readonly reason: string;
}

export interface AppData {
  /** 'setup': start page or mapping, by what is loaded; 'workspace': the result. */
  readonly page: 'setup' | 'workspace';
  readonly files: readonly File[];
  readonly previews: readonly FilePreview[];
  readonly proposal: MappingProposal | null;
  readonly mapping: MappingDraft;
  readonly intake: Intake;
  /** Keys of the intake that do not follow the proposal. */
  readonly intakeChosen: IntakeChosen;
  /** What became of a choice whose table is gone. */
  readonly intakeNote: string | null;
  /** The parts of the mapping that are not merely proposed. */
  readonly choices: Choices;
  /** What would become of the files as they are read now. */
  readonly survey: SurveyState;
  readonly sql: SqlState;
  /** The models that turn texts into vectors, here and elsewhere. */
  readonly models: ModelsState;
  /** Rows that are being gathered to be saved. */
  readonly saving: SetAsideRows | null;
  readonly settings: Settings;
  /** A loaded recipe; its mapping and settings have been filled in. */
  readonly manifest: RunManifest | null;
  /** A run that ended with its page, and can go on. */
  readonly unfinished: UnfinishedRun | null;
  readonly job: JobState;
  /** The last finished run; a later one that fails or is cancelled leaves it. */
  readonly result: AnalysisResult | null;
  readonly view: ViewState;
  /** In the result. */
  readonly search: SearchState;
  /** What came of the last data that were added is to be told. */
  readonly added: boolean;
  /** Trouble beside the job: a manifest that can't be read, an export that failed. */
  readonly notice: AppError | null;
  readonly environment: Environment | null;
  /** Of the app. */
  readonly version: string;
}

export interface AppActions extends ModelActions {
  /**
   * Looks at the files and adds them to those loaded. On failure nothing of them is loaded. Where they are then those of the run that was
   * interrupted, it goes on.
   */
  addFiles(files: readonly File[]): Promise<void>;
  /**
   * Adds files to the result that is shown, with its mapping and settings; where there is none, or its files are forgotten, as {@link addFiles}.
   * Files that lack its columns, a failure and a cancel leave all as it was; trust that was being measured stays as far as it came.
   */
  appendFiles(files: readonly File[]): Promise<void>;
  /** With all tables that it holds. */
  removeFile(name: string): Promise<void>;
  /** Looks at the table's file again, read in another form; null = as detected. On failure all stays as it was. */
  setForm(table: string, choice: FormChoice | null): Promise<void>;
  setTableRole(table: string, role: TableRole): Promise<void>;
  /** Of the columns that the catalogue is joined on. */
  setJoin(change: Partial<Omit<Join, 'table'>>): Promise<void>;
  /** A zone goes for the windows, too. */
  setIntake(change: Partial<Omit<Intake, 'forms' | 'leftOut' | 'join'>>): void;
  setCleaning(change: Partial<Cleaning>): void;
  /** Reads the table again and saves all such rows as CSV. */
  saveSetAside(rows: SetAsideRows): Promise<void>;
  loadSample(): Promise<void>;
  /** Goes on with the run that was interrupted, if it was that of the sample; other files have to be dropped again. */
  resumeSample(): Promise<void>;
  forgetUnfinished(): void;
  loadManifest(file: File): Promise<void>;
  setMapping(change: Partial<MappingDraft>): void;
  setSettings(change: Partial<Settings>): void;
  /** Runs the analysis; without a complete mapping or with wrong settings it does nothing. `at` names the window to look at first. */
  analyse(at?: string): Promise<void>;
  /**
   * Runs the shown result again with some of its settings changed, in the files that are loaded and looking at the same window; what was
   * chosen since for another run is put aside. Does nothing without files; a mapping that no longer fits them is shown to be mended.
   */
  rerun(change: Partial<Settings>): Promise<void>;
  /** Stops the run, or forgets the files that are being looked at. */
  cancel(): void;
  /** Holds back the embedding of texts, or lets it go on; does nothing where nothing is embedded. */
  pause(paused: boolean): void;
  /** Forgets files and mapping; the result stays until the next one. */
  startOver(): void;
  showSetup(): void;
  showWorkspace(): void;
  export(kind: ExportKind): void;
  dismissNotice(): void;
  dismissAdded(): void;
  /** Refreshes the clock that the estimates count down by. */
  tick(): void;
  network(): NetworkCount;
  /**
   * Searches the result by meaning; of several queries that come while one is under way only the newest is asked. Without words it makes ready
   * for the first.
   */
  search(query: string): void;
  clearSearch(): void;
  selectTrack(track: TrackId | null): void;
  hoverTrack(track: TrackId | null): void;
  /** Of the interest tree. */
  selectNode(node: number | null): void;
  hoverNode(node: number | null): void;
  /** Opens the card of a user by id, beside what is selected. */
  selectUser(user: number | null): void;
  /** A cut of the interest levels, 0 = the coarsest, to so many groups. */
  moveCut(level: number, groups: number): void;
  resetCuts(): void;
  setFade(fade: boolean): void;
  showTab(tab: SideTab): void;
  showLower(lower: LowerView): void;
  setWindow(window: number): void;
  setPlaying(playing: boolean): void;
  setSpeed(speed: Speed): void;
}

export type AppState = AppData & { readonly actions: AppActions };
export type AppStore = StoreApi<AppState>;
