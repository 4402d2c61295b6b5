import {
  type AnalysisResult,
  type ByteSource,
  type ColumnMapping,
  type ComputeInfo,
  createContext,
  type EventReader,
  type EventTable,
  type JobContext,
  type KChoice,
  type LayoutFrame,
  type ProfileTable,
  type Progress,
  portion,
  type ResultPart,
  type Sensitivity,
  type Settings,
  type Stage,
  type TextEmbedder,
  type TimeWindow,
  UNMEASURED,
  UNTRIED,
  untold,
} from '../domain/index.ts';
import { detectLanguageNote } from '../embed/index.ts';
import { buildProfiles, dropMuted, makeWindows, poolVectors, type Rarity, rarityOf } from '../profile/index.ts';
import { softMembership } from '../track/index.ts';
import { labelAgreement } from './agreement.ts';
import {
  checkEnough,
  checkEvents,
  checkSettings,
  deviceNote,
  fewUsersNote,
  noiseNote,
  smallWindowsNote,
  windowNote,
} from './checks.ts';
import type { OpenedCompute } from './compute.ts';
import { measureCurves, measureKStability } from './curves.ts';
import { describeDensity } from './density.ts';
import { measureChanges, measureMovements, measureQuality } from './drift.ts';
import { layOut } from './layout.ts';
import { segmentBy } from './modes.ts';
import { measureSensitivity } from './sensitivity.ts';
import { openSpace } from './space.ts';
import { spanOf } from './span.ts';
import { summarise } from './summarise.ts';
import { measureSurvivors } from './survivors.ts';
import { trackWindows } from './track.ts';
import { measureTrust } from './trust.ts';

export interface AnalysisTask {
  readonly files: readonly ByteSource[];
  readonly mapping: ColumnMapping;
  readonly settings: Settings;
}

/** What differs between a worker and Node. */
export interface AnalysisTools {
  readonly reader: EventReader;
  readonly embedder: TextEmbedder;
  readonly compute: OpenedCompute;
  readonly onProgress: (p: Progress) => void;
  /** Told of the map a few times a second while it forms; each frame is the receiver's own. */
  readonly onLayout?: (frame: LayoutFrame) => void;
  /** Told of the result before its trust is measured, and of the trust as it becomes known. */
  readonly onPart?: (part: ResultPart) => void;
  readonly signal: AbortSignal;
}

/**
 * The main job: files to segments followed through time. Stages run one after the other; each tells its progress and
 * stops with CancelledError at its next checkpoint once `signal` is aborted.
 * @throws AppError
 */
