import type { Intake, ModelEntry, RecordedModel, RunManifest, Settings } from '../domain/index.ts';
import type { MappingDraft } from './mapping.ts';
import type { Environment } from './services.ts';

/** What a run would be made with now. */
export interface RunConditions {
  readonly mapping: MappingDraft;
  readonly intake: Intake;
  readonly settings: Settings;
  /** Null while it is not known yet: then nothing is said of the device. */
  readonly environment: Environment | null;
  /** None while they are not known yet: then nothing is said of the model. */
  readonly models: { readonly entries: readonly ModelEntry[] };
  /** Of the app. */
  readonly version: string;
}

/** What would keep a run from being the one that the manifest records, its files aside; a sentence each. */
export function replayDifferences(manifest: RunManifest, now: RunConditions): string[] {
  const device = deviceOf(now.settings, now.environment, recordedDevice(manifest));
  const then = manifest.compute.device;
  return [
    sameValue(manifest.mapping, now.mapping) ? '' : 'The columns are not mapped as in the recipe.',
    sameValue(manifest.intake, now.intake) ? '' : 'The files are not read and cleaned as in the recipe.',
    sameValue(manifest.settings, now.settings) ? '' : 'The settings are not those of the recipe.',
    device === null || then === '' || then === device
      ? ''
      : `The run was computed on ${nameOf(then)}; here it would be ${nameOf(device)}, and sums round otherwise.`,
    modelDifference(manifest.model, now),
    manifest.app === now.version ? '' : `The run was made by Murmuration ${manifest.app}; this is ${now.version}.`,
  ].filter(Boolean);
}

/** The device of the recorded run; null where it had none of its own, as after a fall-back. */
export function recordedDevice(manifest: { readonly compute: { readonly device: string } } | null): 'cpu' | 'webgpu' | null {
  const device = manifest?.compute.device;
  return device === 'cpu' || device === 'webgpu' ? device : null;
}

/** Another choice of the settings is told with them; here, that the model is not here, or not in the form or file that it had. */
function modelDifference(
  { id, dtype, sha256 }: RecordedModel,
  { settings: { embedding }, models: { entries } }: RunConditions,
): string {
  if (id === '' || entries.length === 0 || (embedding.model !== 'auto' && embedding.model !== id)) return '';
  const entry = entries.find(({ card, place }) => card.id === id && place !== 'hub');
  if (!entry) return `The run was embedded with ${nameOfModel(id, entries)}, which is not here: add it under "Model" first.`;
  if (dtype === '' || entry.card.kind === 'lexical') return '';
  if (!entry.dtypes.some((known) => known === dtype)) {
    return `The run was embedded with ${entry.card.name} as ${dtype}; here it is as ${entry.dtypes.join(', ')}, whose vectors are others.`;
  }
  return sha256 === '' || mayHold(entry, sha256)
    ? ''
    : `The run was embedded with another file of ${entry.card.name} (sha256 ${sha256.slice(0, 10)}…) than the one that is here.`;
}

/** Of a model that is served with the page no hashes are known beforehand, and of one with its weights in several files not that of all. */
const mayHold = ({ files }: ModelEntry, sha256: string): boolean =>
  files.length === 0 || files.some((file) => file.sha256 === sha256 || /\.onnx(_data.*|\.data)$/.test(file.path));

const nameOfModel = (id: string, entries: readonly ModelEntry[]): string =>
  entries.find(({ card }) => card.id === id)?.card.name ?? id;

/**
 * The device that a run would take, 'auto' being led by the recorded one, and by a probe that is still to come (null) where there is none;
 * a software adapter is never taken.
 */
function deviceOf({ device }: Settings, environment: Environment | null, recorded: 'cpu' | 'webgpu' | null) {
  if (environment === null) return null;
  if (environment.webgpu === null || environment.software) return 'cpu';
  return device === 'auto' ? recorded : device;
}

const nameOf = (device: string): string => device.replace(/webgpu/, 'the GPU').replace(/cpu/, 'the CPU');

/** Equal by value: plain data, the order of keys aside. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return left.size === right.size && [...left].every(([key, value]) => right.has(key) && sameValue(value, right.get(key)));
}
