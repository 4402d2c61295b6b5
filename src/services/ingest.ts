import { proxy } from 'comlink';
import type { FilePreview, MappingProposal } from '../domain/index.ts';
import type { IngestApi } from '../protocol/index.ts';
import { connect, type WorkerClient, type WorkerFactory, watch } from './spawn.ts';

/** Looks at files before an analysis. */
export interface IngestService {
  inspect(file: File, onProgress?: (done: number, total: number) => void): Promise<FilePreview>;
  propose(previews: readonly FilePreview[]): Promise<MappingProposal>;
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
    inspect: (file, onProgress = () => {}) => call(({ api }) => api.inspect(file, proxy(onProgress))),
    propose: (previews) => call(({ api }) => api.propose(previews)),
    cancel: () => client?.terminate(),
  };
}
