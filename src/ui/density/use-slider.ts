import { type KeyboardEvent, type PointerEvent, useRef } from 'react';

export interface SliderRange {
  readonly min: number;
  readonly max: number;
  /** Of an arrow key. */
  readonly step: number;
  /** Of Page Up and Page Down. */
  readonly page: number;
}

interface SliderInput extends SliderRange {
  readonly value: number;
  readonly onChange: (value: number) => void;
  /** The value under the pointer; x and y are pixels from the corner of the element. */
  readonly valueAt: (x: number, y: number) => number;
}

/** Handlers of an element with role slider: mouse, pen, touch, and the keys that ARIA names for it. */
export function useSlider(input: SliderInput) {
  const dragging = useRef(false);
  const take = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    input.onChange(held(input.valueAt(event.clientX - box.left, event.clientY - box.top), input));
  };
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      dragging.current = true;
      event.currentTarget.setPointerCapture(event.pointerId);
      take(event);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => dragging.current && take(event),
    onPointerUp: () => {
      dragging.current = false;
    },
    onPointerCancel: () => {
      dragging.current = false;
    },
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      const value = keyed(event.key, input.value, input);
      if (value === null || event.ctrlKey || event.metaKey || event.altKey) return;
      // Else the workspace would step through the windows.
      event.preventDefault();
      input.onChange(value);
    },
  };
}

/** The value that a key leads to, on the grid of the steps; null for other keys. */
export function keyed(key: string, value: number, range: SliderRange): number | null {
  const { min, max, step, page } = range;
  switch (key) {
    case 'Home':
      return min;
    case 'End':
      return max;
    case 'ArrowUp':
    case 'ArrowRight':
      return held(value + step, range);
    case 'ArrowDown':
    case 'ArrowLeft':
      return held(value - step, range);
    case 'PageUp':
      return held(value + page, range);
    case 'PageDown':
      return held(value - page, range);
    default:
      return null;
  }
}

/** Within the range, and on the grid of the steps unless at an end. */
export function held(value: number, { min, max, step }: SliderRange): number {
  const near = Number((Math.round(value / step) * step).toFixed(6));
  return Math.min(max, Math.max(min, near));
}
