import {
  type AnalysisResult,
  compareFiles,
  droppedFiles,
  duplicateFiles,
  type FilePreview,
  type RunManifest,
  type Settings,
} from '../domain/index.ts';

/** Doubts about the files, in the user's words: those that are there twice, and those that the manifest does not name. */
export function fileNotes(previews: readonly FilePreview[], manifest: RunManifest | null): string[] {
  const files = droppedFiles(previews);
  const twice = duplicateFiles(files).map(
    (names) => `${names.join(' and ')} have the same content; their events count ${names.length} times.`,
  );
  if (manifest === null) return twice;
  const { changed, missing, extra } = compareFiles(manifest, files);
  return [
    ...changed.map((name) => `${name} has changed since the manifest's run.`),
    ...missing.map((name) => `${name} of the manifest is not among the files.`),
    ...extra.map((name) => `${name} is not a file of the manifest's run.`),
    ...twice,
  ];
}

/** At most this many types are named: a column that was taken for types by mistake may hold thousands. */
const MOST_NAMED = 20;

/**
 * Types that --type-weight names and that no event is of.
 * @param types those of the events; none where there is no column of types
 */
export function typeNotes(weights: Settings['typeWeights'], types: readonly string[]): string[] {
  const unknown = Object.keys(weights).filter((type) => !types.includes(type));
  if (unknown.length === 0) return [];
  const more = types.length > MOST_NAMED ? ` and ${types.length - MOST_NAMED} more` : '';
  const there =
    types.length > 0
      ? `The types there are: ${types.slice(0, MOST_NAMED).join(', ')}${more}.`
      : 'No column tells types of events; --map type=COL names one.';
  return [
    `--type-weight: no event is of type ${unknown.map((type) => `"${type}"`).join(', ')}, so that weight does nothing. ${there}`,
  ];
}

/** Why a run need not give what the manifest's run gave, beside its files and settings. Results are identical per kind of device. */
export function replayNotes(manifest: RunManifest, { compute, model }: AnalysisResult, version: string): string[] {
  const sameForm = manifest.model.id === model.id && manifest.model.dtype === model.dtype;
  const pairs: readonly (readonly [what: string, then: string, now: string])[] = [
    ['was made with version', manifest.app, version],
    ['computed on', manifest.compute.device, compute.device],
    ['used the model', manifest.model.id, model.id],
    ['used the model in the form', manifest.model.dtype, model.dtype],
    ['ran the model on', manifest.model.device, model.device],
    ...(sameForm ? [['used a model file with the sha256', manifest.model.sha256, model.sha256] as const] : []),
  ];
  return pairs
    .filter(([, then, now]) => then !== '' && then !== now)
    .map(([what, then, now]) => `The manifest's run ${what} ${then}, this one ${now}: the results may differ.`);
}
