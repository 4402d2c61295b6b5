import { Button } from '@mantine/core';
import { IconFileAlert } from '@tabler/icons-react';
import { useState } from 'react';
import { checkManifest, checkResumable } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Note } from '../common/Note.tsx';

/** While a run waits to go on: which of its files are still missing. Files are compared by their sha256. */
export function ResumeNote() {
  const run = useApp((s) => s.unfinished);
  const previews = useApp((s) => s.previews);
  const [hidden, hide] = useState<string | null>(null);
  if (run === null || run.id === hidden) return null;
  const onClose = (): void => hide(run.id);
  const { changed, missing, extra } = checkManifest(run.recipe, previews);
  const names = run.recipe.files.map(({ name }) => name).join(', ');
  if (checkResumable(run, previews) === 'none') {
    return (
      <Note tone="caution" icon={IconFileAlert} title="Not the files of the interrupted run" onClose={onClose}>
        {changed.length > 0
          ? `${changed.join(', ')} ${changed.length === 1 ? 'has' : 'have'} other content than then.`
          : `That was the analysis of ${names}.`}{' '}
        Analyse starts a new run; the other is kept until its files are here. <Forget />
      </Note>
    );
  }
  const waits = [
    changed.length + missing.length > 0 ? `It still needs ${[...missing, ...changed].join(', ')}, byte for byte as then.` : '',
    extra.length > 0 ? `${extra.join(', ')} ${extra.length === 1 ? 'was' : 'were'} not part of it.` : '',
  ];
  if (waits.every((words) => words === '')) return null;
  return (
    <Note icon={IconFileAlert} title="The interrupted run goes on once its files are loaded" onClose={onClose}>
      {waits.filter(Boolean).join(' ')} <Forget />
    </Note>
  );
}

/** Apart from closing the note, which only takes it out of the way. */
function Forget() {
  const { forgetUnfinished } = useActions();
  return (
    <Button variant="default" size="compact-xs" onClick={forgetUnfinished}>
      Forget it
    </Button>
  );
}
