import { useMemo } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { mostChanged, pathOf } from '../../state/index.ts';
import { useActions } from '../app/store-context.tsx';
import { decimal } from '../common/format.ts';
import { Section } from '../common/Panel.tsx';
import { useTrackColours, useTrackNames, useWindowNames } from '../common/use-colours.ts';
import { FindUser } from '../user/FindUser.tsx';
import classes from './Movement.module.css';
import { pathWords } from './words.ts';

const LISTED = 8;

/** Over all windows: the users whose first and last profile differ most, and the segments that they went through. */
export function MostChanged({ result }: { result: AnalysisResult }) {
  const users = useMemo(() => mostChanged(result, LISTED), [result]);
  if (users.length === 0) return null;
  return (
    <Section title="Most changed users, all windows">
      <ul className={classes.users} aria-label="Most changed users">
        {users.map((user) => (
          <UserRow key={user} result={result} user={user} />
        ))}
      </ul>
      <div style={{ marginTop: 8 }}>
        <FindUser result={result} />
      </div>
      <p className={classes.note}>
        The number is 1 − cosine of a user’s first and last profile: 0 the same interests, 1 nothing in common, 2 opposite.
      </p>
    </Section>
  );
}

/** Goes to the user's last window and segment, and opens the card. */
function UserRow({ result, user }: { result: AnalysisResult; user: number }) {
  const { setWindow, setPlaying, selectTrack, selectUser } = useActions();
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  const windowNames = useWindowNames(result);
  const path = useMemo(() => pathOf(result, user), [result, user]);
  const segmentAt = new Map(path.map(({ window, segment }) => [window, segment]));
  const words = pathWords(path, names, windowNames);
  const go = (): void => {
    setPlaying(false);
    setWindow(result.changes.last[user] as number);
    selectTrack(path.at(-1)?.segment?.track ?? null);
    selectUser(user);
  };
  return (
    <li>
      <button type="button" className={`${classes.user} mu-focus`} title={words} onClick={go}>
        <span className={classes.id}>{result.users[user]}</span>
        <span aria-hidden className={classes.path}>
          {result.windows.map(({ start }, window) => {
            const segment = segmentAt.get(window);
            return (
              <span
                key={start}
                className={classes.step}
                data-there={segmentAt.has(window) || undefined}
                style={segment ? { background: colours(segment.track) } : undefined}
              />
            );
          })}
        </span>
        <span>{decimal(result.changes.displacement[user] as number)}</span>
      </button>
    </li>
  );
}
