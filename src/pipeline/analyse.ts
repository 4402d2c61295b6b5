import {
  type AnalysisResult,
  type ByteSource,
  type ColumnMapping,
  type ComputeInfo,
  createContext,
  createMatrix,
  type EmbeddedTexts,
  type EventReader,
  type EventTable,
  type Intake,
  type JobContext,
  type KChoice,
  type LayoutFrame,
  type Matrix,
  makeWindows,
  NOTHING_EMBEDDED,
  type OpenEmbedder,
  type ProfileTable,
  type Progress,
  portion,
  type ResultPart,
  rowOf,
  type Sensitivity,
  type Settings,
  type Stage,
  type TextEmbedder,
  type TimeWindow,
  UNMEASURED,
  UNTRIED,
  untold,
} from '../domain/index.ts';
import { languageNote } from '../embed/index.ts';
import { buildProfiles, dropMuted, poolVectors, rarityOf, thawRarity } from '../profile/index.ts';
import { softMembership } from '../track/index.ts';
import { labelAgreement } from './agreement.ts';
import { type Behaviour, openBehaviour, summariseBehaviour, withBehaviour } from './behaviour.ts';
import {
  checkEnough,
  checkEvents,
  checkSettings,
  cutNote,
  deviceNote,
  emptyNote,
  fewUsersNote,
  hardlyApartNote,
  noiseNote,
  smallWindowsNote,
  windowNote,
} from './checks.ts';
import type { OpenedCompute } from './compute.ts';
import { measureCurves, measureKStability } from './curves.ts';
import { describeDensity } from './density.ts';
import { measureDrift } from './drift.ts';
import { keptPositions } from './kept-positions.ts';
import { corpusOf, languagesOf } from './languages.ts';
import { layOut } from './layout.ts';
import { layOutOnto } from './layout-onto.ts';
import {
  appendedOf,
  appendNote,
  keptNames,
  planReuse,
  type Reuse,
  type RunMemory,
  type RunState,
  sameModel,
  stateOf,
} from './memory.ts';
import { segmentBy } from './modes.ts';
import { printWindows } from './prints.ts';
import { measureSensitivity } from './sensitivity.ts';
import { openSpace, type Space } from './space.ts';
import { spanOf } from './span.ts';
import { type SummaryTask, summarise } from './summarise.ts';
import { measureSurvivors } from './survivors.ts';
import { trackWindows } from './track.ts';
import { measureTrust, type TrustTask } from './trust.ts';

export interface AnalysisTask {
  readonly files: readonly ByteSource[];
  readonly mapping: ColumnMapping;
  readonly intake: Intake;
  readonly settings: Settings;
  /** `files` are those of the run in `memory` and more: what they do not touch stays. */
  readonly append?: boolean;
}

/** What differs between a worker and Node. */
export interface AnalysisTools {
  readonly reader: EventReader;
  readonly openEmbedder: OpenEmbedder;
  readonly compute: OpenedCompute;
  readonly onProgress: (p: Progress) => void;
  /** Told of the map a few times a second while it forms; each frame is the receiver's own. */
  readonly onLayout?: (frame: LayoutFrame) => void;
  /** Told of the result before its trust is measured, and of the trust as it becomes known. */
  readonly onPart?: (part: ResultPart) => void;
  readonly signal: AbortSignal;
  /** Asked at every checkpoint: work that goes first, which may wait for other threads; null where there is none. */
  readonly before?: () => Promise<unknown> | null;
  /** Where the run leaves what one that adds data takes up; nothing is left without it. */
  readonly memory?: RunMemory;
}

/**
 * The main job: files to segments followed through time. Stages run one after the other; each tells its progress and
 * stops with CancelledError at its next checkpoint once `signal` is aborted.
 * @throws AppError
 */
export const analyse = (task: AnalysisTask, tools: AnalysisTools): Promise<AnalysisResult> => analyseFrom(task, tools, null);

