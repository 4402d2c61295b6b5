import { useEffect } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { TRAVEL_MS } from '../map/use-motion.ts';

/** Rest in each window at speed 1, after the users have arrived. */
const REST_MS = 700;

/** Steps through the windows while playing; stops in the last one. */
export function usePlayback(result: AnalysisResult): void {
  const { playing, window, speed } = useApp((s) => s.view);
  const { setWindow, setPlaying } = useActions();
  const last = result.windows.length - 1;
  useEffect(() => {
    if (!playing) return;
    if (window >= last) return setPlaying(false);
    const timer = setTimeout(() => setWindow(window + 1), (TRAVEL_MS + REST_MS) / speed);
    return () => clearTimeout(timer);
  }, [playing, window, speed, last, setWindow, setPlaying]);
}

/** Play from where it stands; at the end, from the beginning. */
export function useTogglePlay(result: AnalysisResult): () => void {
  const { playing, window } = useApp((s) => s.view);
  const { setWindow, setPlaying } = useActions();
  return () => {
    if (!playing && window >= result.windows.length - 1) setWindow(0);
    setPlaying(!playing);
  };
}

/** Elements that use these keys themselves. */
const OWN_KEYS = 'input, textarea, select, [contenteditable], [role="tab"], [role="menu"], [role="dialog"]';
const PRESSED_BY_SPACE = 'button, a, [role="button"], [role="option"]';

/** Space plays and pauses; left, right, Home and End step, from anywhere in the workspace. */
export function usePlaybackKeys(result: AnalysisResult): void {
  const window_ = useApp((s) => s.view.window);
  const { setWindow, setPlaying } = useActions();
  const toggle = useTogglePlay(result);
  const last = result.windows.length - 1;
  useEffect(() => {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: window_ - 1, ArrowRight: window_ + 1, Home: 0, End: last };
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || target?.closest(OWN_KEYS)) return;
      const step = steps[event.key];
      if (step !== undefined) {
        setPlaying(false);
        setWindow(step);
      } else if (event.key === ' ' && !target?.closest(PRESSED_BY_SPACE)) toggle();
      else return;
      event.preventDefault();
    };
    globalThis.addEventListener('keydown', onKey);
    return () => globalThis.removeEventListener('keydown', onKey);
  }, [window_, last, toggle, setWindow, setPlaying]);
}
