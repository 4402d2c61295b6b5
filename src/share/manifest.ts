import {
  ALGORITHMS,
  type AnalysisResult,
  type AppError,
  BEHAVIOURS,
  type ColumnMapping,
  DEFAULT_SETTINGS,
  DTYPES,
  type Intake,
  inputError,
  LEVEL_LINKAGES,
  MANIFEST_VERSION,
  MODES,
  type RunManifest,
  type Settings,
  settingProblems,
  TIME_FORMATS,
} from '../domain/index.ts';
import { type Checks, conform, isListOf, isOneOf, isRecord, isTexts, Misfit } from './conform.ts';
import { readIntake } from './intake.ts';
import { json } from './tables.ts';

/** The recipe of a finished run; with the same files it gives the same result. */
export function manifestJson(result: AnalysisResult, appVersion: string): string {
  const manifest: RunManifest = {
    manifest: MANIFEST_VERSION,
    app: appVersion,
    files: (result.accounting.sources ?? result.accounting.files).map(({ name, sha256 }) => ({ name, sha256 })),
    mapping: inOrder(result.mapping),
    intake: result.intake,
    settings: result.settings,
    model: { id: result.model.id, dtype: result.model.dtype, device: result.model.device, sha256: result.model.sha256 },
    compute: { device: result.compute.device, adapter: result.compute.adapter },
  };
  return json(manifest);
}

/** One order of keys however the mapping came about, so that a replay writes the same file. */
function inOrder({ user, time, text, template, type, item, value, numbers, label, ...written }: ColumnMapping): ColumnMapping {
  const { timeFormat, timeOrigin } = written;
  return { user, time, text, template, type, item, value, numbers, label, timeFormat, timeOrigin };
}

/**
 * Reads a manifest and checks every key that a run is made from. Settings that are absent take their defaults, so that
 * an older manifest still loads; unknown or wrongly typed ones are refused by name.
 * @throws AppError input
 */
export function parseManifest(text: string): RunManifest {
  const value = parseJson(text);
  if (!isRecord(value)) throw malformed('it is not a JSON object');
  if (value.manifest !== MANIFEST_VERSION) {
    throw malformed(`its "manifest" version is ${JSON.stringify(value.manifest)} and this app reads version ${MANIFEST_VERSION}`);
  }
  try {
    return readManifest(value);
  } catch (cause) {
    throw cause instanceof Misfit ? malformed(cause.message) : cause;
  }
}

function readManifest(value: Record<string, unknown>): RunManifest {
  return {
    manifest: MANIFEST_VERSION,
    app: typeof value.app === 'string' ? value.app : '',
    files: readFiles(value.files),
    mapping: readMapping(value.mapping),
    intake: readIntake(value.intake),
    settings: readSettings(value.settings),
    model: readStrings(value.model, 'model', ['id', 'dtype', 'device', 'sha256']),
    compute: readStrings(value.compute, 'compute', ['device', 'adapter']),
  };
}

/**
 * An intake on its own, as a manifest holds it.
 * @throws AppError input
 */
export function parseIntake(text: string): Intake {
  try {
    return readIntake(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw inputError(
      'intake-shape',
      `This intake cannot be used: ${why}.`,
      'Write it as the "intake" of a manifest.json.',
      cause,
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw inputError(
      'manifest-json',
      'This file is not a run manifest: it is not valid JSON.',
      'Choose the .json file that "Run manifest" saved.',
      cause,
    );
  }
}

const malformed = (what: string): AppError =>
  inputError(
    'manifest-shape',
    `This run manifest cannot be used: ${what}.`,
    'Choose the .json file that "Run manifest" saved, unchanged.',
  );

function readFiles(value: unknown): RunManifest['files'] {
  const fits = (f: unknown): f is { name: string; sha256: string } =>
    isRecord(f) && typeof f.name === 'string' && typeof f.sha256 === 'string';
  if (!Array.isArray(value) || !value.every(fits)) throw malformed('"files" is not a list of names and sha256');
  return value.map(({ name, sha256 }) => ({ name, sha256 }));
}

function readMapping(value: unknown): ColumnMapping {
  if (!isRecord(value)) throw malformed('"mapping" is missing');
  const one = (key: string): string => {
    const v = value[key];
    if (typeof v !== 'string') throw malformed(`mapping.${key} is not a column name`);
    return v;
  };
  const optional = (key: string): string | null => (value[key] === null || value[key] === undefined ? null : one(key));
  const text = value.text;
  if (!Array.isArray(text) || text.length === 0 || !text.every((t) => typeof t === 'string'))
    throw malformed('mapping.text is not a list of column names');
  const { numbers = [] } = value;
  if (!Array.isArray(numbers) || !numbers.every((name) => typeof name === 'string'))
    throw malformed('mapping.numbers is not a list of column names');
  const timeFormat = TIME_FORMATS.find((f) => f === value.timeFormat);
  if (!timeFormat) throw malformed(`mapping.timeFormat is none of ${TIME_FORMATS.join(', ')}`);
  const rest = { type: optional('type'), item: optional('item'), value: optional('value'), label: optional('label') };
  const written = { timeFormat, timeOrigin: optional('timeOrigin') };
  return { user: one('user'), time: one('time'), text, template: optional('template'), ...rest, numbers, ...written };
}

function readSettings(value: unknown): Settings {
  if (!isRecord(value)) throw malformed('"settings" is missing');
  const settings = conform(
    DEFAULT_SETTINGS as unknown as Record<string, unknown>,
    value,
    'settings',
    CHECKS,
  ) as unknown as Settings;
  const [problem] = settingProblems(settings);
  if (problem) throw malformed(`settings.${problem.path}: ${problem.what} ${problem.hint.replace(/\.$/, '')}`);
  return settings;
}

/** Settings whose default does not show every type that they may have. Numbers are held to their bounds afterwards. */
const CHECKS: Checks = {
  'settings.k': (v) => v === 'auto' || typeof v === 'number',
  'settings.halfLifeDays': (v) => v === null || typeof v === 'number',
  'settings.typeWeights': (v) => isRecord(v) && Object.values(v).every((w) => typeof w === 'number'),
  'settings.device': (v) => v === 'auto' || v === 'cpu' || v === 'webgpu',
  'settings.mode': (v) => MODES.some((known) => known === v),
  'settings.algorithm': (v) => ALGORITHMS.some((known) => known === v),
  'settings.behaviour.features': (v) => isListOf(v, isOneOf(...BEHAVIOURS)),
  'settings.words.languages': (v) => v === 'auto' || isTexts(v),
  'settings.words.extra': isTexts,
  'settings.embedding.dtype': isOneOf('auto', ...DTYPES),
  'settings.embedding.device': isOneOf('auto', 'wasm', 'webgpu'),
  'settings.density.eps': (v) => v === 'auto' || typeof v === 'number',
  'settings.density.reassign': (v) => v === null || typeof v === 'number',
  'settings.density.selection': (v) => v === 'eom' || v === 'leaf',
  'settings.levels.linkage': (v) => LEVEL_LINKAGES.some((known) => known === v),
  'settings.levels.cut': (v) => v === 'count' || v === 'height',
  'settings.levels.cuts': (v) => Array.isArray(v) && v.every((at) => typeof at === 'number'),
};

function readStrings<K extends string>(value: unknown, name: string, keys: readonly K[]): Record<K, string> {
  if (!isRecord(value)) throw malformed(`"${name}" is missing`);
  return Object.fromEntries(keys.map((k) => [k, typeof value[k] === 'string' ? value[k] : ''])) as Record<K, string>;
}
