import { IconAdjustmentsAlt } from '@tabler/icons-react';
import type { AnalysisResult } from '../../domain/index.ts';
import { stageIsOpen } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { Note } from '../common/Note.tsx';
import classes from './Sensitivity.module.css';
import { Cell } from './SensitivityStrip.tsx';
import { summaryWords } from './sensitivity-words.ts';

/** How far the findings hang on the choices of the run, and what the cells beside each change mean. */
export function SensitivityNote({ result }: { result: AnalysisResult }) {
  const measuring = useApp((s) => stageIsOpen(s.job, 'sensitivity'));
  const words = summaryWords(result, measuring);
  if (words === null) return null;
  return (
    <div className={classes.note}>
      <Note title="Under other choices" icon={IconAdjustmentsAlt}>
        {words}
        {result.sensitivity.variants.length > 0 && (
          <div className={classes.legend}>
            <span>
              <Cell outcome="survives" /> told again
            </span>
            <span>
              <Cell outcome="lost" /> not
            </span>
            <span>
              <Cell outcome="unmeasured" /> can’t be seen
            </span>
          </div>
        )}
      </Note>
    </div>
  );
}
