import type { AnalysisResult } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { plural } from '../common/format.ts';
import { useTrackColours, useTrackNames, useWindowNames } from '../common/use-colours.ts';
import { segmentsToList } from './to-list.ts';

/** Of each group, as many as are read at a glance. */
const LISTED = 6;

/** A line of what was found. */
export interface Hit {
  readonly group: 'Segments' | 'Texts' | 'Users';
  readonly key: string;
  /** Of a segment. */
  readonly colour?: string;
  readonly name: string;
  /** What stands beside the name. */
  readonly about: string;
  readonly cosine: number;
  /** Whether what it brings is better seen without the list. */
  readonly closes: boolean;
  choose(): void;
}

/** What was found, in the order in which it is listed: a segment is selected, a text is searched for, a user's card is opened. */
export function useHits(result: AnalysisResult, searchFor: (text: string) => void): readonly Hit[] {
  const hits = useApp((s) => s.search.hits);
  const shown = useApp((s) => s.view.window);
  const { selectTrack, selectUser, setWindow, setPlaying, showTab } = useActions();
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  const windowNames = useWindowNames(result);
  if (!hits) return [];
  const go = (window: number): void => {
    setPlaying(false);
    setWindow(window);
  };
  const segments = segmentsToList(result, hits, shown)
    .slice(0, LISTED)
    .map(({ segment, cosine }): Hit => {
      const { index, track, window } = segment;
      const isHere = result.segments.some((s) => s.track === track && s.window === shown);
      const choose = (): void => {
        if (!isHere) go(window);
        selectTrack(track);
        showTab('details');
      };
      const [colour, about] = [colours(track), windowNames(window)];
      return { group: 'Segments', key: `s${index}`, colour, name: names(track), about, cosine, closes: true, choose };
    });
  const texts = hits.texts.slice(0, LISTED).map(({ text, cosine, users }): Hit => {
    const choose = (): void => searchFor(text);
    return { group: 'Texts', key: `t${text}`, name: text, about: plural(users, 'user'), cosine, closes: false, choose };
  });
  const users = hits.users.slice(0, LISTED).map(({ profile, cosine }): Hit => {
    const [user, window] = [result.profiles.user[profile] as number, result.profiles.window[profile] as number];
    const choose = (): void => {
      go(window);
      selectTrack(null);
      selectUser(user);
      showTab('details');
    };
    const name = result.users[user] as string;
    return { group: 'Users', key: `u${user}`, name, about: windowNames(window), cosine, closes: true, choose };
  });
  return [...segments, ...texts, ...users];
}
