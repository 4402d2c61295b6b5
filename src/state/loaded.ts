import type { Loaded } from './app-state.ts';

/** A file dropped again under its name takes the place of the former one. */
export function merge(old: Loaded, added: Loaded): Loaded {
  const kept = without(old, ...added.files.map((file) => file.name));
  return { files: [...kept.files, ...added.files], previews: [...kept.previews, ...added.previews] };
}

export const without = ({ files, previews }: Loaded, ...names: string[]): Loaded => ({
  files: files.filter(({ name }) => !names.includes(name)),
  previews: previews.filter(({ file }) => !names.includes(file)),
});

export const byteCount = (files: readonly File[]): number => files.reduce((sum, file) => sum + file.size, 0);
