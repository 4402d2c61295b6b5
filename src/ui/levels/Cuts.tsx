import type { PointerEvent } from 'react';
import { groupsAt, leafCount } from '../../domain/index.ts';
import { useActions } from '../app/store-context.tsx';
import { plural } from '../common/format.ts';
import classes from './Levels.module.css';
import type { TreeDrawing } from './Tree.tsx';

/** One handle a level above the tree: dragging it cuts at a height, left and right take a group less or more. */
export const Cuts = ({ result, cuts, layout }: TreeDrawing) =>
  cuts.map(({ level, groups, x }) => (
    <Handle
      key={level}
      level={level}
      groups={groups}
      x={x}
      segments={leafCount(result.levels.tree)}
      groupsOf={(x) => groupsAt(result.levels.tree, Math.max(0, layout.heightAt(x)))}
    />
  ));

interface HandleProps {
  readonly level: number;
  readonly groups: number;
  readonly x: number;
  readonly segments: number;
  /** Groups of a cut at a place. */
  readonly groupsOf: (x: number) => number;
}

function Handle({ level, groups, x, segments, groupsOf }: HandleProps) {
  const { moveCut } = useActions();
  const drag = (event: PointerEvent<HTMLElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const strip = event.currentTarget.parentElement?.getBoundingClientRect();
    moveCut(level, groupsOf(event.clientX - (strip?.left ?? 0)));
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className={classes.handle}
      style={{ left: x }}
      aria-label={`Cut of level ${level + 1}`}
      aria-orientation="horizontal"
      aria-valuemin={1}
      aria-valuemax={segments}
      aria-valuenow={groups}
      aria-valuetext={plural(groups, 'group')}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={(event) => {
        const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
        const end = { Home: 1, End: segments }[event.key];
        if (step === undefined && end === undefined) return;
        event.preventDefault();
        moveCut(level, end ?? groups + (step ?? 0));
      }}
    >
      {level + 1}
    </div>
  );
}
