import { useActions, useApp } from '../app/store-context.tsx';
import { ErrorNotice } from './ErrorNotice.tsx';
import { Note } from './Note.tsx';

/** What went wrong last: the job's error, the notice beside it, or that a run was cancelled. */
export function Troubles() {
  const job = useApp((s) => s.job);
  const notice = useApp((s) => s.notice);
  const { dismissNotice } = useActions();
  return (
    <>
      {job.phase === 'failed' && <ErrorNotice error={job.error} onClose={dismissNotice} />}
      {notice && <ErrorNotice error={notice} onClose={dismissNotice} />}
      {job.phase === 'cancelled' && (
        <Note onClose={dismissNotice}>The run was cancelled. Files, mapping and settings are as they were.</Note>
      )}
    </>
  );
}
