import {
  type AnalysisResult,
  compareFiles,
  droppedFiles,
  duplicateFiles,
  type FilePreview,
  type RunManifest,
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
