import { proxy } from 'comlink';
import type { FilePreview, Intake, MappingProposal } from '../domain/index.ts';
import type { IngestApi } from '../protocol/index.ts';
import { connect, type WorkerClient, type WorkerFactory, watch } from './spawn.ts';

/** Looks at files before an analysis. */
export interface IngestService {
  inspect(file: File, forms: Intake['forms'], onProgress?: (done: number, total: number) => void): Promise<FilePreview[]>;
  propose(previews: readonly FilePreview[], intake: Intake): Promise<MappingProposal>;
  /** Rejects what is under way with CancelledError, and ends its worker, which would read on. */
  cancel(): void;
}

export function createIngestService(workers: WorkerFactory): IngestService {
  let client: WorkerClient<IngestApi> | null = null;
  const start = (): WorkerClient<IngestApi> => {
    const started = connect<IngestApi>(workers.ingest(), 'ingest');
    started.onEnd(() => {
      if (client === started) client = null;
    });
    return started;
  };
  const call = <T>(use: (client: WorkerClient<IngestApi>) => Promise<T>): Promise<T> => {
    client ??= start();
    const watched = watch();
    watched.add(client);
    return Promise.race([use(client), watched.failed]).finally(watched.end);
  };
  return {
    inspect: (file, forms, onProgress = () => {}) => call(({ api }) => api.inspect(file, forms, proxy(onProgress))),
    propose: (previews, intake) => call(({ api }) => api.propose(previews, intake)),
    cancel: () => client?.terminate(),
  };
}
