import type { LayoutFrame } from '../domain/index.ts';

/**
 * Sends frames to another thread without ever waiting for it: one is under way and one waits, the newest in its place. A page
 * that is busy sees fewer of them, and always the last. `send` resolves when the other side has taken the frame.
 */
export function frameSender(send: (frame: LayoutFrame) => Promise<unknown>): (frame: LayoutFrame) => void {
  let busy = false;
  let waiting: LayoutFrame | null = null;
  const next = (): void => {
    busy = waiting !== null;
    if (waiting === null) return;
    const frame = waiting;
    waiting = null;
    // A frame that nobody takes is no loss to the job.
    send(frame).then(next, next);
  };
  return (frame) => {
    waiting = frame;
    if (!busy) next();
  };
}
