import { proxy, type Remote } from 'comlink';
import type { ColumnMapping, FilePreview, Intake, MappingProposal, SqlProblem, Survey } from '../domain/index.ts';
import type { IngestApi } from '../protocol/index.ts';
import { connect, type WorkerClient, type WorkerFactory, watch } from './spawn.ts';

/** Looks at files before an analysis. */
export interface IngestService {
  /** One preview a table; a .zip may hold several. Progress in bytes done of total. */
  inspect(file: File, forms: Intake['forms'], onProgress?: (done: number, total: number) => void): Promise<FilePreview[]>;
  /** For the tables that are read. */
  propose(previews: readonly FilePreview[], intake: Intake): Promise<MappingProposal>;
  /** What would become of the files. Goes on beside all else. */
  survey(
    files: readonly File[],
    mapping: ColumnMapping,
    intake: Intake,
    onProgress?: (done: number, total: number) => void,
  ): Promise<Survey>;
  /** Rejects a survey that goes on with CancelledError, and ends its worker, which would read on. */
  cancelSurvey(): void;
  /** What is wrong with the SQL of the intake, where rows have these columns before it; null where nothing is. */
  checkSql(columns: readonly string[], intake: Intake): Promise<SqlProblem | null>;
  /** All rows that the table has set aside for this reason. */
  setAsideCsv(files: readonly File[], mapping: ColumnMapping, intake: Intake, table: string, reason: string): Promise<Blob>;
  /** As {@link cancelSurvey}, for all else: what was still asked may never settle. May be called twice and when nothing is going on. */
  cancel(): void;
}

export function createIngestService(workers: WorkerFactory): IngestService {
  const look = ingestWorker(workers);
  // A survey reads all files, and is stopped with every change: what the user waits for must not share its worker.
  const surveyor = ingestWorker(workers);
  return {
    inspect: (file, forms, onProgress = () => {}) => look.call((api) => api.inspect(file, forms, proxy(onProgress))),
    propose: (previews, intake) => look.call((api) => api.propose(previews, intake)),
    survey: (files, mapping, intake, onProgress = () => {}) =>
      surveyor.call((api) => api.survey(files, mapping, intake, proxy(onProgress))),
    cancelSurvey: surveyor.end,
    checkSql: (columns, intake) => look.call((api) => api.checkSql(columns, intake)),
    setAsideCsv: (files, mapping, intake, table, reason) =>
      look.call((api) => api.setAsideCsv(files, mapping, intake, table, reason)),
    cancel: look.end,
  };
}

/** A worker that is started with its first call, and again after it was ended. */
function ingestWorker(workers: WorkerFactory) {
  let client: WorkerClient<IngestApi> | null = null;
  const start = (): WorkerClient<IngestApi> => {
    const started = connect<IngestApi>(workers.ingest(), 'ingest');
    started.onEnd(() => {
      if (client === started) client = null;
    });
    return started;
  };
  return {
    call<T>(use: (api: Remote<IngestApi>) => Promise<T>): Promise<T> {
      client ??= start();
      const watched = watch();
      watched.add(client);
      return Promise.race([use(client.api), watched.failed]).finally(watched.end);
    },
    end: (): void => client?.terminate(),
  };
}
