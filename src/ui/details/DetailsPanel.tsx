import type { AnalysisResult } from '../../domain/index.ts';
import { useApp } from '../app/store-context.tsx';
import { NodeDetails } from '../levels/NodeDetails.tsx';
import { UserCard } from '../user/UserCard.tsx';
import { TrackDetails } from './TrackDetails.tsx';
import { WindowDetails } from './WindowDetails.tsx';

/** The user whose card is open; below, the selected track or group of interests, and with none the window. */
export function DetailsPanel({ result }: { result: AnalysisResult }) {
  const user = useApp((s) => s.view.user);
  return (
    <>
      {user !== null && <UserCard result={result} user={user} />}
      <Selected result={result} />
    </>
  );
}

function Selected({ result }: { result: AnalysisResult }) {
  const track = useApp((s) => s.view.track);
  const node = useApp((s) => s.view.node);
  if (track !== null) return <TrackDetails result={result} track={track} />;
  return node === null ? <WindowDetails result={result} /> : <NodeDetails result={result} node={node} />;
}
