import { resolve } from 'node:path';
import packageJson from '../../package.json';
import { ensureBuiltInModel } from '../build/model/index.ts';
import {
  type AnalysisResult,
  AppError,
  type ByteSource,
  type ColumnMapping,
  columnLooks,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  type EventReader,
  type FilePreview,
  type Intake,
  inputError,
  type MappingProposal,
  type Progress,
  type Question,
  questionsOf,
  type RunManifest,
  recordedModel,
  type Settings,
  type Survey,
  silentContext,
} from '../domain/index.ts';
import { measureLanguages } from '../embed/index.ts';
import {
  checkMapping,
  createEventReader,
  inspectFile,
  lazyDuckDb,
  openDuckDbInNode,
  proposeMapping,
  surveyFiles,
} from '../ingest/index.ts';
import { analyse, openCompute } from '../pipeline/index.ts';
import {
  accountingJson,
  assignmentsCsv,
  levelTables,
  manifestJson,
  parseIntake,
  parseManifest,
  sensitivityTable,
  tracksJson,
} from '../share/index.ts';
import { type Arguments, overrideMapping, overrideSettings, parseArguments, USAGE } from './arguments.ts';
import { checkFolder, openFiles, readText, writeFolder } from './files.ts';
import { findingCounts, findingWords } from './findings.ts';
import { formsFor, type GivenIntake, overrideIntake } from './intake-options.ts';
import { folderOfModel, type Models, openModels, withFolder } from './model.ts';
import { nodeGpu } from './node-gpu.ts';
import { nodeRunners } from './node-runners.ts';
import { openNodeTeam } from './node-team.ts';
import { fileNotes, replayNotes, typeNotes } from './notes.ts';
import { surveyWords } from './survey.ts';

/** `npm run analyze`: the pipeline of the page in Node; writes assignments.csv, tracks.json, accounting.json and manifest.json. */
export async function analyzeCommand(argv: readonly string[]): Promise<void> {
  const args = parseArguments(argv);
  if (args.help) return console.log(USAGE);
  const manifest = args.manifest === null ? null : await openManifest(args.manifest);
  const files = await openFiles(args.files);
  if (!args.survey) await checkFolder(args.out);
  const recorded = args.intake.base === null ? manifest?.intake : await openIntake(args.intake.base);
  const { previews, forms } = await inspectFiles(files, recorded ?? DEFAULT_INTAKE, args.intake);
  const said = overrideIntake({ ...(recorded ?? DEFAULT_INTAKE), forms }, args.intake);
  const { intake, proposal, notes: joined } = followProposal(said, args.intake, previews, recorded !== undefined);
  const { mapping, notes: doubts } = chooseMapping(args, manifest, proposal, previews, intake);
  checkMapping(previews, mapping, intake);
  const notes = [...joined, ...doubts];
  if (args.survey) return tellSurvey(await surveyed(files, mapping, intake), notes, args.json);
  const named = args.settings.embedding?.model;
  const folder = await folderOfModel(named);
  const settings = withFolder(overrideSettings(manifest?.settings ?? DEFAULT_SETTINGS, args.settings), folder);
  const root = resolve('.');
  await ensureBuiltInModel(root);
  const runners = nodeRunners(args.threads, folder && named ? [named] : []);
  const models = openModels({ root, settings, folder, recorded: recordedModel(manifest), runners });
  const tellTypes = (types: readonly string[]): void => {
    for (const note of typeNotes(args.settings.typeWeights ?? {}, types)) console.warn(note);
  };
  const result = await runPipeline(files, mapping, intake, settings, models, args.threads, tellTypes);
  await writeFolder(args.out, outputs(result));
  const replay = manifest ? replayNotes(manifest, result, packageJson.version) : [];
  for (const warning of [...fileNotes(previews, manifest), ...notes, ...replay, ...result.warnings]) console.warn(warning);
  console.log(args.json ? JSON.stringify(summary(result), null, 2) : report(result, args.out));
}

const surveyed = (files: readonly ByteSource[], mapping: ColumnMapping, intake: Intake): Promise<Survey> =>
  surveyFiles(files, mapping, intake, silentContext, lazyDuckDb(openDuckDbInNode), measureLanguages);

function tellSurvey(survey: Survey, notes: readonly string[], json: boolean): void {
  for (const note of notes) console.warn(note);
  console.log(json ? JSON.stringify(survey, null, 2) : surveyWords(survey));
}

async function openIntake(path: string): Promise<Intake> {
  return parseIntake(await readText(path));
}

