/** Endings of the files that are read, for choosers; what a file is, its content tells. */
export const TABLE_EXTENSIONS = [
  '.csv',
  '.tsv',
  '.tab',
  '.txt',
  '.psv',
  '.dat',
  '.json',
  '.jsonl',
  '.ndjson',
  '.parquet',
  '.arrow',
  '.arrows',
  '.feather',
  '.ipc',
  '.xlsx',
  '.gz',
  '.zip',
] as const;

/** What computers put beside the files of a folder or an archive: Finder's metadata, hidden files. */
export const isHiddenPath = (path: string): boolean =>
  path.split('/').some((part) => (part.startsWith('.') && part !== '.' && part !== '..') || SYSTEM_FILES.has(part));

const SYSTEM_FILES: ReadonlySet<string> = new Set(['__MACOSX', 'Thumbs.db', 'desktop.ini', 'Icon\r']);

const NOTE =
  /(^|\/)(readme|licen[cs]e|copying|notice|changelog|citation)(\.[a-z]+)?$|\.(md|rst|html?|xml|ya?ml|py|r|sql|ipynb|css|js)$/i;

/** By its name a note or a program, as they lie beside the tables of a published data set. */
export const isNoteName = (path: string): boolean => NOTE.test(path);

/** Of a folder's files those that may be tables by their names, or all where none is: what they are is then told. */
export function tablesAmong<F extends { readonly name: string }>(files: readonly F[]): F[] {
  const shown = files.filter(({ name }) => !isHiddenPath(name));
  const named = shown.filter(({ name }) => !isNoteName(name) && TABLE_EXTENSIONS.some((end) => name.toLowerCase().endsWith(end)));
  return named.length > 0 ? named : shown;
}
