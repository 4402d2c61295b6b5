import {
  type ColumnMapping,
  droppedFiles,
  type FilePreview,
  type Intake,
  MANIFEST_VERSION,
  type Progress,
  type RunManifest,
  type Settings,
  type UnfinishedRun,
} from '../domain/index.ts';
import type { AppActions, AppData, AppState } from './app-state.ts';
import { ALL_CHOSEN } from './intake.ts';
import type { IntakeTools } from './intake-actions.ts';
import { isBusy } from './job.ts';
import { checkManifest } from './mapping.ts';
import type { RunRecord, UnfinishedRuns } from './services.ts';

/** The run that files would go on with: all its files are there, some, or none of what is loaded is one of them. */
export type ResumeCheck = 'all' | 'some' | 'none';

export function checkResumable({ recipe }: UnfinishedRun, previews: readonly FilePreview[]): ResumeCheck {
  const { same, missing, changed } = checkManifest(recipe, previews);
  if (same) return 'all';
  return missing.length + changed.length < recipe.files.length ? 'some' : 'none';
}

export interface RecordedRun {
  readonly previews: readonly FilePreview[];
  readonly mapping: ColumnMapping;
  readonly intake: Intake;
  readonly settings: Settings;
  readonly app: string;
  readonly sample: boolean;
}

/** A page that is closed meanwhile tells a share that is a little too low; what counts is what was kept of vectors. */
const EVERY_MS = 500;
/** Few texts are embedded within {@link EVERY_MS}. */
const EVERY_SHARE = 0.05;

/** Writes the run down from the first text that is embedded on, and now and then how far it is. */
export function recorder(record: RunRecord, run: RecordedRun, now: () => number): (progress: Progress) => void {
  const recipe = recipeOf(run);
  let saved = { at: Number.NEGATIVE_INFINITY, embedded: 0 };
  return ({ stage, done, total }) => {
    if (stage !== 'embed' || total === 0) return;
    const embedded = Math.min(1, done / total);
    if (embedded < 1 && embedded - saved.embedded < EVERY_SHARE && now() - saved.at < EVERY_MS) return;
    saved = { at: now(), embedded };
    record.save({ embedded, sample: run.sample, recipe });
  };
}

const recipeOf = ({ previews, mapping, intake, settings, app }: RecordedRun): RunManifest => ({
  manifest: MANIFEST_VERSION,
  app,
  files: droppedFiles(previews),
  mapping,
  intake,
  settings,
  model: { id: settings.embedding.model, dtype: settings.embedding.dtype, device: settings.embedding.device, sha256: '' },
  compute: { device: '', adapter: '' },
});

/** What the store lends: see there. */
interface ResumeTools extends Pick<IntakeTools, 'inspecting' | 'inspectAll' | 'withProposal'> {
  readonly get: () => AppState;
  readonly set: (change: Partial<AppData>) => void;
  readonly runs: UnfinishedRuns;
  /** Analyses what is loaded, as the run of this id. */
  readonly goOn: (id: string) => Promise<void>;
}

type ResumeActions = Pick<AppActions, 'resumeSample' | 'forgetUnfinished'> & {
  /** Where the files that are loaded are those of the run that was interrupted, it goes on as it was begun. */
  resume(): Promise<void>;
};

export function unfinishedActions({ get, set, runs, goOn, inspecting, inspectAll, withProposal }: ResumeTools): ResumeActions {
  async function resume(): Promise<void> {
    const { unfinished, manifest, files, previews, job } = get();
    // Who loaded a recipe wants that one.
    if (unfinished === null || manifest !== null || isBusy(job) || checkResumable(unfinished, previews) !== 'all') return;
    const { mapping, intake, settings } = unfinished.recipe;
    set({ choices: mapping, settings });
    // Read as they were then, the files may hold other columns than at the first look.
    await inspecting(0, async (id) =>
      withProposal({ files, previews: await inspectAll(files, id, intake) }, { intake, intakeChosen: ALL_CHOSEN }),
    );
    if (get().job.phase !== 'ready') return;
    set({ mapping, intake });
    await goOn(unfinished.id);
  }
  return {
    resume,
    async resumeSample() {
      if (get().unfinished?.sample !== true) return;
      await get().actions.loadSample();
      await resume();
    },
    forgetUnfinished() {
      const { unfinished } = get();
      if (unfinished !== null) runs.forget(unfinished);
      set({ unfinished: null });
    },
  };
}