export async function analyse(task: AnalysisTask, tools: AnalysisTools): Promise<AnalysisResult> {
  const { settings, mapping } = task;
  checkSettings(settings);
  const timings: Record<string, number> = {};
  const stage = stageRunner(tools, timings);

  const { events: read, accounting } = await stage('read', (ctx) => tools.reader.read(task.files, mapping, ctx));
  const events = dropMuted(read, settings);
  checkEvents(events);
  const { windows, profiles, rarity } = await stage('profiles', (ctx) => profile(events, settings, ctx));
  checkEnough(events, windows, profiles, settings);
  const { model, texts, vectors } = await stage('embed', (ctx) => embed(events, profiles, tools.embedder, ctx));
  const { compute } = tools.compute;
  const space = await stage('reduce', (ctx) => openSpace(vectors, profiles, windows.length, { settings, compute, ctx }));
  const segmentation = await stage('segment', async (ctx) => {
    const task = { settings, compute, ctx: portion(ctx, 0, 0.95) };
    const found = await segmentBy[settings.mode](space, profiles, windows, task);
    return measureCurves({ profiles, space, segmentation: found, ctx: portion(ctx, 0.95, 1) });
  });
  const { tracked, explained, membership } = await stage('track', async (ctx) => {
    const found = await trackWindows({ profiles, windows, segmentation, settings, ctx: portion(ctx, 0, 0.2) });
    const tracked = await measureSurvivors({ profiles, windows, space, tracked: found, ctx: untold(ctx) });
    const task = { events, profiles, windows, segmentation, tracked, texts, settings };
    const explained = await summarise({ ...task, ctx: portion(ctx, 0.2, 0.9) });
    const membership = await softMembership(
      {
        ...{ window: profiles.window, segments: tracked.segments, settings: settings.membership },
        vectors: await space.common(Uint32Array.from(profiles.window.keys()), untold(ctx)),
      },
      portion(ctx, 0.9, 1),
    );
    return { tracked, explained, membership };
  });
  const { quality, changes, movements } = await stage('drift', async (ctx) => {
    const task = { profiles, windows, space, segmentation, tracked, settings };
    const quality = await measureQuality({ ...task, ctx: portion(ctx, 0, 0.1) });
    const changes = await measureChanges({ ...task, ctx: untold(ctx) }, events.users.length);
    return { quality, changes, movements: await measureMovements({ ...task, ctx: portion(ctx, 0.1, 1) }) };
  });
  const { onLayout } = tools;
  const positions = await stage('map', (ctx) => layOut(space.all, profiles, { settings, compute, onLayout, ctx }));

  const density = describeDensity(profiles, segmentation, tracked.firstOf);
  const warnings = [
    detectLanguageNote(events.texts),
    windowNote(windows),
    smallWindowsNote(segmentation, settings),
    fewUsersNote(explained.segments),
    noiseNote(density, explained.windows),
    deviceNote(settings, tools.compute.info),
    tools.compute.fellBack(),
  ];
  const result: AnalysisResult = {
    settings,
    mapping,
    accounting,
    users: events.users,
    ...explained,
    trust: UNMEASURED,
    sensitivity: UNTRIED,
    movements,
    changes,
    membership,
    quality,
    density,
    profiles: { ...explained.profiles, ...splitAxes(positions.data) },
    agreement: labelAgreement(profiles, segmentation.numberOf, windows.length, events.labels),
    dims: space.all.cols,
    explainedVariance: space.explainedVariance,
    distinctTexts: events.texts.length,
    model,
    compute: ranOn(tools.compute.info, tools.compute.fellBack()),
    warnings: warnings.filter((w): w is string => Boolean(w)),
    timings,
  };
  tools.onPart?.({ kind: 'result', result });
  const trust = await stage('trust', (ctx) =>
    measureTrust({
      ...{ events, texts, profiles, windows, space, rarity, segmentation, tracked, settings, compute, ctx },
      onPartial: (partial) => tools.onPart?.({ kind: 'trust', trust: partial }),
    }),
  );
  // Partial trust is told seldom: what comes next may be stopped, and would leave it short of its last re-fits.
  tools.onPart?.({ kind: 'trust', trust });
  const { kChoices, sensitivity } = await stage('sensitivity', async (ctx) => {
    const task = { events, texts, profiles, windows, space, segmentation, tracked, settings, compute };
    const tellChoices = (kChoices: readonly KChoice[]): void => tools.onPart?.({ kind: 'choices', kChoices });
    const kChoices = await measureKStability({ ...task, ctx: portion(ctx, 0, 0.4) }, result.kChoices, tellChoices);
    // Without look-ahead nothing may be compared with the windows after.
    if (!settings.sensitivity || !settings.lookAhead) return { kChoices, sensitivity: UNTRIED };
    const onPartial = (sensitivity: Sensitivity): void => tools.onPart?.({ kind: 'sensitivity', sensitivity });
    return { kChoices, sensitivity: await measureSensitivity({ ...task, ctx: portion(ctx, 0.4, 1), onPartial }) };
  });
  return { ...result, trust, kChoices, sensitivity, compute: ranOn(tools.compute.info, tools.compute.fellBack()) };
}

/** After a fall-back the results are those of neither device alone, and the manifest must not name one. */
const ranOn = (info: ComputeInfo, fellBack: string | null): ComputeInfo =>
  fellBack !== null ? { ...info, device: `${info.device}, then cpu`, note: fellBack } : info;

/** Runs a stage with a context of its own, and times it; the last report of a stage is always "all done". */
function stageRunner({ onProgress, signal }: AnalysisTools, timings: Record<string, number>) {
  return async <T>(name: Stage, work: (ctx: JobContext) => Promise<T>): Promise<T> => {
    const start = performance.now();
    const ctx = createContext(name, onProgress, signal);
    ctx.progress(0, 1);
    await ctx.checkpoint();
    const result = await work(ctx);
    ctx.progress(1, 1);
    timings[name] = (timings[name] ?? 0) + performance.now() - start;
    return result;
  };
}

async function profile(
  events: EventTable,
  settings: Settings,
  ctx: JobContext,
): Promise<{ windows: readonly TimeWindow[]; profiles: ProfileTable; rarity: Rarity | null }> {
  const { first, last } = spanOf(events.time);
  const windows = makeWindows(settings.windows, settings.timeZone, first, last);
  const rarity = rarityOf(events, settings);
  const profiles = await buildProfiles(events, windows, settings, ctx, rarity);
  return { windows, profiles, rarity };
}

/** `texts`: distinct texts x dims; `vectors`: profiles x dims, unit rows. */
async function embed(events: EventTable, profiles: ProfileTable, embedder: TextEmbedder, ctx: JobContext) {
  const texts = await embedder.embed(events.texts, portion(ctx, 0, 0.95));
  // Only now: the device may have been given up for another during the work.
  const model = await embedder.describe();
  return { model, texts, vectors: await poolVectors(profiles, texts, portion(ctx, 0.95, 1)) };
}

function splitAxes(data: Float32Array): { x: Float32Array; y: Float32Array } {
  const count = data.length / 2;
  return {
    x: Float32Array.from({ length: count }, (_, i) => data[2 * i] as number),
    y: Float32Array.from({ length: count }, (_, i) => data[2 * i + 1] as number),
  };
}