/** Looks at the files, in the forms that are said of their tables. What a .zip holds is known after a first look only. */
async function inspectFiles(files: readonly ByteSource[], intake: Intake, given: GivenIntake) {
  let forms = formsFor(
    files.map(({ name }) => name),
    intake,
    given,
  );
  const previews: FilePreview[] = [];
  for (const file of files) {
    const found = await inspectFile(file, forms, silentContext);
    const inside = found.map(({ name }) => name).filter((name) => name !== file.name);
    forms = formsFor(inside, { ...intake, forms }, given);
    previews.push(...(inside.some((name) => forms[name]) ? await inspectFile(file, forms, silentContext) : found));
  }
  return { previews, forms };
}

/** What is proposed, where the command line says nothing of it; a join that nobody asked for is told. */
function followProposal(said: Intake, given: GivenIntake, previews: readonly FilePreview[], recorded: boolean) {
  const first = proposeMapping(previews, said);
  if (recorded) return { intake: said, proposal: first, notes: [] };
  if (given.join === null && first.join !== null) {
    const without = { ...said, leftOut: [...said.leftOut, first.join.join.table, ...first.join.leftOut] };
    return { intake: without, proposal: proposeMapping(previews, without), notes: [`${first.join.join.table} is left out.`] };
  }
  const intake = { ...said, ...(given.change.decimal === undefined ? { decimal: first.decimal } : {}) };
  if (first.join === null || given.join !== undefined) return { intake, proposal: first, notes: [] };
  const { join, leftOut, why } = first.join;
  const joined = { ...intake, join, leftOut: [...new Set([...intake.leftOut, ...leftOut])] };
  return { intake: joined, proposal: first, notes: [`${join.table} is joined (--no-join leaves it out): ${why}`] };
}

/** The manifest at a path; what is wrong with it is told with the path, since several files may be named at once. */
async function openManifest(path: string): Promise<RunManifest> {
  const text = await readText(path);
  try {
    return parseManifest(text);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw inputError(cause.code, `${path}: ${cause.message}`, 'Name a manifest.json that a run has written, unchanged.', cause);
  }
}

interface ChosenMapping {
  readonly mapping: ColumnMapping;
  /** Doubts about the choice, told once the run is done. */
  readonly notes: readonly string[];
}

/** Columns that the command line names go first, then those of the manifest, then those that look right. */
function chooseMapping(
  args: Arguments,
  manifest: RunManifest | null,
  proposal: MappingProposal,
  previews: readonly FilePreview[],
  intake: Intake,
): ChosenMapping {
  const proposed = manifest ? manifest.mapping : proposal.mapping;
  const notes = manifest || args.map ? [] : proposal.notes;
  const named = overrideMapping(proposed, args.map);
  const mapping = {
    ...named,
    ...(args.label === null ? {} : { label: args.label }),
    ...(args.template === null ? {} : { template: args.template }),
    ...(args.numbers === null ? {} : { numbers: args.numbers }),
  };
  const { user, time, text } = mapping;
  if (user === null || time === null || text.length === 0) throw noMapping(mapping, notes, previews);
  const looks = columnLooks(previews, intake);
  const found = args.map?.time ? looks.flatMap((p) => p.columns).find((c) => c.name === time)?.timeFormat : undefined;
  const timeFormat = args.intake.timeFormat ?? found ?? mapping.timeFormat;
  const chosen = { ...mapping, user, time, timeFormat, timeOrigin: args.intake.timeOrigin ?? mapping.timeOrigin };
  const [asked] = questionsOf(chosen, looks, args.intake.timeFormat !== null || (manifest !== null && found === undefined));
  if (asked) throw unanswered(asked);
  return { mapping: chosen, notes };
}

function unanswered({ kind, column, examples }: Question): AppError {
  const told = examples.join(', ');
  return kind === 'time-origin'
    ? inputError(
        kind,
        `"${column}" counts days (${told}) from a day that the files do not tell.`,
        'Say which date is day 0: --origin YYYY-MM-DD.',
      )
    : inputError(
        kind,
        `The dates of "${column}" (${told}) do not tell day first from month first.`,
        'Say it: --time-format dmy or --time-format mdy.',
      );
}

