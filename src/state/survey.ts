import {
  availableColumns,
  type ColumnMapping,
  type Intake,
  isCancelled,
  type RowRule,
  rowColumns,
  type Survey,
  toAppError,
} from '../domain/index.ts';
import type { AppData, AppStore, SqlState, SurveyState } from './app-state.ts';
import { intakeProblems, openQuestions } from './intake.ts';
import { isBusy, isWaiting } from './job.ts';
import { completeMapping, mappingProblems } from './mapping.ts';
import { sameValue } from './replay.ts';
import type { IngestService } from './services.ts';

export const NO_SURVEY: SurveyState = { going: false, share: 0, survey: null, error: null };
export const NO_SQL: SqlState = { checking: false, problem: null };

/** Milliseconds without a further change before a survey begins, and before SQL is checked: longer than from key to key while typing. */
const SURVEY_DELAY = 400;
const SQL_DELAY = 250;

/** What a survey is made of. */
interface Subject {
  readonly files: readonly File[];
  readonly mapping: ColumnMapping;
  readonly intake: Intake;
}

/** The files as they would be read now; null where they can't be, and while other work goes on or the page shows something else. */
function subjectOf(state: AppData): Subject | null {
  const { files, previews, intake, page, job } = state;
  const mapping = completeMapping(state.mapping);
  if (page !== 'setup' || files.length === 0 || mapping === null || isBusy(job) || isWaiting(job)) return null;
  if (state.sql.problem !== null || state.sql.checking) return null;
  const problems = [...intakeProblems(intake, previews), ...mappingProblems(mapping, previews, intake), ...openQuestions(state)];
  return problems.length === 0 ? { files, mapping, intake: withoutOpenRules(intake) } : null;
}

/** A rule that still lacks its value holds for no row: nothing is read again for it. */
const withoutOpenRules = (intake: Intake): Intake => {
  const isOpen = ({ test, value }: RowRule): boolean => test !== 'negative' && test !== 'zero' && value.trim() === '';
  const { rules } = intake.cleaning;
  const last = rules.findLastIndex((rule) => !isOpen(rule));
  return last === rules.length - 1 ? intake : { ...intake, cleaning: { ...intake.cleaning, rules: rules.slice(0, last + 1) } };
};

/** The files can't be read as things are said now; not so where other work or a check of SQL only keeps a survey waiting. */
const isUnread = ({ page, job, sql }: AppData): boolean => page === 'setup' && !isBusy(job) && !isWaiting(job) && !sql.checking;

const sameSubject = (a: Subject | null, b: Subject | null): boolean =>
  a === b ||
  (a !== null && b !== null && a.files === b.files && sameValue(a.mapping, b.mapping) && sameValue(a.intake, b.intake));

/**
 * Surveys the files a moment after each change, as long as they can be read. A survey that is overtaken is stopped, and what it says too
 * late is dropped; it keeps nobody waiting.
 */
export function followWithSurveys({ subscribe, getState, setState }: AppStore, ingest: IngestService): void {
  let current: Subject | null = null;
  let surveyed: Subject | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (change: Partial<SurveyState>): void => setState(({ survey }) => ({ survey: { ...survey, ...change } }));

  const begin = async (subject: Subject): Promise<void> => {
    const isLate = (): boolean => current !== subject;
    const onProgress = (done: number, total: number): void => {
      if (!isLate()) tell({ share: total > 0 ? done / total : 0 });
    };
    try {
      const survey: Survey = await ingest.survey(subject.files, subject.mapping, subject.intake, onProgress);
      if (isLate()) return;
      surveyed = subject;
      tell({ going: false, survey, error: null });
    } catch (error) {
      if (!isLate() && !isCancelled(error)) tell({ going: false, error: toAppError(error) });
    }
  };

  const change = (state: AppData): void => {
    if (state.files.length === 0 && state.survey !== NO_SURVEY) setState({ survey: NO_SURVEY });
    const subject = subjectOf(state);
    if (sameSubject(subject, current)) return;
    clearTimeout(timer);
    if (current !== null && state.survey.going) ingest.cancelSurvey();
    current = subject;
    if (subject === null && isUnread(state)) {
      surveyed = null;
      tell({ going: false, survey: null });
    } else if (subject === null) tell({ going: false });
    else if (sameSubject(subject, surveyed)) tell({ going: false, error: null });
    else {
      // Before it is told: who hears of it may change things, which comes back here.
      timer = setTimeout(() => void begin(subject), SURVEY_DELAY);
      tell({ going: true, share: 0, error: null });
    }
  };

  let seen = getState();
  subscribe((state) => {
    // Pointers that move over the map change the state, too.
    const same = WATCHED.every((key) => state[key] === seen[key]);
    seen = state;
    if (!same) change(state);
  });
}

const WATCHED = [
  'files',
  'previews',
  'mapping',
  'choices',
  'intake',
  'job',
  'page',
  'sql',
] as const satisfies readonly (keyof AppData)[];

/** Checks the SQL of the intake a moment after each change of it or of the columns that it may use. */
export function followWithSqlChecks({ subscribe, getState, setState }: AppStore, ingest: IngestService): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  const check = async (id: number): Promise<void> => {
    const { previews, intake } = getState();
    const problem = await ingest.checkSql(rowColumns(previews, intake), intake).catch((error: unknown) => ({
      field: 'filter',
      message: toAppError(error).message,
      offset: null,
    }));
    if (id === asked) setState({ sql: { checking: false, problem } });
  };
  const keyOf = ({ previews, intake }: AppData): string =>
    JSON.stringify([intake.derived, intake.filter, hasSql(intake) ? availableColumns(previews, intake) : []]);
  let key = keyOf(getState());
  let seen = getState();
  subscribe((state) => {
    const same = state.intake === seen.intake && state.previews === seen.previews;
    seen = state;
    if (same || keyOf(state) === key) return;
    key = keyOf(state);
    const id = ++asked;
    clearTimeout(timer);
    if (hasSql(state.intake)) timer = setTimeout(() => void check(id), SQL_DELAY);
    setState({ sql: hasSql(state.intake) ? { ...state.sql, checking: true } : NO_SQL });
  });
}

const hasSql = ({ derived, filter }: Intake): boolean => filter.trim() !== '' || derived.length > 0;
