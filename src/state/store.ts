import { createStore } from 'zustand/vanilla';
import {
  type AppError,
  CancelledError,
  type ColumnMapping,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  type FilePreview,
  type Intake,
  inputError,
  isCancelled,
  type MappingProposal,
  type Progress,
  type ResultPart,
  type RunManifest,
  recordedModel,
  toAppError,
  UNASKED,
} from '../domain/index.ts';
import type { AppActions, AppData, AppState, AppStore, Loaded } from './app-state.ts';
import { checkAddable, completed, shownAs } from './append.ts';
import { applyChoices, withChange } from './choices.ts';
import { exportActions } from './export-actions.ts';
import {
  ALL_CHOSEN,
  chosenOf,
  followProposal,
  intakeProblems,
  openQuestions,
  QUESTION_PROBLEMS,
  withoutTables,
} from './intake.ts';
import { intakeActions } from './intake-actions.ts';
import { IDLE, isBusy, isPaused, isShown, type JobEvent, nextJob } from './job.ts';
import { byteCount, merge, without } from './loaded.ts';
import { completeMapping, EMPTY_MAPPING, mappingProblems, settingsProblems } from './mapping.ts';
import { followWithAdvice, modelActions, NO_MODELS } from './models.ts';
import { recordedDevice } from './replay.ts';
import { NO_SEARCH, searchActions } from './search.ts';
import type { AnalysisInput, AnalysisRun, AppServices } from './services.ts';
import { followWithSqlChecks, followWithSurveys, NO_SQL, NO_SURVEY } from './survey.ts';
import { recorder, unfinishedActions } from './unfinished.ts';
import { initialView } from './view.ts';
import { viewActions } from './view-actions.ts';

export interface StoreOptions {
  /** Milliseconds on a steady clock; only estimates depend on it. */
  readonly now?: () => number;
}

const initialData = (version: string): AppData => ({
  page: 'setup',
  files: [],
  previews: [],
  proposal: null,
  mapping: EMPTY_MAPPING,
  intake: DEFAULT_INTAKE,
  intakeChosen: [],
  intakeNote: null,
  survey: NO_SURVEY,
  sql: NO_SQL,
  models: NO_MODELS,
  saving: null,
  choices: {},
  settings: DEFAULT_SETTINGS,
  manifest: null,
  unfinished: null,
  job: IDLE,
  result: null,
  view: initialView(null),
  search: NO_SEARCH,
  added: false,
  notice: null,
  environment: null,
  version,
});

/** What keeps the analysis from starting; empty when it may. */
export function problemsOf(state: AppData): string[] {
  const settings = Object.values(settingsProblems(state.settings)).filter((text) => text !== undefined);
  const { mapping, previews, intake } = state;
  return [
    ...intakeProblems(intake, previews),
    ...mappingProblems(mapping, previews, intake),
    ...(state.sql.problem === null ? [] : [`SQL: ${state.sql.problem.message}`]),
    ...openQuestions(state).map(({ kind }) => QUESTION_PROBLEMS[kind]),
    ...settings.map((text) => `Settings: ${text}`),
  ];
}

