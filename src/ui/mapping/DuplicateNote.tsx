import { droppedFiles, duplicateFiles } from '../../domain/index.ts';
import { useApp } from '../app/store-context.tsx';
import { Note } from '../common/Note.tsx';

/** Files of the same content: each is read, so their events count more than once. */
export function DuplicateNote() {
  const groups = duplicateFiles(droppedFiles(useApp((s) => s.previews)));
  if (groups.length === 0) return null;
  return (
    <Note tone="caution" title="The same file is loaded more than once">
      {groups.map((names) => `${names.join(', ')} hold the same, byte for byte.`).join(' ')} Their events count that many times;
      remove what is one too many.
    </Note>
  );
}
