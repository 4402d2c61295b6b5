import type { FalseEventRate } from '../../domain/index.ts';
import { Note } from '../common/Note.tsx';
import { rateWords } from './trust-words.ts';

/** The false-event rate of the run's settings; stands wherever events are told. */
export function TrustNote({ rate }: { rate: FalseEventRate }) {
  return <Note title="False-event rate">{rateWords(rate)}</Note>;
}
