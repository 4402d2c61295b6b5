import { proxy, type Remote, transfer } from 'comlink';
import {
  type AnalysisResult,
  CancelledError,
  type ColumnMapping,
  embedDevice,
  isCancelled,
  type LayoutFrame,
  type Progress,
  type ResultPart,
  type Settings,
  toAppError,
} from '../domain/index.ts';
import type { AnalysisApi, Connectable, EmbedOptions, IngestApi, LinkModel } from '../protocol/index.ts';
import type { EmbedService, Model } from './embed.ts';
import { connect, type Watch, type WorkerFactory, watch } from './spawn.ts';

export interface RunInput {
  readonly files: readonly File[];
  readonly mapping: ColumnMapping;
  readonly settings: Settings;
  readonly recordedDevice: 'cpu' | 'webgpu' | null;
}

export interface Run {
  readonly result: Promise<AnalysisResult>;
  /** Rejects `result` with CancelledError at once. */
  cancel(): void;
}

export interface AnalysisService {
  /** `onLayout` is told of the map while it forms, a few times a second; each frame is its own. `onPart` before the end of what is known. */
  run(
    input: RunInput,
    onProgress: (p: Progress) => void,
    onLayout?: (frame: LayoutFrame) => void,
    onPart?: (part: ResultPart) => void,
  ): Run;
}

/**
 * Runs analyses. Each run has an analysis and an ingest worker of its own, ended with it: that frees the store's memory,
 * and makes Cancel immediate however busy the workers are (a busy worker hears no message). The model's worker lives on,
 * since loading it is slow, and stops at its next batch.
 */
export function createAnalysisService(workers: WorkerFactory, embed: EmbedService, allowSoftwareGpu: boolean): AnalysisService {
  let lastRun = 0;
  return {
    run(input, onProgress, onLayout, onPart) {
      const run = ++lastRun;
      const analysis = connect<AnalysisApi>(workers.analysis(), 'analysis');
      const ingest = connect<IngestApi>(workers.ingest(), 'ingest');
      const watched = watch();
      watched.add(analysis);
      watched.add(ingest);
      const model = modelOf(embed, embedDevice(input.settings.device), watched);
      let open = true;
      const start = async (): Promise<AnalysisResult> => {
        await model.start();
        const port = await portTo(ingest.api);
        const report = proxy((p: Progress) => open && onProgress(p));
        const show = proxy((frame: LayoutFrame) => void (open && onLayout?.(frame)));
        const tell = proxy((part: ResultPart) => void (open && onPart?.(part)));
        const task = { ...input, run, allowSoftwareGpu };
        return analysis.api.run(task, transfer(port, [port]), proxy(model.link), report, show, tell);
      };
      const end = (): void => {
        open = false;
        watched.end();
        analysis.terminate();
        ingest.terminate();
      };
      const result = Promise.race([start(), watched.failed]).catch(dropIfSuspect(embed)).finally(end);
      return {
        result,
        cancel: () => {
          embed.cancel(run);
          watched.fail(new CancelledError());
        },
      };
    },
  };
}

/** The model as one run sees it: the run ends with the worker, unless the run itself asks for another. */
function modelOf(embed: EmbedService, device: EmbedOptions['device'], watched: Watch) {
  let model: Model | null = null;
  let unwatch: () => void = () => {};
  const take = (next: Model): void => {
    model = next;
    unwatch = watched.add(next.client);
  };
  const start = async (): Promise<void> => take(await embed.use(device));
  const link: LinkModel = async (broke) => {
    if (model === null) throw new Error('a run links to its model after the start');
    if (broke !== null) {
      unwatch();
      take(embed.replace(model, broke));
    }
    const port = await portTo(model.client.api);
    return transfer({ port, options: model.options }, [port]);
  };
  return { start, link };
}

/**
 * After trouble that is not the user's the model's worker may be what is broken; a failed load stays failed in it. So the next
 * try gets a new one.
 */
const dropIfSuspect =
  (embed: EmbedService) =>
  (error: unknown): never => {
    if (!isCancelled(error) && toAppError(error).kind !== 'input') embed.drop();
    throw error;
  };

/** One end of a channel whose other end the worker answers on. */
async function portTo(api: Remote<Connectable>): Promise<MessagePort> {
  const { port1, port2 } = new MessageChannel();
  await api.connect(transfer(port2, [port2]));
  return port1;
}
