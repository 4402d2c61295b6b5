import type { AnalysisResult } from '../../domain/index.ts';
import { useApp } from '../app/store-context.tsx';
import { TrackDetails } from './TrackDetails.tsx';
import { WindowDetails } from './WindowDetails.tsx';

/** The selected track; with none, the window. */
export function DetailsPanel({ result }: { result: AnalysisResult }) {
  const track = useApp((s) => s.view.track);
  return track === null ? <WindowDetails result={result} /> : <TrackDetails result={result} track={track} />;
}
