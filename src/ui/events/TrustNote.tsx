import type { AnalysisResult } from '../../domain/index.ts';
import { stageIsOpen } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { Note } from '../common/Note.tsx';
import { rateWords } from './trust-words.ts';

/** The false-event rate of the run's settings; stands wherever events are told. */
export function TrustNote({ result: { trust } }: { result: AnalysisResult }) {
  const measuring = useApp((s) => stageIsOpen(s.job, 'trust'));
  const measured = trust.falseEventRate.refits > 0;
  return (
    <Note title="False-event rate">
      {measured || !measuring ? rateWords(trust) : 'Being measured. Until then nothing says which changes are chance.'}
    </Note>
  );
}
