import { Button } from '@mantine/core';
import { useActions, useApp } from '../app/store-context.tsx';
import classes from './Models.module.css';
import { keptWords } from './words.ts';

/** What earlier runs left, so that the same texts are not embedded twice. */
export function KeptVectors() {
  const kept = useApp((s) => s.models.kept);
  const { clearKept } = useActions();
  return (
    <div className={classes.kept}>
      <span>
        <b>Kept vectors of texts: {keptWords(kept)}.</b> With them a second run of the same texts embeds nothing. The texts
        themselves are not kept.
      </span>
      {kept.length > 0 && (
        <Button variant="subtle" size="compact-xs" onClick={() => void clearKept()}>
          Forget them
        </Button>
      )}
    </div>
  );
}
