import { type AnalysisResult, type ColumnMapping, type FilePreview, type Intake, inputError } from '../domain/index.ts';
import type { AppData, Loaded } from './app-state.ts';
import { intakeProblems } from './intake.ts';
import { mappingProblems } from './mapping.ts';
import { NO_SEARCH } from './search.ts';
import { clampWindow, initialView } from './view.ts';

/** A first look at a new result, at the window `at` if it is named; where data were added, what was looked at stays in view. */
export function shownAs({ view }: AppData, result: AnalysisResult, loaded: Loaded | null, at?: string): Partial<AppData> {
  if (loaded === null) return { result, view: initialView(result, at), search: NO_SEARCH, page: 'workspace' };
  // Tracks that began in a window that was computed again may be others under the same ids.
  const { whole, from } = result.appended ?? { whole: null, from: 0 };
  const known = whole === null && result.tracks.some(({ id, firstWindow }) => id === view.track && firstWindow < from);
  const kept = {
    ...{ ...view, track: known ? view.track : null, window: clampWindow(view.window, result.windows.length) },
    // The tree and the list of users are new.
    ...{ node: null, hoveredNode: null, user: null, cuts: null },
  };
  return { ...loaded, result, view: kept, search: NO_SEARCH, added: true };
}

/** The result that is shown, with what was measured of it since. All else stays the same objects: what views keep of it is not lost. */
export const completed = (
  shown: AnalysisResult,
  { trust, kChoices, sensitivity, compute, timings }: AnalysisResult,
): AnalysisResult => ({ ...shown, trust, kChoices, sensitivity, compute, timings });

/**
 * @param previews of all tables, those that are to be added among them
 * @throws AppError input where they lack columns of the run that they are to be added to
 */
export function checkAddable(mapping: ColumnMapping, intake: Intake, previews: readonly FilePreview[]): void {
  const problems = [...mappingProblems(mapping, previews, intake), ...intakeProblems(intake, previews)];
  if (problems.length === 0) return;
  throw inputError(
    'other-columns',
    `Nothing was added: ${problems.join(' ')}`,
    'Data that is added needs the columns of the result. Rename them in the file, or start a new analysis for it.',
  );
}

/** What came of the data that were added, for the user; null where none were. `nameOf`: of a window. */
export function addedWords({ appended, windows }: AnalysisResult, nameOf: (window: number) => string): string | null {
  if (!appended) return null;
  if (appended.whole !== null) return `${appended.whole} So all ${windows.length} windows were computed again.`;
  const again = windows.length - appended.from;
  if (again === 0) return 'The added data hold nothing new for any window: all are as they were.';
  const last = nameOf(windows.length - 1);
  const which = again === 1 ? last : `${nameOf(appended.from)} to ${last}`;
  return `Computed again: ${which} (${again} of ${windows.length} windows). The windows before are as they were.`;
}
