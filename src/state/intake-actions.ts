import { type FilePreview, type Intake, isCancelled } from '../domain/index.ts';
import type { AppActions, AppData, AppState, Loaded, SetAsideRows } from './app-state.ts';
import { type IntakeChosen, withForm, withRole } from './intake.ts';
import { completeMapping } from './mapping.ts';
import type { AppServices } from './services.ts';

/** What the store lends: see there. */
export interface IntakeTools {
  readonly get: () => AppState;
  readonly set: (change: Partial<AppData>) => void;
  /** What the look brings is loaded; nothing is, and nothing lost, where it fails. */
  readonly inspecting: (total: number, look: (id: number) => Promise<Partial<AppData>>) => Promise<void>;
  readonly inspectAll: (files: readonly File[], id: number, intake: Intake) => Promise<FilePreview[]>;
  readonly withProposal: (loaded: Loaded, chosen: Pick<AppData, 'intake' | 'intakeChosen'>) => Promise<Partial<AppData>>;
  readonly services: Pick<AppServices, 'ingest' | 'save'>;
  readonly notify: (error: unknown) => void;
}

type IntakeActions = Pick<AppActions, 'setForm' | 'setTableRole' | 'setJoin' | 'setIntake' | 'setCleaning' | 'saveSetAside'>;

/** A second look at a file up to this size is too quick to be told. */
const QUICK_BYTES = 4e6;

/** Choices of how files become events. What changes which columns there are asks for another proposal. */
export function intakeActions(tools: IntakeTools): IntakeActions {
  const { get, set, inspecting, inspectAll, withProposal } = tools;
  const propose = (intake: Intake, ...keys: (keyof Intake)[]): Promise<void> =>
    inspecting(0, () => withProposal(get(), { intake, intakeChosen: withKeys(get().intakeChosen, keys) }));
  return {
    async setForm(table, choice) {
      const { files, previews, intake, intakeChosen } = get();
      const name = previews.find((preview) => preview.name === table)?.file;
      const file = files.find((loaded) => loaded.name === name);
      if (!file) return;
      const changed = { ...intake, forms: withForm(intake.forms, table, choice) };
      await inspecting(file.size > QUICK_BYTES ? file.size : 0, async (id) => {
        const found = await inspectAll([file], id, changed);
        return withProposal({ files, previews: inPlace(previews, file.name, found) }, { intake: changed, intakeChosen });
      });
    },

    async setTableRole(table, role) {
      const { intake, previews } = get();
      await propose(withRole(intake, previews, table, role), 'join', 'leftOut');
    },

    async setJoin(change) {
      const { intake } = get();
      if (intake.join !== null) await propose({ ...intake, join: { ...intake.join, ...change } }, 'join');
    },

    setIntake(change) {
      const { intake, intakeChosen, settings } = get();
      set({
        intake: { ...intake, ...change },
        intakeChosen: withKeys(intakeChosen, Object.keys(change) as (keyof Intake)[]),
        ...(change.zone === undefined ? {} : { settings: { ...settings, timeZone: change.zone } }),
      });
    },

    setCleaning(change) {
      const { intake } = get();
      set({ intake: { ...intake, cleaning: { ...intake.cleaning, ...change } } });
    },

    saveSetAside: (rows) => saveSetAside(rows, tools),
  };
}

async function saveSetAside(rows: SetAsideRows, { get, set, services, notify }: IntakeTools): Promise<void> {
  const { files, result, saving } = get();
  const { mapping: draft, intake } = rows.of === 'result' && result !== null ? result : get();
  const mapping = completeMapping(draft);
  if (saving !== null || mapping === null || files.length === 0) return;
  set({ saving: rows });
  try {
    const { table, reason } = rows;
    services.save(
      `${fileName(`${table} ${reason}`)}.csv`,
      await services.ingest.setAsideCsv(files, mapping, intake, table, reason),
    );
  } catch (error) {
    if (!isCancelled(error)) notify(error);
  } finally {
    set({ saving: null });
  }
}

/** What every system takes as the name of a file. */
const fileName = (text: string): string => text.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');

const withKeys = (chosen: IntakeChosen, keys: readonly (keyof Intake)[]): IntakeChosen => [...new Set([...chosen, ...keys])];

/** With the tables of a file, that was looked at again, where they were before. */
function inPlace(previews: readonly FilePreview[], file: string, found: readonly FilePreview[]): FilePreview[] {
  const at = previews.findIndex((preview) => preview.file === file);
  const others = previews.filter((preview) => preview.file !== file);
  return [...others.slice(0, at), ...found, ...others.slice(at)];
}
