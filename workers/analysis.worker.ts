import { expose, proxy, transfer, wrap } from 'comlink';
import type { ColumnMapping, EventReader, JobContext } from '../src/domain/index.ts';
import { openTeam, webHelper } from '../src/engine/index.ts';
import { analyse, openCompute } from '../src/pipeline/index.ts';
import {
  type AnalysisApi,
  buffersOf,
  type EmbedApi,
  frameSender,
  type IngestApi,
  installErrorTransfer,
  remoteEmbedder,
} from '../src/protocol/index.ts';

installErrorTransfer();

const relay = (ctx: JobContext) => proxy(ctx.progress.bind(ctx));

/** More threads than this wait for memory more than they help. */
const MOST_THREADS = 4;

const startHelper = () =>
  webHelper(new Worker(new URL('./kernels.worker.ts', import.meta.url), { type: 'module', name: 'kernels' }));

const api: AnalysisApi = {
  async run(
    { run, files, mapping, settings, recordedDevice, allowSoftwareGpu },
    ingestPort,
    linkModel,
    onProgress,
    showLayout,
    showPart,
  ) {
    const ingest = wrap<IngestApi>(ingestPort);
    const reader: EventReader = { read: (_, columns: ColumnMapping, ctx) => ingest.read(files, columns, relay(ctx)) };
    const link = async (broke: string | null) => {
      const { port, options } = await linkModel(broke);
      return { api: wrap<EmbedApi>(port), options };
    };
    const embedder = remoteEmbedder(link, run);
    const wanted = settings.device === 'auto' ? (recordedDevice ?? 'auto') : settings.device;
    const team = openTeam(Math.min(navigator.hardwareConcurrency, MOST_THREADS) - 1, startHelper);
    const compute = await openCompute(wanted, navigator.gpu, allowSoftwareGpu, team);
    const tell = (p: Parameters<typeof onProgress>[0]): void => void onProgress(p);
    const onLayout = frameSender(async (frame) => showLayout(transfer(frame, buffersOf(frame))));
    const onPart = (part: Parameters<typeof showPart>[0]): void => void showPart(part);
    // Cancelling ends this worker, so there is no signal to hear.
    const signal = new AbortController().signal;
    const result = await analyse(
      { files, mapping, settings },
      { reader, embedder, compute, onProgress: tell, onLayout, onPart, signal },
    );
    return transfer(result, buffersOf(result));
  },
};

expose(api);
