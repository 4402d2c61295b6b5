import { proxy, transfer } from 'comlink';
import {
  type AnalysisResult,
  CancelledError,
  type ColumnMapping,
  type Intake,
  isCancelled,
  type LayoutFrame,
  modelWish,
  type Progress,
  pinnedModel,
  type RecordedModel,
  type ResultPart,
  type SearchHits,
  type Settings,
  toAppError,
} from '../domain/index.ts';
import type { AnalysisApi, EmbedOptions, IngestApi, LinkModel } from '../protocol/index.ts';
import type { EmbedService, Model } from './embed.ts';
import { portTo } from './port.ts';
import { createSearch } from './search.ts';
import { connect, type Watch, type WorkerClient, type WorkerFactory, watch, within } from './spawn.ts';

export interface RunInput {
  readonly files: readonly File[];
  readonly mapping: ColumnMapping;
  readonly intake: Intake;
  readonly settings: Settings;
  /** The files are those of the last finished run and more: what that run left is taken up, where it is still there. */
  readonly append?: boolean;
  readonly recordedDevice: 'cpu' | 'webgpu' | null;
  readonly recordedModel?: RecordedModel | null;
}

export interface Run {
  readonly result: Promise<AnalysisResult>;
  /** Rejects `result` with CancelledError at once. */
  cancel(): void;
  /** Holds back what the run embeds from the next batch on, or lets it go on. */
  pause(paused: boolean): void;
}

export interface AnalysisService {
  /** `onLayout` is told of the map while it forms, a few times a second; each frame is its own. `onPart` before the end of what is known. */
  run(
    input: RunInput,
    onProgress: (p: Progress) => void,
    onLayout?: (frame: LayoutFrame) => void,
    onPart?: (part: ResultPart) => void,
  ): Run;
  /**
   * What is near to a query in the last result that was told, while its trust is measured too; without words it makes ready for the next. The
   * model's worker is started again where it has ended.
   * @throws AppError ability where what the result was made of is no longer there; CancelledError where its worker is ended meanwhile
   */
  search(query: string): Promise<SearchHits>;
}

/** A worker that adds data and does not answer a cancel within this many milliseconds is ended, and with it what the run before left. */
const PATIENCE_MS = 1000;

/**
 * Runs analyses. Each run has an ingest worker of its own, ended with it, which frees the store's memory. An analysis worker is
 * ended by Cancel, which is immediate however busy it is (a busy worker hears no message), and by the next run. Once it has told a result it
 * holds what a run that adds data takes up: such a run goes on in that worker, and what is cancelled from then on is so by a message, which the
 * worker outlives.
 * The model's worker lives on, since loading it is slow, and stops at its next batch.
 */
export function createAnalysisService(
  workers: WorkerFactory,
  embed: EmbedService,
  allowSoftwareGpu: boolean,
  patienceMs = PATIENCE_MS,
  trial = true,
): AnalysisService {
  let lastRun = 0;
  let kept: WorkerClient<AnalysisApi> | null = null;
  /** While a cancelled run comes to its end in a worker that is kept. */
  let stopping: Promise<void> | null = null;
  const untold = new Set<number>();
  const search = createSearch(embed, () => untold.size > 0);

  const take = (append: boolean): WorkerClient<AnalysisApi> => {
    if (append && kept) return kept;
    kept?.terminate();
    return connect<AnalysisApi>(workers.analysis(), 'analysis');
  };
  const stopped = (client: WorkerClient<AnalysisApi>): Promise<void> => {
    const ended: Promise<void> = within(client.api.cancel(), patienceMs)
      .catch(() => client.terminate())
      .finally(() => {
        if (stopping === ended) stopping = null;
      });
    return ended;
  };
  const keep = (client: WorkerClient<AnalysisApi>): void => {
    kept = client;
    client.onEnd(() => {
      if (kept === client) kept = null;
    });
  };
  return {
    search: search.search,
    run(input, onProgress, onLayout, onPart) {
      const run = ++lastRun;
      const append = input.append ?? false;
      let analysis: WorkerClient<AnalysisApi> | null = null;
      // The worker holds a result: it outlives a cancel.
      let lasting = false;
      const takeWorker = (): WorkerClient<AnalysisApi> => {
        analysis = take(append);
        lasting = analysis === kept;
        watched.add(analysis);
        return analysis;
      };
      const ingest = connect<IngestApi>(workers.ingest(), 'ingest');
      const watched = watch();
      watched.add(ingest);
      const model = modelOf(
        embed,
        {
          ...pinnedModel(modelWish(input.settings), input.recordedModel ?? null),
          words: input.settings.words,
          allowSoftwareGpu,
          ...(trial ? {} : { trial }),
        },
        watched,
      );
      let open = true;
      untold.add(run);
      const told = ({ model: info }: AnalysisResult): void => {
        untold.delete(run);
        if (analysis) search.show(analysis, model.current(), info);
      };
      const start = async (): Promise<AnalysisResult> => {
        // A worker that does not end what was cancelled is ended: then it is not there any more to be taken.
        if (stopping) await stopping;
        if (!open) throw new CancelledError();
        const client = takeWorker();
        await model.start();
        const port = await portTo(ingest.api);
        if (!open) throw new CancelledError();
        const report = proxy((p: Progress) => open && onProgress(p));
        const show = proxy((frame: LayoutFrame) => void (open && onLayout?.(frame)));
        const tell = proxy((part: ResultPart) => {
          if (!open) return;
          lasting ||= part.kind === 'result';
          if (part.kind === 'result') told(part.result);
          onPart?.(part);
        });
        const task = { ...input, recordedModel: input.recordedModel ?? null, append, run, allowSoftwareGpu };
        return client.api.run(task, transfer(port, [port]), proxy(model.link), report, show, tell);
      };
      const end = (): void => {
        open = false;
        untold.delete(run);
        watched.end();
        ingest.terminate();
      };
      const finish = (result: AnalysisResult): AnalysisResult => {
        if (analysis && kept !== analysis) keep(analysis);
        told(result);
        return result;
      };
      const giveUp = (error: unknown): never => {
        if (!lasting || !(isCancelled(error) || toAppError(error).kind === 'input')) analysis?.terminate();
        else if (analysis && kept !== analysis) keep(analysis);
        throw error;
      };
      const result = Promise.race([start(), watched.failed]).then(finish, giveUp).catch(dropIfSuspect(embed)).finally(end);
      return {
        result,
        pause: (paused) => embed.pause(run, paused),
        cancel: () => {
          embed.cancel(run);
          const client = analysis;
          if (client && lasting && open) stopping = stopped(client);
          watched.fail(new CancelledError());
        },
      };
    },
  };
}

/** The model as one run sees it: the run ends with the worker. */
function modelOf(embed: EmbedService, wish: EmbedOptions, watched: Watch) {
  let model: Model | null = null;
  const start = async (): Promise<void> => {
    model = await embed.use(wish);
    watched.add(model.client);
  };
  const link: LinkModel = async () => {
    if (model === null) throw new Error('a run links to its model after the start');
    const port = await portTo(model.client.api);
    return transfer({ port, options: model.options }, [port]);
  };
  return { start, link, current: () => model };
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
