import { proxy, type Remote, transfer } from 'comlink';
import {
  type AnalysisResult,
  CancelledError,
  type ColumnMapping,
  embedDevice,
  type Progress,
  type Settings,
} from '../domain/index.ts';
import type { AnalysisApi, Connectable, IngestApi } from '../protocol/index.ts';
import type { EmbedService } from './embed.ts';
import { connect, type WorkerFactory } from './spawn.ts';

export interface RunInput {
  readonly files: readonly File[];
  readonly mapping: ColumnMapping;
  readonly settings: Settings;
}

export interface Run {
  readonly result: Promise<AnalysisResult>;
  /** Rejects `result` with CancelledError at once. */
  cancel(): void;
}

export interface AnalysisService {
  run(input: RunInput, onProgress: (p: Progress) => void): Run;
}

/**
 * Runs analyses. Each run has an analysis and an ingest worker of its own, ended with it: that frees the store's memory,
 * and makes Cancel immediate however busy the workers are (a busy worker hears no message). The model's worker lives on,
 * since loading it is slow, and stops at its next batch.
 */
export function createAnalysisService(workers: WorkerFactory, embed: EmbedService, allowSoftwareGpu: boolean): AnalysisService {
  return {
    run(input, onProgress) {
      const analysis = connect<AnalysisApi>(workers.analysis(), 'analysis');
      const ingest = connect<IngestApi>(workers.ingest(), 'ingest');
      const model = embed.use(embedDevice(input.settings.device));
      let open = true;
      const end = (): void => {
        open = false;
        analysis.terminate();
        ingest.terminate();
      };
      let abandon: (reason: Error) => void = () => {};
      const cancelled = new Promise<never>((_, reject) => {
        abandon = reject;
      });
      const start = async (): Promise<AnalysisResult> => {
        const ports = [await portTo(ingest.api), await portTo(model.api)] as const;
        const report = proxy((p: Progress) => open && onProgress(p));
        return analysis.api.run({ ...input, allowSoftwareGpu }, ...transferred(ports), report);
      };
      const result = Promise.race([start(), cancelled, analysis.died, ingest.died, model.died]).finally(end);
      return {
        result,
        cancel: () => {
          embed.cancel();
          abandon(new CancelledError());
        },
      };
    },
  };
}

/** One end of a channel whose other end the worker answers on. */
async function portTo(api: Remote<Connectable>): Promise<MessagePort> {
  const { port1, port2 } = new MessageChannel();
  await api.connect(transfer(port2, [port2]));
  return port1;
}

const transferred = ([a, b]: readonly [MessagePort, MessagePort]): [MessagePort, MessagePort] => [
  transfer(a, [a]),
  transfer(b, [b]),
];
