import { expose, proxy, transfer, wrap } from 'comlink';
import { type EventReader, NO_LANGUAGES, type OpenEmbedder } from '../src/domain/index.ts';
import { openTeam, webHelper } from '../src/engine/index.ts';
import { analyse, createSearcher, openCompute, type RunMemory } from '../src/pipeline/index.ts';
import {
  type AnalysisApi,
  buffersOf,
  cancellable,
  createCanceller,
  type EmbedApi,
  frameSender,
  type IngestApi,
  installErrorTransfer,
  type ModelLink,
  queryModels,
  remoteEmbedder,
} from '../src/protocol/index.ts';

installErrorTransfer();

/** More threads than this wait for memory more than they help. */
const MOST_THREADS = 4;

const startHelper = () =>
  webHelper(new Worker(new URL('./kernels.worker.ts', import.meta.url), { type: 'module', name: 'kernels' }));

const memory: RunMemory = { state: null };
const runs = createCanceller();
const searcher = createSearcher(memory);
/** Of all runs: a search goes before them. */
const kept = { memory, before: searcher.going };
const wrapModel = ({ port, options }: ModelLink) => ({ api: wrap<EmbedApi>(port), options });
const modelOf = queryModels(wrapModel, () => memory.state?.result.languages ?? NO_LANGUAGES);

const api: AnalysisApi = {
  run: ({ run, settings, recordedDevice, allowSoftwareGpu, ...task }, ingestPort, linkModel, onProgress, showLayout, showPart) =>
    runs.start(async (signal, unlessCancelled) => {
      const ingest = wrap<IngestApi>(ingestPort);
      const read: EventReader['read'] = (_, columns, intake, ctx) =>
        unlessCancelled(ingest.read(task.files, columns, intake, proxy(ctx.progress.bind(ctx))));
      const link = async () => wrapModel(await linkModel());
      const openEmbedder: OpenEmbedder = async (languages) => cancellable(remoteEmbedder(link, run, languages), unlessCancelled);
      const wanted = settings.device === 'auto' ? (recordedDevice ?? 'auto') : settings.device;
      const team = openTeam(Math.min(navigator.hardwareConcurrency, MOST_THREADS) - 1, startHelper);
      const compute = await openCompute(wanted, navigator.gpu, allowSoftwareGpu, team);
      const tell = (p: Parameters<typeof onProgress>[0]): void => void onProgress(p);
      const onLayout = frameSender(async (frame) => showLayout(transfer(frame, buffersOf(frame))));
      const onPart = (part: Parameters<typeof showPart>[0]): void => void showPart(part);
      const tools = { reader: { read }, openEmbedder, compute, onProgress: tell, onLayout, onPart, signal, ...kept };
      // The result is copied, not moved: the memory keeps it for a run that adds data.
      return await analyse({ ...task, settings }, tools).finally(() => compute.close());
    }),
  cancel: runs.cancel,
  async search(query, link) {
    const hits = await searcher.search(query, modelOf(link));
    return transfer(hits, buffersOf(hits));
  },
};

expose(api);
