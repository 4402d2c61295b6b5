import { VisuallyHidden } from '@mantine/core';
import { IconQuote, IconUser } from '@tabler/icons-react';
import { Fragment, type PointerEvent, useEffect, useRef } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { useApp } from '../app/store-context.tsx';
import { ErrorNotice } from '../common/ErrorNotice.tsx';
import { decimal } from '../common/format.ts';
import { Swatch } from '../common/Swatch.tsx';
import classes from './Search.module.css';
import type { Hit } from './use-hits.ts';
import { foundWords, knownWords, queryNote } from './words.ts';

interface SearchResultsProps {
  /** Of the list; a line's is this and its number. */
  readonly id: string;
  readonly result: AnalysisResult;
  readonly hits: readonly Hit[];
  /** The line that the keyboard is at; -1 for none. */
  readonly active: number;
  /** The query that a text of its hits stands in for; null where the query is as typed. */
  readonly former: string | null;
  readonly onChoose: (at: number) => void;
  readonly onBack: () => void;
}

/** What is near to the query, in three groups; or why nothing is. */
export function SearchResults({ id, result, hits, active, former, onChoose, onBack }: SearchResultsProps) {
  const { query, going, hits: found, error } = useApp((s) => s.search);
  const note = queryNote(query, result.model, result.settings.behaviour);
  const known = knownWords(result.model);
  return (
    <div className={classes.results} data-stale={(going && found !== null) || undefined}>
      {error && <ErrorNotice error={error} />}
      {former !== null && (
        <button type="button" className={classes.back} title={former} onPointerDown={keepFocus} onClick={onBack}>
          Near to this text. Back to “{former}”
        </button>
      )}
      {note && <p className={classes.note}>{note}</p>}
      {found && hits.length > 0 && !found.standsOut && (
        <p className={classes.note}>Nothing stands out: the nearest texts are hardly nearer than texts in general.</p>
      )}
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
      {found && (
        <p className={classes.foot}>
          By {result.model.name}
          {known && `, ${known},`} in {Math.max(1, Math.round(found.milliseconds))} ms
        </p>
      )}
      <VisuallyHidden role="status">{found && !going ? foundWords(found) : ''}</VisuallyHidden>
    </div>
  );
}

/** The field keeps the focus, and with it the list. */
const keepFocus = (event: PointerEvent): void => event.preventDefault();

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
      onPointerDown={keepFocus}
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
