import { Button, Table } from '@mantine/core';
import { useState } from 'react';
import type { ModelEntry } from '../../domain/index.ts';
import { isBusy } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import classes from './Models.module.css';
import { allLanguages, languageWords, placeWords, sizeWords, usualDtype } from './words.ts';

/** All models that are known: what they know, how large they are, where they lie. */
export function ModelList() {
  const { entries } = useApp((s) => s.models);
  return (
    <Table.ScrollContainer minWidth={620}>
      <Table className={classes.list} verticalSpacing={5} horizontalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th>Languages</Table.Th>
            <Table.Th>Licence</Table.Th>
            <Table.Th>Size</Table.Th>
            <Table.Th>Where</Table.Th>
            <Table.Th aria-label="What can be done" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <ModelRow key={`${entry.place} ${entry.card.id}`} entry={entry} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const ModelRow = ({ entry }: { entry: ModelEntry }) => (
  <Table.Tr>
    <Table.Td>
      <span title={entry.card.id}>{entry.card.name}</span>
    </Table.Td>
    <Table.Td className={classes.whole} title={entry.card.languages === null ? undefined : allLanguages(entry.card.languages)}>
      {languageWords(entry.card)}
    </Table.Td>
    <Table.Td className={classes.whole}>{entry.card.kind === 'lexical' ? '–' : (entry.card.licence ?? 'not told')}</Table.Td>
    <Table.Td>{sizeWords(entry)}</Table.Td>
    <Table.Td className={classes.whole}>{placeWords(entry)}</Table.Td>
    <Table.Td className={classes.act}>
      {entry.place === 'hub' && <GetButton entry={entry} />}
      {entry.place === 'stored' && <RemoveButton entry={entry} />}
    </Table.Td>
  </Table.Tr>
);

function GetButton({ entry: { card } }: { entry: ModelEntry }) {
  const working = useApp((s) => s.models.work !== null);
  const { planDownload } = useActions();
  return (
    <Button
      variant="default"
      size="compact-xs"
      disabled={working}
      aria-label={`Get ${card.name}…`}
      onClick={() => void planDownload(card.id, usualDtype(card))}
    >
      Get…
    </Button>
  );
}

/** Asks in place: what was dropped may be hard to find again. */
function RemoveButton({ entry: { card } }: { entry: ModelEntry }) {
  const [asking, setAsking] = useState(false);
  const busy = useApp((s) => isBusy(s.job) || s.models.work !== null);
  const { removeModel } = useActions();
  if (!asking) {
    return (
      <Button
        variant="subtle"
        size="compact-xs"
        disabled={busy}
        aria-label={`Remove ${card.name}`}
        onClick={() => setAsking(true)}
      >
        Remove
      </Button>
    );
  }
  return (
    <span className={classes.ask}>
      From this browser?
      <Button size="compact-xs" color="red" variant="light" disabled={busy} autoFocus onClick={() => void removeModel(card.id)}>
        Remove
      </Button>
      <Button size="compact-xs" variant="subtle" onClick={() => setAsking(false)}>
        Keep
      </Button>
    </span>
  );
}
