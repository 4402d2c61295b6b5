import { VisuallyHidden } from '@mantine/core';
import { IconQuote, IconUser } from '@tabler/icons-react';
import { Fragment, useEffect, useRef } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { useApp } from '../app/store-context.tsx';
import { ErrorNotice } from '../common/ErrorNotice.tsx';
import { decimal } from '../common/format.ts';
import { Swatch } from '../common/Swatch.tsx';
import classes from './Search.module.css';
import type { Hit } from './use-hits.ts';
import { foundWords, queryNote } from './words.ts';

interface SearchResultsProps {
  /** Of the list; a line's is this and its number. */
  readonly id: string;
  readonly result: AnalysisResult;
  readonly hits: readonly Hit[];
  /** The line that the keyboard is at; -1 for none. */
  readonly active: number;
  readonly onChoose: (at: number) => void;
}

/** What is near to the query, in three groups; or why nothing is. */
export function SearchResults({ id, result, hits, active, onChoose }: SearchResultsProps) {
  const { query, going, hits: found, error } = useApp((s) => s.search);
  const note = queryNote(query, result.model, result.settings.behaviour);
  return (
    <div className={classes.results} data-stale={(going && found !== null) || undefined}>
      {error && <ErrorNotice error={error} />}
      {note && <p className={classes.note}>{note}</p>}
      <div id={id} role="listbox" aria-label="What is near">
        {hits.map((hit, at) => (
          <Fragment key={hit.key}>
            {hits[at - 1]?.group !== hit.group && (
              <div className={classes.group} aria-hidden>
                {hit.group}
              </div>
            )}
            <Line id={`${id}-${at}`} hit={hit} active={at === active} onChoose={() => onChoose(at)} />
          </Fragment>
        ))}
      </div>
      {found && hits.length === 0 && <p className={classes.empty}>Nothing here is near to “{found.query}”.</p>}
      {!found && going && <p className={classes.empty}>Getting ready…</p>}
      {found && hits.length > 0 && (
        <p className={classes.foot}>
          By {result.model.name} in {Math.max(1, Math.round(found.milliseconds))} ms
        </p>
      )}
      <VisuallyHidden role="status">{found && !going ? foundWords(found) : ''}</VisuallyHidden>
    </div>
  );
}

interface LineProps {
  readonly id: string;
  readonly hit: Hit;
  readonly active: boolean;
  readonly onChoose: () => void;
}

function Line({ id, hit, active, onChoose }: LineProps) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) line.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div
      ref={line}
      id={id}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      className={classes.line}
      title={hit.name}
      // The field keeps the focus, and with it the list.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChoose();
      }}
    >
      <span className={classes.mark}>
        <Mark hit={hit} />
      </span>
      <span className={classes.name}>{hit.name}</span>
      <span className={classes.about}>{hit.about}</span>
      <span className={classes.cosine} title="Cosine to the query">
        {decimal(hit.cosine)}
      </span>
    </div>
  );
}

function Mark({ hit: { group, colour } }: { hit: Hit }) {
  if (colour !== undefined) return <Swatch colour={colour} />;
  return group === 'Users' ? <IconUser size={12} stroke={1.7} /> : <IconQuote size={12} stroke={1.6} />;
}
