import { type AppError, isCancelled, type SearchHits, toAppError } from '../domain/index.ts';
import type { AppActions, AppData } from './app-state.ts';
import type { AppServices } from './services.ts';

/** A search in the result that is shown. */
export interface SearchState {
  /** As typed; '' = none. */
  readonly query: string;
  /** An answer to `query` is under way. */
  readonly going: boolean;
  /** The newest answer; of a former query while another goes on. */
  readonly hits: SearchHits | null;
  readonly error: AppError | null;
}

export const NO_SEARCH: SearchState = { query: '', going: false, hits: null, error: null };

interface Tools {
  get(): Pick<AppData, 'search' | 'result'>;
  set(change: Partial<AppData>): void;
  readonly services: Pick<AppServices, 'analysis'>;
}

/** One query is under way at a time, and the newest waits: whoever types faster than is answered leaves no queue behind. */
export function searchActions({ get, set, services }: Tools): Pick<AppActions, 'search' | 'clearSearch'> {
  let under = false;

  const ask = async (query: string): Promise<void> => {
    under = true;
    const asked = get().result;
    const tell = (change: Partial<AppData['search']>): void => {
      // A new result has cleared what was searched in the former.
      const { search, result } = get();
      if (search.query === query && result?.profiles === asked?.profiles) set({ search: { ...search, going: false, ...change } });
    };
    try {
      const hits = await services.analysis.search(query);
      tell(query === '' ? {} : { hits, error: null });
    } catch (error) {
      // What a search without words makes ready is tried again by the first with words, which tells its trouble.
      tell(query === '' ? {} : isCancelled(error) ? { hits: null } : { hits: null, error: toAppError(error) });
    }
    under = false;
    const { going, query: next } = get().search;
    if (going) void ask(next);
  };
  return {
    search(query) {
      const words = query.trim();
      const { search, result } = get();
      if (!result || (words === search.query && (search.going || search.hits !== null))) return;
      set({ search: words === '' ? NO_SEARCH : { ...search, query: words, going: true, error: null } });
      if (!under) void ask(words);
    },
    clearSearch: () => set({ search: NO_SEARCH }),
  };
}
