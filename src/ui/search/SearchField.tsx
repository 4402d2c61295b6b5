import { CloseButton, Kbd, Loader, TextInput } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { type FocusEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import classes from './Search.module.css';
import { SearchResults } from './SearchResults.tsx';
import { useHits } from './use-hits.ts';
import { useSlash } from './use-slash.ts';
import { searchName } from './words.ts';

/** Milliseconds without a key before a query is asked: about that between two keys of who types fast. */
const TYPING_MS = 120;

/** Characters that the field has room for, at least. */
const LONG = 24;

interface SearchFieldProps {
  readonly result: AnalysisResult;
  /** The list lies on so many pixels at the right of the map. */
  readonly onCover: (width: number) => void;
}

/** Of the list, with what is between it and the map's edge (Search.module.css). */
const LIST_WIDTH = 356;

/** Asks what is near in meaning, or in words where the model compares these: texts, users and segments, which light up on the map. */
export function SearchField({ result, onCover }: SearchFieldProps) {
  const search = useApp((s) => s.search);
  const { clearSearch } = useActions();
  const { text, type, ask } = useTyping(result);
  const [open, setOpen] = useState(false);
  const [focused, setFocused] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const [former, setFormer] = useState<string | null>(null);
  const name = searchName(result.model);
  const hits = useHits(result, (words) => {
    setFormer((before) => before ?? search.query);
    ask(words);
    setActive(-1);
  });
  const back = (): void => {
    if (former !== null) ask(former);
    setFormer(null);
    setActive(-1);
  };
  useSlash(input);
  const shown = open && search.query !== '';
  useEffect(() => onCover(shown ? LIST_WIDTH : 0), [shown, onCover]);
  const clear = (): void => {
    setFormer(null);
    type('');
    clearSearch();
    input.current?.focus();
  };
  const choose = (at: number): void => {
    const hit = hits[at];
    if (!hit) return;
    if (hit.closes) setOpen(false);
    hit.choose();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && search.query !== '') {
      event.preventDefault();
      setOpen(true);
      setActive(Math.max(-1, Math.min(hits.length - 1, active + step)));
    } else if (event.key === 'Enter') {
      if (active < 0) ask(text);
      choose(active);
    } else if (event.key === 'Escape') {
      if (shown) setOpen(false);
      else if (text !== '') clear();
      else input.current?.blur();
    }
  };
  const leave = (event: FocusEvent<HTMLElement>): void => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    setOpen(false);
    setFocused(false);
  };
  return (
    <search
      className={classes.search}
      // While it has the focus Escape is for the list and the words, before it clears a selection.
      data-escapes={(focused && text !== '') || undefined}
      onBlur={leave}
    >
      <TextInput
        ref={input}
        className={classes.field}
        role="combobox"
        aria-label={name}
        title={text.length > LONG ? text : undefined}
        aria-expanded={shown}
        aria-controls={list}
        aria-activedescendant={shown && active >= 0 ? `${list}-${active}` : undefined}
        placeholder={name}
        autoComplete="off"
        spellCheck={false}
        leftSection={<IconSparkles size={13} stroke={1.7} />}
        rightSection={<End going={search.going} empty={text === ''} onClear={clear} />}
        value={text}
        onChange={(event) => {
          setActive(-1);
          setFormer(null);
          setOpen(true);
          type(event.currentTarget.value);
        }}
        onFocus={() => {
          setOpen(true);
          setFocused(true);
          if (search.query === '') ask('');
        }}
        onKeyDown={onKeyDown}
      />
      {shown && (
        <SearchResults id={list} result={result} hits={hits} active={active} former={former} onChoose={choose} onBack={back} />
      )}
    </search>
  );
}

function End({ going, empty, onClear }: { going: boolean; empty: boolean; onClear: () => void }) {
  if (going) return <Loader size={12} aria-label="Searching" />;
  return empty ? (
    <Kbd size="xs" aria-hidden>
      /
    </Kbd>
  ) : (
    <CloseButton size="xs" aria-label="Clear the search" onClick={onClear} />
  );
}

/** What stands in the field; it is asked a moment after the last key, and goes with the result that it was asked of. */
function useTyping({ profiles }: AnalysisResult) {
  const [text, setText] = useState('');
  const [askedOf, setAskedOf] = useState(profiles);
  if (askedOf !== profiles) {
    setAskedOf(profiles);
    setText('');
  }
  const { search } = useActions();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const ask = (words: string): void => {
    clearTimeout(timer.current);
    setText(words);
    search(words);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (words: string): void => {
    setText(words);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(words), words.trim() === '' ? 0 : TYPING_MS);
  };
  return { text, type, ask };
}
