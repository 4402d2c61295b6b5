import { useEffect } from 'react';
import { useActions } from '../app/store-context.tsx';

/** What Escape closes; mounted only while open. */
const OPEN = '[role="menu"], [role="dialog"], [data-escapes]';

/** Escape clears the selection and closes the card of a user, unless it closes a menu or popover. */
export function useEscape(): void {
  const { selectTrack, selectUser } = useActions();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || document.querySelector(OPEN)) return;
      selectTrack(null);
      selectUser(null);
    };
    // On the key's way down: on its way up, what it closes would be gone already.
    globalThis.addEventListener('keydown', onKey, { capture: true });
    return () => globalThis.removeEventListener('keydown', onKey, { capture: true });
  }, [selectTrack, selectUser]);
}
