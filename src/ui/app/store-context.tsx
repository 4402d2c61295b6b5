import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { AppActions, AppState, AppStore } from '../../state/index.ts';

const StoreContext = createContext<AppStore | null>(null);

export const StoreProvider = ({ store, children }: { store: AppStore; children: ReactNode }) => (
  <StoreContext value={store}>{children}</StoreContext>
);

function useAppStore(): AppStore {
  const store = useContext(StoreContext);
  if (!store) throw new Error('useApp needs a StoreProvider above it.');
  return store;
}

/** A piece of the state. The selector returns a piece as it is stored, or wraps itself in useShallow. */
export const useApp = <T,>(selector: (state: AppState) => T): T => useStore(useAppStore(), selector);

/** Stable for the life of the store. */
export const useActions = (): AppActions => useApp((state) => state.actions);
