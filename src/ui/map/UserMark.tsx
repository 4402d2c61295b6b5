import { type Camera, project, type Size } from '../../charts/index.ts';
import type { AnalysisResult } from '../../domain/index.ts';
import { stepsOf } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import classes from './MapView.module.css';

interface UserMarkProps {
  readonly result: AnalysisResult;
  readonly window: number;
  readonly camera: Camera;
  readonly size: Size;
}

/** A ring around the user whose card is open, in the windows where there is one. */
export function UserMark({ result, window, camera, size }: UserMarkProps) {
  const user = useApp((s) => s.view.user);
  const row = user === null ? undefined : stepsOf(result, user).find((step) => step.window === window)?.profile;
  if (row === undefined) return null;
  const [left, top] = project(camera, size, result.profiles.x[row] as number, result.profiles.y[row] as number);
  return <span className={classes.user} style={{ left, top }} aria-hidden />;
}
