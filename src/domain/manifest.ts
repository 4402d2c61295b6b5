import type { ColumnMapping } from './event.ts';
import type { Intake } from './intake.ts';
import type { Settings } from './settings.ts';

export const MANIFEST_VERSION = 1;

/** The recipe of a run: with the same files it gives the same result (promise P2). */
export interface RunManifest {
  readonly manifest: typeof MANIFEST_VERSION;
  /** Version of Murmuration that made it. */
  readonly app: string;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  readonly mapping: ColumnMapping;
  readonly intake: Intake;
  readonly settings: Settings;
  readonly model: RecordedModel;
  /** What the engine ran on; results are identical per device kind. */
  readonly compute: { readonly device: string; readonly adapter: string };
}

/** The model of a run; `sha256` of its file, '' where it is not known. */
export interface RecordedModel {
  readonly id: string;
  readonly dtype: string;
  readonly device: string;
  readonly sha256: string;
}

/** The model of the recorded run, which 'auto' then takes; null where it is not known. */
export function recordedModel(manifest: { readonly model: RecordedModel } | null): RecordedModel | null {
  if (manifest === null || manifest.model.id === '') return null;
  const { id, dtype, device, sha256 } = manifest.model;
  return { id, dtype, device, sha256 };
}

interface NamedFile {
  readonly name: string;
  readonly sha256: string;
}

/** How the files at hand compare with those that a manifest names, by content; names are for the message only. */
export interface FileComparison {
  /** Every file of the manifest is there as often as it was, unchanged, and no other. */
  readonly same: boolean;
  /** Named by the manifest; a file of that name is there with other content. */
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

/** The files that tables lie in: a .zip once for all of its tables, a file that was given twice as often. */
export function droppedFiles(
  tables: readonly { readonly name: string; readonly file: string; readonly sha256: string }[],
): NamedFile[] {
  const first = new Map<string, string>();
  const isFirst = ({ name, file, sha256 }: (typeof tables)[number]): boolean => {
    const key = `${sha256} ${file}`;
    if (!first.has(key)) first.set(key, name);
    return first.get(key) === name;
  };
  return tables.filter(isFirst).map(({ file, sha256 }) => ({ name: file, sha256 }));
}

/** A file that is given twice counts twice: its events do. Order does not matter. */
export function compareFiles(manifest: RunManifest, files: readonly NamedFile[]): FileComparison {
  const lost = without(manifest.files, files);
  const other = without(files, manifest.files);
  const changed = lost.filter((f) => other.some(({ name }) => name === f.name)).map(({ name }) => name);
  const unchanged = ({ name }: NamedFile): boolean => !changed.includes(name);
  const names = (list: readonly NamedFile[]): string[] => list.filter(unchanged).map(({ name }) => name);
  return { same: lost.length === 0 && other.length === 0, changed, missing: names(lost), extra: names(other) };
}

/** The files of `a` that are left when each file of `b` has taken away one of its content. */
function without<F extends NamedFile>(a: readonly F[], b: readonly NamedFile[]): F[] {
  const taken = new Map<string, number>();
  for (const { sha256 } of b) taken.set(sha256, (taken.get(sha256) ?? 0) + 1);
  return a.filter(({ sha256 }) => {
    const left = taken.get(sha256) ?? 0;
    taken.set(sha256, left - 1);
    return left <= 0;
  });
}

/** Names of files with the same content, group by group in the order of their first; empty where all differ. */
export function duplicateFiles(files: readonly NamedFile[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const { name, sha256 } of files) groups.set(sha256, [...(groups.get(sha256) ?? []), name]);
  return [...groups.values()].filter((names) => names.length > 1);
}