/** The one store of the page. Services are injected; the store owns the running job and drops whatever comes late. */
export function createAppStore(services: AppServices, { now = () => performance.now() }: StoreOptions = {}): AppStore {
  const store = createStore<AppState>(() => ({ ...initialData(services.version), actions: {} as AppActions }));
  const { getState: get, setState: set } = store;
  let lastId = 0;
  let run: AnalysisRun | null = null;
  let abandon = (): void => {};
  let sample: File | null = null;
  /** Of the run that goes on where it was interrupted. */
  let resumed: string | undefined;

  const send = (event: JobEvent): void => set((s) => ({ job: nextJob(s.job, event) }));
  const isCurrent = (id: number): boolean => {
    const { job } = get();
    return 'id' in job && job.id === id;
  };
  /** Other work begins: the trust of the result that is shown stays as far as it was measured. */
  const stopTrust = (): void => {
    const { job } = get();
    if (job.phase !== 'running' || !job.shown) return;
    send({ type: 'finish', id: job.id });
    run?.cancel();
    run = null;
  };
  const show = (id: number, part: ResultPart, loaded: Loaded | null, at?: string): void => {
    if (part.kind !== 'result') {
      const { kind: _, ...known } = part;
      set((s) => (s.result ? { result: { ...s.result, ...known } } : {}));
      return;
    }
    set((s) => shownAs(s, part.result, loaded, at));
    send({ type: 'show', id });
  };

  const heard = (id: number, progress: Progress): void => {
    const held = isPaused(get().job);
    send({ type: 'progress', id, progress, now: now() });
    // What was paused is over: the model's worker must not hold back what the run may embed again.
    if (held && !isPaused(get().job)) run?.pause(false);
  };

  /** Runs the analysis and follows it to its end. `loaded`: files that are taken in with its result, being added to the one that is shown. */
  async function follow(id: number, input: AnalysisInput, loaded: Loaded | null, at?: string): Promise<void> {
    send({ type: 'run', id, now: now(), append: loaded !== null });
    if (!isCurrent(id)) return;
    // Data that are added are to a result that is gone after a reload.
    const record = loaded === null ? services.unfinished.begin(resumed) : null;
    resumed = undefined;
    const { previews, files } = get();
    const isSample = files.length === 1 && files[0] === sample;
    const write = record && recorder(record, { ...input, previews, app: services.version, sample: isSample }, now);
    try {
      run = services.analysis.run(
        input,
        (progress) => {
          heard(id, progress);
          if (isCurrent(id)) write?.(progress);
        },
        (frame) => send({ type: 'layout', id, frame }),
        (part) => {
          if (!isCurrent(id)) return;
          // What is shown is not waited for: trust that was being measured is no reason to begin again.
          if (part.kind === 'result') record?.end();
          show(id, part, loaded, at);
        },
      );
      const result = await run.result;
      if (!isCurrent(id)) return;
      set((s) => (s.result && isShown(s.job) ? { result: completed(s.result, result) } : shownAs(s, result, loaded, at)));
      send({ type: 'finish', id });
    } catch (error) {
      if (isCancelled(error) && isCurrent(id)) send({ type: 'cancel' });
      else send({ type: 'fail', id, error: toAppError(error) });
    } finally {
      record?.end();
    }
  }
  const notify = (error: unknown): void => set({ notice: toAppError(error) });

  /** Runs `look` as an inspection; null where something newer began, and where it failed, which is told. */
  async function inspect<T>(
    total: number,
    change: Partial<AppData>,
    look: (id: number) => Promise<T>,
    take: (found: T) => void = () => {},
  ): Promise<T | null> {
    if (isBusy(get().job)) return null;
    stopTrust();
    const id = ++lastId;
    set((s) => ({ notice: null, view: { ...s.view, playing: false }, ...change }));
    send({ type: 'inspect', id, total });
    // A service that was stopped may leave its promise open.
    const abandoned = new Promise<null>((resolve) => {
      abandon = () => resolve(null);
    });
    try {
      const found = await Promise.race([look(id), abandoned]);
      if (found === null || !isCurrent(id)) return null;
      take(found);
      send({ type: 'inspected', id });
      return found;
    } catch (error) {
      send({ type: 'fail', id, error: toAppError(error) });
      return null;
    }
  }

  /** What the look brings is loaded, on the setup page. */
  async function inspecting(total: number, look: (id: number) => Promise<Partial<AppData>>): Promise<void> {
    const loaded = await inspect(total, { page: 'setup' }, look, (found) => set(found));
    if (loaded === null) return;
    if (get().files.length === 0) send({ type: 'settle', loaded: false });
  }

  /** Looks at each file in turn, counting bytes; stops once another piece of work or none is going on. */
  async function inspectAll(files: readonly File[], id: number, { forms }: Intake = get().intake): Promise<FilePreview[]> {
    const previews: FilePreview[] = [];
    let before = 0;
    for (const file of files) {
      if (!isCurrent(id)) throw new CancelledError();
      const base = before;
      const told = (done: number): void => send({ type: 'inspect-progress', id, done: base + done });
      previews.push(...(await services.ingest.inspect(file, forms, told)));
      before += file.size;
    }
    if (!isCurrent(id)) throw new CancelledError();
    return previews;
  }

  /** The proposal for these files; mapping and intake are as proposed but for what the user or a manifest chose. */
  async function withProposal(
    { files, previews }: Loaded,
    { intake, intakeChosen }: Pick<AppData, 'intake' | 'intakeChosen'> = get(),
  ): Promise<Partial<AppData>> {
    if (previews.length === 0) return withoutFiles(get().manifest);
    const chosen = chosenOf(intake, intakeChosen);
    const read = previews.filter(({ name }) => !chosen.leftOut.includes(name));
    const proposal = read.length === 0 ? NOTHING_PROPOSED : await services.ingest.propose(read, chosen);
    const followed = followProposal(intake, intakeChosen, proposal);
    const mapping = applyChoices(proposal.mapping, get().choices, previews, followed);
    return { files, previews, proposal, intake: followed, intakeChosen, mapping, intakeNote: null };
  }

  const { resume, ...unfinished } = unfinishedActions({
    ...{ get, set, inspecting, inspectAll, withProposal, runs: services.unfinished },
    async goOn(id) {
      if (problemsOf(get()).length > 0) return;
      resumed = id;
      set({ unfinished: null });
      await actions.analyse();
    },
  });

  const actions: AppActions = {
    ...unfinished,
    async addFiles(files) {
      await inspecting(byteCount(files), async (id) => {
        const previews = await inspectAll(files, id);
        return withProposal(merge(get(), { files, previews }));
      });
      await resume();
    },

    async appendFiles(files) {
      const { result, files: former } = get();
      if (isBusy(get().job)) return;
      if (result === null || former.length === 0) return actions.addFiles(files);
      const loaded = await inspect(byteCount(files), {}, async (id) => {
        const all = merge(get(), { files, previews: await inspectAll(files, id, result.intake) });
        checkAddable(result.mapping, result.intake, all.previews);
        return all;
      });
      if (loaded === null) return;
      const { mapping, intake, settings } = result;
      const recorded = { recordedDevice: recordedDevice(result), recordedModel: recordedModel(result) };
      const input = { files: loaded.files, mapping, intake, settings, append: true, ...recorded };
      await follow(++lastId, input, loaded);
    },

    removeFile: (name) =>
      inspecting(0, async () => {
        const { previews, intakeChosen } = get();
        const tables = previews.filter(({ file }) => file === name).map((preview) => preview.name);
        const { intake, note } = withoutTables(get().intake, tables);
        const chosen = note === null ? intakeChosen : intakeChosen.filter((key) => key !== 'join');
        return { ...(await withProposal(without(get(), name), { intake, intakeChosen: chosen })), intakeNote: note };
      }),

    loadSample: () =>
      inspecting(0, async (id) => {
        sample = await services.sample.load();
        const files = [sample];
        return withProposal({ files, previews: await inspectAll(files, id) });
      }),

    async loadManifest(file) {
      if (isBusy(get().job)) return;
      try {
        const manifest = services.exports.parseManifest(await file.text());
        if (isBusy(get().job)) throw tooLate(file.name);
        stopTrust();
        const { mapping, intake, settings } = manifest;
        const recipe = { manifest, mapping, intake, intakeChosen: ALL_CHOSEN, choices: mapping, settings };
        set({ ...recipe, notice: null, page: 'setup' });
      } catch (error) {
        notify(error);
      }
    },

    setMapping: (change) => set((s) => withChange(s, change)),
    ...intakeActions({ get, set, inspecting, inspectAll, withProposal, services, notify }),
    ...modelActions({ get, set, models: services.models }),
    setSettings: (change) => set((s) => ({ settings: { ...s.settings, ...change } })),

    async analyse(at) {
      const { files, settings, job, manifest } = get();
      const mapping: ColumnMapping | null = completeMapping(get().mapping);
      if (isBusy(job) || mapping === null || problemsOf(get()).length > 0) return;
      stopTrust();
      set({ notice: null, added: false });
      const recorded = { recordedDevice: recordedDevice(manifest), recordedModel: recordedModel(manifest) };
      await follow(++lastId, { files, mapping, intake: get().intake, settings, ...recorded }, null, at);
    },

    async rerun(change) {
      const { result, view, files, job } = get();
      if (!result || files.length === 0 || isBusy(job)) return;
      const { mapping, intake } = result;
      set({ mapping, intake, intakeChosen: ALL_CHOSEN, choices: mapping, settings: { ...result.settings, ...change } });
      if (problemsOf(get()).length > 0) return actions.showSetup();
      await actions.analyse(result.windows[view.window]?.name);
    },

    cancel() {
      const { job, files } = get();
      if (job.phase === 'inspecting') {
        send({ type: 'settle', loaded: files.length > 0 });
        abandon();
        services.ingest.cancel?.();
      }
      if (job.phase !== 'running') return;
      if (job.shown) return stopTrust();
      send({ type: 'cancel' });
      run?.cancel();
      run = null;
    },

    pause(paused) {
      const { job } = get();
      send({ type: 'pause', paused, now: now() });
      if (get().job !== job) run?.pause(paused);
    },

    startOver() {
      if (isBusy(get().job)) return;
      stopTrust();
      const { result, view, environment, models, unfinished } = get();
      set({ ...initialData(services.version), result, view, environment, models, unfinished });
    },

    showSetup() {
      stopTrust();
      set((s) => ({ page: 'setup', view: { ...s.view, playing: false } }));
    },
    showWorkspace: () => set((s) => (s.result ? { page: 'workspace' } : {})),

    ...exportActions({ get, services, notify }),

    dismissNotice() {
      set({ notice: null });
      const { job, files } = get();
      if (job.phase === 'failed' || job.phase === 'cancelled') send({ type: 'settle', loaded: files.length > 0 });
    },

    dismissAdded: () => set({ added: false }),

    tick: () => send({ type: 'tick', now: now() }),
    network: () => services.network(),

    ...searchActions({ get, set, services }),
    ...viewActions(set),
  };

  set({ actions });
  followWithSurveys(store, services.ingest);
  followWithSqlChecks(store, services.ingest);
  followWithAdvice(store, services.models);
  services.unfinished.discover((unfinished) => set({ unfinished })).catch(notify);
  services.environment().then((environment) => set({ environment }), notify);
  return store;
}

/** With the last file goes what was proposed for it; what a manifest says stays for the files to come. */
const withoutFiles = (manifest: RunManifest | null): Partial<AppData> => ({
  files: [],
  previews: [],
  proposal: null,
  mapping: manifest?.mapping ?? EMPTY_MAPPING,
  choices: manifest?.mapping ?? {},
  intake: manifest?.intake ?? DEFAULT_INTAKE,
  intakeChosen: manifest ? ALL_CHOSEN : [],
});

/** Where all tables are left out. */
const NOTHING_PROPOSED: MappingProposal = { mapping: EMPTY_MAPPING, reasons: {}, notes: [], ...UNASKED };

const tooLate = (name: string): AppError =>
  inputError('busy', `${name} was not loaded: other work had begun meanwhile.`, 'Load it again when that work has ended.');
