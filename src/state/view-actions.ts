import type { AppActions, AppState, AppStore } from './app-state.ts';
import { movedCuts } from './levels.ts';
import { clampWindow, type ViewState } from './view.ts';

type ViewActions = Pick<
  AppActions,
  | 'selectTrack'
  | 'hoverTrack'
  | 'selectNode'
  | 'hoverNode'
  | 'selectUser'
  | 'moveCut'
  | 'resetCuts'
  | 'setFade'
  | 'showTab'
  | 'showLower'
  | 'setWindow'
  | 'setPlaying'
  | 'setSpeed'
>;

/** What is looked at in the result that is shown. */
export function viewActions(set: AppStore['setState']): ViewActions {
  const look = (change: (state: AppState) => Partial<ViewState> | null): void =>
    set((s) => {
      const changed = change(s);
      return changed ? { view: { ...s.view, ...changed } } : s;
    });
  return {
    selectTrack: (track) => look(() => ({ track, node: null })),
    hoverTrack: (hoveredTrack) => look(({ view }) => (view.hoveredTrack === hoveredTrack ? null : { hoveredTrack })),
    selectNode: (node) => look(({ view }) => ({ node, track: null, tab: node === null ? view.tab : 'details' })),
    hoverNode: (hoveredNode) => look(({ view }) => (view.hoveredNode === hoveredNode ? null : { hoveredNode })),
    selectUser: (user) => look(({ view }) => ({ user, tab: user === null ? view.tab : 'details' })),
    moveCut: (level, groups) => look(({ result, view }) => (result ? { cuts: movedCuts(result, view, level, groups) } : null)),
    resetCuts: () => look(() => ({ cuts: null })),
    setFade: (fade) => look(() => ({ fade })),
    showTab: (tab) => look(() => ({ tab })),
    showLower: (lower) => look(() => ({ lower })),
    setWindow: (window) => look(({ result }) => ({ window: clampWindow(window, result?.windows.length ?? 1) })),
    setPlaying: (playing) => look(() => ({ playing })),
    setSpeed: (speed) => look(() => ({ speed })),
  };
}
