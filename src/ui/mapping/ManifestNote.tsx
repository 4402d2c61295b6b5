import { IconAlertCircle, IconCircleCheck, IconFileAlert } from '@tabler/icons-react';
import { useShallow } from 'zustand/react/shallow';
import { checkManifest, replayDifferences } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { Note } from '../common/Note.tsx';

/** With a recipe loaded: whether a run would replay it; files are compared by their sha256. */
export function ManifestNote() {
  const manifest = useApp((s) => s.manifest);
  const previews = useApp((s) => s.previews);
  const differences = useApp(useShallow((s) => (s.manifest ? replayDifferences(s.manifest, s) : [])));
  if (!manifest) return null;
  const check = checkManifest(manifest, previews);
  if (check.same && differences.length > 0) {
    return (
      <Note tone="caution" icon={IconAlertCircle} title="The files are those of the recipe, but not all else is">
        {differences.join(' ')} The result need not be the same.
      </Note>
    );
  }
  if (check.same) {
    return (
      <Note icon={IconCircleCheck}>Run manifest loaded, and the files are the same, byte for byte: Analyse replays the run.</Note>
    );
  }
  return (
    <Note tone="caution" icon={IconFileAlert} title="The files differ from those of the recipe">
      {[
        said(check.changed, 'has other content than then', 'have other content than then'),
        said(check.missing, 'is not loaded', 'are not loaded'),
        said(check.extra, 'was not part of the run', 'were not part of the run'),
      ]
        .concat(differences)
        .filter(Boolean)
        .join(' ')}{' '}
      The result will not be the same.
    </Note>
  );
}

const said = (names: readonly string[], one: string, many: string): string =>
  names.length === 0 ? '' : `${names.join(', ')} ${names.length === 1 ? one : many}.`;
