import { Tooltip } from '@mantine/core';
import { type AnalysisResult, groupsOf, type Outcome, type TrackEvent } from '../../domain/index.ts';
import classes from './Sensitivity.module.css';
import { GROUP_LABELS, stripLines, stripWords, variantWords } from './sensitivity-words.ts';

/** Which other choices tell this change too: a cell each, filled where they do. Nothing for a change that was not tried. */
export function SensitivityStrip({ result, event }: { result: AnalysisResult; event: TrackEvent }) {
  const { sensitivity, events } = result;
  const index = events.indexOf(event);
  const at = sensitivity.changes.indexOf(index);
  if (at < 0 || sensitivity.variants.length === 0) return null;
  return (
    <Tooltip position="left" openDelay={300} label={stripLines(sensitivity, index).map((line) => <div key={line}>{line}</div>)}>
      <span className={classes.strip} role="img" aria-label={stripWords(sensitivity, index)}>
        {groupsOf(sensitivity).map((group) => (
          <span key={group} className={classes.group} aria-hidden="true">
            {GROUP_LABELS[group]}
            <span className={classes.cells}>
              {sensitivity.variants
                .filter((variant) => variant.group === group)
                .map((variant) => (
                  <Cell key={variantWords(variant)} outcome={variant.outcomes?.[at] ?? null} />
                ))}
            </span>
          </span>
        ))}
      </span>
    </Tooltip>
  );
}

/** Null: not known yet. */
export const Cell = ({ outcome }: { outcome: Outcome | null }) => (
  <span className={classes.cell} data-outcome={outcome ?? 'waiting'} />
);
