import { type RefObject, useEffect } from 'react';

/** Where a slash is a character. */
const TYPED_IN = 'input, textarea, select, [contenteditable], [role="menu"], [role="dialog"]';

/** The slash key goes to a field, from anywhere in the workspace. */
export function useSlash(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.key !== '/' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target?.closest(TYPED_IN)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    globalThis.addEventListener('keydown', onKey);
    return () => globalThis.removeEventListener('keydown', onKey);
  }, [field]);
}
