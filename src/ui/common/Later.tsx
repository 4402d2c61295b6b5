import { type ReactNode, startTransition, useEffect, useState } from 'react';

/**
 * Shows its children a moment after the rest of a page: React then renders them in slices, between which the page answers. A page with
 * many fields would else hold the main thread for longer than a tenth of a second when it opens.
 */
export function Later({ children }: { children: ReactNode }) {
  const [shown, show] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => startTransition(() => show(true)));
    return () => cancelAnimationFrame(frame);
  }, []);
  return shown ? children : null;
}
