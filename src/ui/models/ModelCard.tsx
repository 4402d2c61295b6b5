import { Button } from '@mantine/core';
import { useEffect } from 'react';
import type { ModelEntry } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { ErrorNotice } from '../common/ErrorNotice.tsx';
import { Fold } from '../common/Fold.tsx';
import { Note } from '../common/Note.tsx';
import { DropModel } from './DropModel.tsx';
import { HubDialog } from './HubDialog.tsx';
import { KeptVectors } from './KeptVectors.tsx';
import { LanguagesFound } from './LanguagesFound.tsx';
import { ModelChoice } from './ModelChoice.tsx';
import { ModelList } from './ModelList.tsx';
import classes from './Models.module.css';
import { ModelWorkNote } from './ModelWorkNote.tsx';
import { modelCaution, modelSummary, usualDtype } from './words.ts';

/** Which model turns the texts into vectors, and why; how to get another. What asks for a look is told without unfolding. */
export function ModelCard() {
  const wish = useApp((s) => s.settings.embedding);
  const { survey, going } = useApp((s) => s.survey);
  const { entries, advice, error, work } = useApp((s) => s.models);
  const { loadModels, dismissModelError } = useActions();
  useEffect(() => void loadModels(), [loadModels]);
  const languages = survey?.languages ?? null;
  const caution = modelCaution(wish, advice, entries, languages);
  return (
    <>
      <Fold title="Model" summary={modelSummary(wish, advice, entries, languages)} caution={caution !== null} busy={going}>
        <LanguagesFound languages={languages} />
        <ModelChoice />
        <h3 className={classes.heading}>Models</h3>
        <ModelList />
        <DropModel />
        <KeptVectors />
      </Fold>
      {(error || work || caution) && (
        <div className={classes.told}>
          {error && <ErrorNotice error={error} onClose={dismissModelError} />}
          {work && <ModelWorkNote work={work} />}
          {caution && (
            <Note tone="caution">
              {caution}
              <Better
                entries={advice && wish.model === 'auto' ? entries.filter(({ card }) => advice.better.includes(card.id)) : []}
              />
            </Note>
          )}
        </div>
      )}
      <HubDialog />
    </>
  );
}

/** The smallest of the models that would know more of the texts. */
function Better({ entries }: { entries: readonly ModelEntry[] }) {
  const { planDownload } = useActions();
  const size = ({ card }: ModelEntry): number => card.bytes[usualDtype(card)] ?? Number.POSITIVE_INFINITY;
  return (
    <div className={classes.better}>
      {entries
        .toSorted((a, b) => size(a) - size(b))
        .slice(0, 2)
        .map(({ card }) => (
          <Button key={card.id} variant="default" size="compact-xs" onClick={() => void planDownload(card.id, usualDtype(card))}>
            Get {card.name}…
          </Button>
        ))}
    </div>
  );
}