/** @param whole Why nothing of the run before is taken over, where that is known already. */
async function analyseFrom(task: AnalysisTask, tools: AnalysisTools, whole: string | null): Promise<AnalysisResult> {
  const { settings, mapping } = task;
  checkSettings(settings);
  const timings: Record<string, number> = {};
  const stage = stageRunner(tools, timings);

  const { events: read, accounting } = await stage('read', (ctx) => tools.reader.read(task.files, mapping, task.intake, ctx));
  const events = dropMuted(read, settings);
  checkEvents(events);
  const { first, last } = spanOf(events.time);
  const windows = makeWindows(settings.windows, settings.timeZone, first, last);
  const before = task.append && whole === null ? (tools.memory?.state ?? null) : null;
  const languages = await languagesOf(events, windows, settings, before);
  const embedder = await tools.openEmbedder(languages);
  const { profiles, rarity, behaviour, plan, prints } = await stage('profiles', (ctx) =>
    profile(events, windows, task, tools, embedder, whole, ctx),
  );
  const { reuse } = plan;
  if (before && !reuse && JSON.stringify(languages) !== JSON.stringify(await languagesOf(events, windows, settings, null))) {
    // The model was chosen by the languages of a run that nothing is taken over from.
    return analyseFrom(task, tools, plan.whole);
  }
  checkEnough(events, windows, profiles, settings);
  const corpus = corpusOf(events, settings, reuse?.state ?? null);
  const { model, texts, vectors, report } = await stage('embed', (ctx) =>
    embed(events, profiles, behaviour, embedder, { reuse, corpus }, ctx),
  );
  // The device of the model broke: half of the vectors would be of another.
  if (reuse && !sameModel(reuse.state.result.model, model)) {
    return analyseFrom(task, tools, 'The model changed its device on the way, and vectors of two devices do not mix.');
  }
  const { compute } = tools.compute;
  const space = await stage('reduce', (ctx) => openSpace(vectors, profiles, windows.length, { settings, compute, reuse, ctx }));
  const segmentation = await stage('segment', async (ctx) => {
    const task = { settings, compute, reuse, ctx: portion(ctx, 0, 0.95) };
    const found = await segmentBy[settings.mode](space, profiles, windows, task);
    return measureCurves({ profiles, space, segmentation: found, ctx: portion(ctx, 0.95, 1) });
  });
  const { tracked, explained, membership } = await stage('track', (ctx) =>
    followSegments({
      ...{ events, profiles, windows, space, segmentation, texts, settings, languages, ctx },
      names: keptNames(reuse, settings),
    }),
  );
  const { quality, changes, movements, bandwidth } = await stage('drift', (ctx) =>
    measureDrift({ profiles, windows, space, segmentation, tracked, settings, reuse, ctx }, events.users.length),
  );
  const { onLayout } = tools;
  const positions = await stage('map', async (ctx) => {
    const task = { settings, compute, onLayout, ctx };
    if (settings.lookAhead && !reuse) return layOut(space.all, profiles, task);
    const vectors = await space.common(allOf(profiles), untold(ctx));
    return layOutOnto(keptPositions(reuse, profiles), vectors, profiles, task);
  });

  const density = describeDensity(profiles, segmentation, tracked.firstOf);
  const warnings = [
    languageNote(model, languages),
    cutNote(report),
    emptyNote(report),
    windowNote(windows),
    smallWindowsNote(segmentation, settings),
    fewUsersNote(explained.segments),
    noiseNote(density, explained.windows),
    hardlyApartNote(quality, density),
    deviceNote(settings, tools.compute.info),
    tools.compute.fellBack(),
    appendNote(reuse, settings),
  ];
  const result: AnalysisResult = {
    settings,
    mapping,
    intake: task.intake,
    accounting,
    users: events.users,
    ...explained,
    trust: UNMEASURED,
    sensitivity: UNTRIED,
    movements,
    changes,
    membership,
    quality,
    behaviour: behaviour && summariseBehaviour(behaviour, explained.profiles, explained.segments.length),
    density,
    profiles: { ...explained.profiles, ...splitAxes(positions.data) },
    agreement: labelAgreement(profiles, segmentation.numberOf, windows.length, events.labels),
    dims: space.all.cols,
    explainedVariance: space.explainedVariance,
    distinctTexts: events.texts.length,
    model,
    embedding: report,
    languages,
    compute: ranOn(tools.compute.info, tools.compute.fellBack()),
    appended: appendedOf(plan, report.texts - report.cached),
    warnings: warnings.filter((w): w is string => Boolean(w)),
    timings,
  };
  const made = { events, texts, profiles, windows, space, rarity, behaviour, segmentation, tracked, settings, compute, reuse };
  return measureAfter(result, made, { prints, bandwidth, corpus }, tools, stage);
}

