import { useReducedMotion } from '@mantine/hooks';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { between, EMPTY_POSE, type Pose, poseAt } from '../../charts/index.ts';
import type { MapPainter } from './painter.ts';

/** How long users travel from one window to the next at speed 1, and how long a change of emphasis takes. */
export const TRAVEL_MS = 900;
const EMPHASIS_MS = 140;

/** Paints the way from what is shown to `target`; returns whether it has arrived. A new target turns the motion where it is. */
export function useMotion(painter: RefObject<MapPainter | null>, target: Pose, window: number, speed: number): boolean {
  const still = useReducedMotion();
  const shown = useRef<Pose>(EMPTY_POSE);
  const last = useRef<number | null>(null);
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const travels = last.current !== null && last.current !== window;
    const duration = still || last.current === null ? 0 : travels ? TRAVEL_MS / speed : EMPHASIS_MS;
    const motion = between(shown.current, target);
    const start = performance.now();
    if (travels && duration > 0) setSettled(false);
    let frame = 0;
    const step = (now: number): void => {
      const t = duration === 0 ? 1 : (now - start) / duration;
      shown.current = t >= 1 ? target : poseAt(motion, t);
      painter.current?.draw(shown.current);
      if (t < 1) frame = requestAnimationFrame(step);
      else {
        last.current = window;
        setSettled(true);
      }
    };
    step(start);
    return () => cancelAnimationFrame(frame);
  }, [painter, target, window, speed, still]);
  return settled;
}