/** `notes` say why nothing fitted; where the command line named some columns they would speak of those too. */
function noMapping(mapping: MappingProposal['mapping'], notes: readonly string[], previews: readonly FilePreview[]): AppError {
  const missing = [mapping.user ? '' : 'user', mapping.time ? '' : 'time', mapping.text.length > 0 ? '' : 'text'].filter(Boolean);
  const told = notes.length > 0 ? notes.join(' ') : `There is no column that could be the ${missing.join(' or the ')}.`;
  const option = missing.map((role) => `${role}=COL`).join(',');
  return inputError('no-mapping', told, `If there is one, name it: --map ${option}. ${listColumns(previews)}`);
}

const listColumns = (previews: readonly FilePreview[]): string =>
  previews
    .map((p) => `${p.name} has the columns ${p.header.slice(0, 30).join(', ')}${p.header.length > 30 ? ', ...' : ''}.`)
    .join(' ');

async function runPipeline(
  files: readonly ByteSource[],
  mapping: ColumnMapping,
  intake: Intake,
  settings: Settings,
  models: Models,
  threads: number | null,
  onTypes: (types: readonly string[]) => void,
): Promise<AnalysisResult> {
  const reader = tellingTypes(createEventReader({ openDuckDb: openDuckDbInNode }), onTypes);
  const compute = await openCompute(
    settings.device === 'auto' ? 'cpu' : settings.device,
    await nodeGpu(settings.device),
    allowSoftware(),
    openNodeTeam(threads),
  );
  try {
    const signal = new AbortController().signal;
    return await analyse(
      { files, mapping, intake, settings },
      { reader, openEmbedder: models.open, compute, onProgress: tellProgress(), signal },
    );
  } finally {
    compute.close();
    await models.dispose();
  }
}

/** Tells the types of the events as soon as they are read: what is wrong with them should not wait for the end of a long run. */
const tellingTypes = (reader: EventReader, tell: (types: readonly string[]) => void): EventReader => ({
  async read(...args) {
    const found = await reader.read(...args);
    tell(found.events.types);
    return found;
  },
});

/** For tests only: a software adapter is slower than the CPU. */
const allowSoftware = (): boolean => process.env.MURMURATION_SOFTWARE_GPU === '1';

/** One line a stage on a terminal; nothing in a pipe. */
function tellProgress(): (p: Progress) => void {
  let last = '';
  return ({ stage, done, total, note }) => {
    if (!process.stderr.isTTY) return;
    const percent = total > 0 ? Math.floor((100 * done) / total) : 0;
    const line = `${stage.padEnd(9)} ${String(percent).padStart(3)} %  ${note ?? ''}`;
    if (line === last) return;
    process.stderr.write(`${last.startsWith(stage) || last === '' ? '\r\u001b[K' : '\n'}${line}`);
    last = line;
  };
}

const outputs = (result: AnalysisResult): Record<string, string> => ({
  'assignments.csv': assignmentsCsv(result),
  'tracks.json': tracksJson(result),
  'accounting.json': accountingJson(result),
  'manifest.json': manifestJson(result, packageJson.version),
});

function summary(result: AnalysisResult) {
  const {
    accounting,
    windows,
    segments,
    tracks,
    events,
    users,
    explainedVariance,
    agreement,
    distinctTexts,
    model,
    compute,
    timings,
    warnings,
  } = result;
  return {
    files: accounting.files.map(({ name, read, kept }) => ({ name, read, kept })),
    users: users.length,
    distinctTexts,
    windows: windows.length,
    profiles: windows.reduce((n, w) => n + w.profiles, 0),
    segments: segments.length,
    tracks: tracks.length,
    events: events.length,
    levels: levelTables(result).map(({ groups }) => groups.map(({ name }) => name)),
    findings: findingCounts(result),
    kChoices: result.kChoices,
    sensitivity: sensitivityTable(result),
    explainedVariance,
    agreement,
    model,
    compute,
    timings,
    maxMemoryMB: Math.round(process.resourceUsage().maxRSS / 1024),
    cpuSeconds: cpuSeconds(),
    warnings,
  };
}

/** Of this process so far; beside the wall time it tells a slow program from a busy machine. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1e4) / 100;
}

function report(result: AnalysisResult, folder: string): string {
  const s = summary(result);
  const rows = s.files.map((f) => `${f.name}: ${f.read} rows read, ${f.kept} kept, ${f.read - f.kept} set aside`);
  const found = `${s.users} users, ${s.windows} windows, ${s.segments} segments in ${s.tracks} tracks, ${s.events} events`;
  return [
    ...rows,
    found,
    findingWords(s.findings),
    `Written to ${folder}: assignments.csv, tracks.json, accounting.json, manifest.json`,
  ].join('\n');
}