/** Tracks, the changes of what goes on, words, levels, and the mixture of interests of every profile. */
async function followSegments({ space, ctx, ...task }: Omit<SummaryTask, 'tracked'> & { readonly space: Space }) {
  const { profiles, windows, segmentation, settings } = task;
  const found = await trackWindows({ profiles, windows, segmentation, settings, ctx: portion(ctx, 0, 0.2) });
  const tracked = await measureSurvivors({ profiles, windows, space, tracked: found, ctx: untold(ctx) });
  const explained = await summarise({ ...task, tracked, ctx: portion(ctx, 0.2, 0.9) });
  const vectors = await space.common(allOf(profiles), untold(ctx));
  const mixed = { vectors, window: profiles.window, segments: tracked.segments, settings: settings.membership };
  return { tracked, explained, membership: await softMembership(mixed, portion(ctx, 0.9, 1)) };
}

const allOf = ({ count }: ProfileTable): Uint32Array => Uint32Array.from({ length: count }, (_, p) => p);

/** What the result was made of. */
type Made = Omit<TrustTask, 'ctx' | 'onPartial'> & { readonly reuse: Reuse | null };

/** Trust and sensitivity, told as they become known, of a result that stands already. */
async function measureAfter(
  result: AnalysisResult,
  made: Made,
  kept: Pick<RunState, 'prints' | 'bandwidth' | 'corpus'>,
  tools: AnalysisTools,
  stage: ReturnType<typeof stageRunner>,
): Promise<AnalysisResult> {
  const { settings } = made;
  const remember = (told: AnalysisResult, refits: RunState['refits']): void => {
    if (tools.memory) tools.memory.state = stateOf(told, refits, { ...made, ...kept });
  };
  const device = (): ComputeInfo => ranOn(tools.compute.info, tools.compute.fellBack());
  // From here on the result stands, also where the measuring of its trust is stopped.
  remember(result, new Map());
  tools.onPart?.({ kind: 'result', result });
  const { trust, refits } = await stage('trust', (ctx) =>
    measureTrust({ ...made, ctx, onPartial: (partial) => tools.onPart?.({ kind: 'trust', trust: partial }) }),
  );
  // Partial trust is told seldom: what comes next may be stopped, and would leave it short of its last re-fits.
  tools.onPart?.({ kind: 'trust', trust });
  const trusted = { ...result, trust, compute: device() };
  remember(trusted, refits);
  const { kChoices, sensitivity } = await stage('sensitivity', async (ctx) => {
    const tellChoices = (kChoices: readonly KChoice[]): void => tools.onPart?.({ kind: 'choices', kChoices });
    const kChoices = await measureKStability({ ...made, ctx: portion(ctx, 0, 0.4) }, result.kChoices, tellChoices);
    // Without look-ahead nothing may be compared with the windows after.
    if (!settings.sensitivity || !settings.lookAhead) return { kChoices, sensitivity: UNTRIED };
    const onPartial = (sensitivity: Sensitivity): void => tools.onPart?.({ kind: 'sensitivity', sensitivity });
    // Other choices are made from nothing: the fits that an appended run keeps are those of its own.
    const { reuse: _, ...alone } = made;
    return { kChoices, sensitivity: await measureSensitivity({ ...alone, ctx: portion(ctx, 0.4, 1), onPartial }) };
  });
  const finished = { ...trusted, kChoices, sensitivity, compute: device() };
  remember(finished, refits);
  return finished;
}

/** After a fall-back the results are those of neither device alone, and the manifest must not name one. */
const ranOn = (info: ComputeInfo, fellBack: string | null): ComputeInfo =>
  fellBack !== null ? { ...info, device: `${info.device}, then cpu`, note: fellBack } : info;

