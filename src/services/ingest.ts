import { proxy } from 'comlink';
import type { FilePreview, MappingProposal } from '../domain/index.ts';
import type { IngestApi } from '../protocol/index.ts';
import { connect, type WorkerClient, type WorkerFactory } from './spawn.ts';

/** Looks at files before an analysis. */
export interface IngestService {
  inspect(file: File, onProgress?: (done: number, total: number) => void): Promise<FilePreview>;
  propose(previews: readonly FilePreview[]): Promise<MappingProposal>;
  /** Ends the worker; what it was still asked may never settle. The next call starts a new one. */
  cancel(): void;
}

export function createIngestService(workers: WorkerFactory): IngestService {
  let client: WorkerClient<IngestApi> | null = null;
  const call = async <T>(use: (client: WorkerClient<IngestApi>) => Promise<T>): Promise<T> => {
    client ??= connect<IngestApi>(workers.ingest(), 'ingest');
    const current = client;
    const dropped = current.died.catch((error) => {
      current.terminate();
      if (client === current) client = null;
      throw error;
    });
    return Promise.race([use(current), dropped]);
  };
  return {
    inspect: (file, onProgress = () => {}) => call(({ api }) => api.inspect(file, proxy(onProgress))),
    propose: (previews) => call(({ api }) => api.propose(previews)),
    cancel() {
      client?.terminate();
      client = null;
    },
  };
}
