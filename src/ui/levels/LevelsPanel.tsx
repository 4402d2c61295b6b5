import { ActionIcon, Button } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type AnalysisResult, leafCount, moveCut } from '../../domain/index.ts';
import { cutsOf } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { plural } from '../common/format.ts';
import classes from './Levels.module.css';
import { Tree } from './Tree.tsx';

const HINT = 'One tree of the segments of all windows, like ones together; each line cuts it into the groups of a level';

/** The tree of interest levels; its cuts are moved by dragging, by key or by count. */
export function LevelsPanel({ result, title }: { result: AnalysisResult; title: ReactNode }) {
  const cuts = useApp((s) => cutsOf(result, s.view));
  return (
    <div className={classes.panel}>
      <header className={classes.head}>
        {title}
        <span className={classes.hint} title={HINT}>
          {HINT}
        </span>
        {cuts.length > 0 && <Steppers result={result} cuts={cuts} />}
      </header>
      {cuts.length > 0 ? <Tree result={result} cuts={cuts} /> : <p className={classes.empty}>{emptyWords(result)}</p>}
    </div>
  );
}

const emptyWords = ({ segments }: AnalysisResult): string =>
  segments.length === 0
    ? 'No segments, so there is nothing to hang in a tree.'
    : 'There is one segment in all windows, so there is nothing to join and there are no levels.';

function Steppers({ result, cuts }: { result: AnalysisResult; cuts: readonly number[] }) {
  const moved = cuts.join() !== result.levels.cuts.join();
  const { resetCuts } = useActions();
  return (
    <div className={classes.steppers}>
      {moved && (
        <Button variant="subtle" size="compact-xs" onClick={resetCuts}>
          Reset
        </Button>
      )}
      {[...cuts.entries()].map(([level, groups]) => (
        <Stepper key={level} result={result} cuts={cuts} level={level} groups={groups} />
      ))}
    </div>
  );
}

interface StepperProps {
  readonly result: AnalysisResult;
  readonly cuts: readonly number[];
  readonly level: number;
  readonly groups: number;
}

function Stepper({ result, cuts, level, groups }: StepperProps) {
  const { moveCut: move } = useActions();
  const segments = leafCount(result.levels.tree);
  const name = `level ${level + 1}`;
  const step = (by: number) => ({
    disabled: moveCut(cuts, level, groups + by, segments)[level] === groups,
    onClick: () => move(level, groups + by),
  });
  return (
    <div className={classes.stepper}>
      <span className={classes.level}>Level {level + 1}</span>
      <ActionIcon variant="default" size={20} aria-label={`Fewer groups in ${name}`} {...step(-1)}>
        <IconMinus size={12} />
      </ActionIcon>
      <output className={classes.count} aria-label={plural(groups, 'group')}>
        {groups}
      </output>
      <ActionIcon variant="default" size={20} aria-label={`More groups in ${name}`} {...step(1)}>
        <IconPlus size={12} />
      </ActionIcon>
    </div>
  );
}