/** Runs a stage with a context of its own, and times it; the last report of a stage is always "all done". */
function stageRunner({ onProgress, signal, before }: AnalysisTools, timings: Record<string, number>) {
  return async <T>(name: Stage, work: (ctx: JobContext) => Promise<T>): Promise<T> => {
    const start = performance.now();
    const ctx = behind(createContext(name, onProgress, signal), before);
    ctx.progress(0, 1);
    await ctx.checkpoint();
    const result = await work(ctx);
    ctx.progress(1, 1);
    timings[name] = (timings[name] ?? 0) + performance.now() - start;
    return result;
  };
}

const behind = (ctx: JobContext, before: AnalysisTools['before']): JobContext => ({
  progress: ctx.progress,
  async checkpoint() {
    await ctx.checkpoint();
    const work = before?.();
    if (work) await work;
  },
});

async function profile(
  events: EventTable,
  windows: readonly TimeWindow[],
  task: AnalysisTask,
  tools: AnalysisTools,
  embedder: TextEmbedder,
  whole: string | null,
  ctx: JobContext,
) {
  const { settings, mapping, append } = task;
  const prints = tools.memory ? await printWindows(events, windows, untold(ctx)) : [];
  const now = { settings, mapping, intake: task.intake, info: tools.compute.info, embedder };
  const plan = append && whole === null ? await planReuse(tools.memory?.state ?? null, prints, now) : { reuse: null, whole };
  const frozen = plan.reuse?.state.rarity;
  const rarity = frozen ? thawRarity(frozen, events.texts) : rarityOf(events, settings);
  const profiles = await buildProfiles(events, windows, settings, portion(ctx, 0, 0.9), rarity);
  const measured = { events, windows, profiles, settings };
  const behaviour = await openBehaviour(measured, mapping.value, plan.reuse, portion(ctx, 0.9, 1));
  return { prints, plan, rarity, profiles, behaviour };
}

const NONE_EMBEDDED: EmbeddedTexts = { vectors: createMatrix(0, 0), report: NOTHING_EMBEDDED };

/**
 * `texts`: distinct texts x dims; `vectors`: profiles x dims, unit rows, with the features of behaviour joined to them where they weigh. Texts of
 * the run before keep their vectors; those of `report` were new.
 */
async function embed(
  events: EventTable,
  profiles: ProfileTable,
  behaviour: Behaviour | null,
  embedder: TextEmbedder,
  { reuse, corpus }: { readonly reuse: Reuse | null; readonly corpus: readonly string[] },
  ctx: JobContext,
) {
  const rowOfText = new Map(reuse?.state.texts.map((text, row) => [text, row]));
  const fresh = events.texts.filter((text) => !rowOfText.has(text));
  const found = fresh.length > 0 ? await embedder.embed(fresh, portion(ctx, 0, 0.95), unlessSame(fresh, corpus)) : NONE_EMBEDDED;
  // Only now: the device may have been given up for another during the work.
  const model = await embedder.describe();
  const { report } = found;
  const texts = reuse ? joined(events.texts, rowOfText, reuse.state.vectors, found.vectors) : found.vectors;
  const pooled = await poolVectors(profiles, texts, portion(ctx, 0.95, 1));
  return { model, texts, report, vectors: await withBehaviour(pooled, profiles, behaviour, untold(ctx)) };
}

/** A corpus that is the texts themselves is what an embedder takes by default, and need not be sent. */
const unlessSame = (texts: readonly string[], corpus: readonly string[]): readonly string[] | undefined =>
  texts.length === corpus.length && texts.every((text, i) => text === corpus[i]) ? undefined : corpus;

/** The vectors of all texts in order: known ones from where they were, the others from `fresh`, in order. */
function joined(texts: readonly string[], rowOfText: ReadonlyMap<string, number>, known: Matrix, fresh: Matrix): Matrix {
  const out = createMatrix(texts.length, known.cols);
  let next = 0;
  for (const [i, text] of texts.entries()) {
    const row = rowOfText.get(text);
    out.data.set(row === undefined ? rowOf(fresh, next++) : rowOf(known, row), i * out.cols);
  }
  return out;
}

function splitAxes(data: Float32Array): { x: Float32Array; y: Float32Array } {
  const count = data.length / 2;
  return {
    x: Float32Array.from({ length: count }, (_, i) => data[2 * i] as number),
    y: Float32Array.from({ length: count }, (_, i) => data[2 * i + 1] as number),
  };
}
