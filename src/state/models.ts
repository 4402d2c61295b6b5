import {
  type AppError,
  type DownloadPlan,
  type Dtype,
  inputError,
  isCancelled,
  type KeptVectors,
  type ModelAdvice,
  type ModelEntry,
  type TextLanguages,
  toAppError,
} from '../domain/index.ts';
import type { AppData, AppState, AppStore } from './app-state.ts';
import { isBusy } from './job.ts';
import type { DroppedFile, ModelsService } from './services.ts';

export interface ModelWork {
  readonly kind: 'adding' | 'downloading' | 'removing';
  /** Of the model; '' for one that was dropped, whose files say it. */
  readonly id: string;
  /** Bytes; `total` is 0 where it is not known. */
  readonly done: number;
  readonly total: number;
}

export interface ModelsState {
  /** Of the registry and in storage, the built-in first; empty until they were looked for. */
  readonly entries: readonly ModelEntry[];
  /** For the texts that are loaded; null before they were looked at. */
  readonly advice: ModelAdvice | null;
  readonly work: ModelWork | null;
  /** What the hub would be asked for, to be shown before anything is. */
  readonly plan: DownloadPlan | null;
  /** Ids of models that the hub was asked for since the page was opened. */
  readonly fetched: readonly string[];
  /** Id of the model that was added last, until another piece of work begins; null where none was. */
  readonly added: string | null;
  readonly error: AppError | null;
  /** Vectors of texts that are kept for later runs, used last first; empty until they were looked for. */
  readonly kept: readonly KeptVectors[];
}

export const NO_MODELS: ModelsState = {
  ...{ entries: [], advice: null, work: null, plan: null, fetched: [] },
  ...{ added: null, error: null, kept: [] },
};

export interface ModelActions {
  /** Looks for the models and the vectors that are here; models are also looked for as soon as the languages of the texts are known. */
  loadModels(): Promise<void>;
  /** Forgets the vectors that are kept for later runs; those that a run is using stay. */
  clearKept(): Promise<void>;
  /** Checks a dropped model, a folder or one .zip, keeps it and chooses it for the next run; on failure nothing of it is kept. */
  addModel(files: readonly DroppedFile[]): Promise<void>;
  /** Fills in `plan`; asks the hub for nothing. */
  planDownload(id: string, dtype: Dtype): Promise<void>;
  /** What `plan` says, which is the user's yes; without a plan, or where it is refused, nothing. */
  download(): Promise<void>;
  dismissPlan(): void;
  /** Not while an analysis goes on, which may need it. */
  removeModel(id: string): Promise<void>;
  /** Stops adding or downloading; nothing of the model is kept. */
  cancelModel(): void;
  dismissModelError(): void;
}

/** What the store lends. */
interface ModelTools {
  readonly get: () => AppState;
  readonly set: AppStore['setState'];
  readonly models: ModelsService;
}

/** One piece of work at a time, beside the job. What it says after it was cancelled is dropped. */
export function modelActions({ get, set, models }: ModelTools): ModelActions {
  const tell = (change: Partial<ModelsState>): void => set((s) => ({ models: { ...s.models, ...change } }));
  const fail = (error: unknown): void => {
    if (!isCancelled(error)) tell({ error: toAppError(error) });
  };
  const list = async (): Promise<void> => tell({ entries: await models.list() });
  const listKept = async (): Promise<void> => tell({ kept: await models.caches() });
  let last = 0;

  async function working(
    kind: ModelWork['kind'],
    id: string,
    act: (told: Told, isLate: () => boolean) => Promise<unknown>,
  ): Promise<void> {
    if (get().models.work !== null) return;
    const number = ++last;
    const isLate = (): boolean => number !== last || get().models.work === null;
    tell({ work: { kind, id, done: 0, total: 0 }, plan: null, added: null, error: null });
    const told: Told = (done, total) => {
      if (!isLate()) tell({ work: { kind, id, done, total } });
    };
    try {
      await act(told, isLate);
      await list();
    } catch (error) {
      if (!isLate()) fail(error);
    } finally {
      if (!isLate()) tell({ work: null });
    }
  }

  return {
    loadModels: () => Promise.all([list(), listKept()]).then(() => {}, fail),
    clearKept: () => models.clearCaches().then(listKept).catch(fail),
    addModel: (files) =>
      working('adding', '', async (told, isLate) => {
        const { card } = await models.add(files, told);
        if (isLate()) return;
        tell({ added: card.id });
        get().actions.setSettings({ embedding: { model: card.id, dtype: 'auto', device: 'auto' } });
      }),
    async planDownload(id, dtype) {
      tell({ error: null });
      try {
        tell({ plan: await models.plan(id, dtype) });
      } catch (error) {
        fail(error);
      }
    },
    async download() {
      const { plan } = get().models;
      if (plan === null || plan.refused !== null) return;
      await working('downloading', plan.id, (told) => {
        tell({ fetched: [...new Set([...get().models.fetched, plan.id])] });
        return models.download(plan.id, plan.dtype, told);
      });
    },
    dismissPlan: () => tell({ plan: null }),
    async removeModel(id) {
      if (isBusy(get().job)) return tell({ error: inUse() });
      await working('removing', id, async () => {
        await models.remove(id);
        // What is wished for must be there; the former choice of dtype and device was for that model.
        if (get().settings.embedding.model === id)
          get().actions.setSettings({ embedding: { model: 'auto', dtype: 'auto', device: 'auto' } });
      });
    },
    cancelModel() {
      if (get().models.work === null) return;
      tell({ work: null });
      models.cancel();
    },
    dismissModelError: () => tell({ error: null }),
  };
}

type Told = (done: number, total: number) => void;

const inUse = (): AppError =>
  inputError(
    'model-in-use',
    'A model can’t be removed while an analysis goes on.',
    'Wait until it has ended, or cancel it; then remove the model.',
  );

/** Those of the texts that would be analysed next, else of those that were. */
const languagesOf = ({ survey, result }: AppData): TextLanguages | null => survey.survey?.languages ?? result?.languages ?? null;

/** Asks anew for advice whenever the texts or the models that are here change. */
export function followWithAdvice({ subscribe, getState, setState }: AppStore, models: ModelsService): void {
  let seen: { languages: TextLanguages | null; entries: readonly ModelEntry[] } = { languages: null, entries: [] };
  const tell = (change: Partial<ModelsState>): void => setState((s) => ({ models: { ...s.models, ...change } }));
  const ask = async (languages: TextLanguages): Promise<void> => {
    const isLate = (): boolean => seen.languages !== languages;
    try {
      // The list before the advice: what is advised must be found in it.
      if (getState().models.entries.length === 0) tell({ entries: await models.list() });
      const advice = await models.advise(languages);
      if (!isLate()) tell({ advice });
    } catch (error) {
      if (!isLate() && !isCancelled(error)) tell({ error: toAppError(error) });
    }
  };
  subscribe((state) => {
    const languages = languagesOf(state);
    const { entries } = state.models;
    if (languages === seen.languages && (entries === seen.entries || languages === null)) return;
    const first = seen.entries.length === 0 && languages === seen.languages;
    seen = { languages, entries };
    if (languages === null) {
      if (state.models.advice !== null) tell({ advice: null });
    } else if (!first) void ask(languages);
  });
}
