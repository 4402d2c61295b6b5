import { Text } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { AnalysisResult } from '../../domain/index.ts';
import { cutsOf, groupShares, mixtureAt, stepsOf, type UserStep } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { ClearButton } from '../common/ClearButton.tsx';
import { count, decimal } from '../common/format.ts';
import { Facts, Section } from '../common/Panel.tsx';
import { useTrackColours, useTrackNames, useWindowNames } from '../common/use-colours.ts';
import { percent } from '../movement/words.ts';
import classes from './User.module.css';
import { mixtureWords } from './words.ts';

/** Interests that are told by name. */
const TOLD = 4;

/** One user: the way through the windows, and the mixture of interests in the window that is shown. */
export function UserCard({ result, user }: { result: AnalysisResult; user: number }) {
  const window = useApp((s) => s.view.window);
  const steps = useMemo(() => stepsOf(result, user), [result, user]);
  const step = steps.find((s) => s.window === window);
  return (
    <section className={classes.card} aria-label="User">
      <Section>
        <Head result={result} user={user} />
        <Path result={result} steps={steps} />
      </Section>
      <Section>
        <Mixture result={result} step={step} />
      </Section>
      <Section>
        <Changes result={result} user={user} steps={steps} />
      </Section>
    </section>
  );
}

function Head({ result, user }: { result: AnalysisResult; user: number }) {
  const { selectUser } = useActions();
  return (
    <div className={classes.head}>
      <IconUser size={15} stroke={1.7} aria-hidden />
      <Text fw={600} size="md" className={classes.id}>
        {result.users[user]}
      </Text>
      <ClearButton label="Close the user's card" onClear={() => selectUser(null)} />
    </div>
  );
}

/** One cell a window, in the colour of the segment; a click goes there. */
function Path({ result, steps }: { result: AnalysisResult; steps: readonly UserStep[] }) {
  const shown = useApp((s) => s.view.window);
  const { setWindow, setPlaying } = useActions();
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  const windowNames = useWindowNames(result);
  const at = new Map(steps.map((step) => [step.window, step]));
  const go = (window: number): void => {
    setPlaying(false);
    setWindow(window);
  };
  return (
    <div className={classes.path}>
      {result.windows.map(({ start }, window) => {
        const step = at.get(window);
        const where = step ? (step.segment ? names(step.segment.track) : 'no segment') : 'no events';
        const words = `${windowNames(window)}: ${where}${step?.thin ? ', too few events to count' : ''}`;
        return (
          <button
            key={start}
            type="button"
            className={`${classes.cell} mu-focus`}
            tabIndex={window === shown ? 0 : -1}
            aria-label={words}
            aria-current={window === shown}
            title={words}
            data-there={step !== undefined || undefined}
            data-thin={step?.thin || undefined}
            style={step?.segment ? { background: colours(step.segment.track) } : undefined}
            onClick={() => go(window)}
          />
        );
      })}
    </div>
  );
}

function Mixture({ result, step }: { result: AnalysisResult; step: UserStep | undefined }) {
  const window = useApp((s) => s.view.window);
  const coarsest = useApp((s) => cutsOf(result, s.view)[0]);
  const title = useWindowNames(result)(window);
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  const mixture = useMemo(() => (step ? mixtureAt(result, step.profile, TOLD) : null), [result, step]);
  if (!step) return <p className={classes.words}>No events in {title}.</p>;
  if (!mixture) return <p className={classes.words}>{title} has no segments to be in.</p>;
  const group = coarsest === undefined ? undefined : groupShares(result, step.profile, coarsest)[0];
  const rows = mixture.parts.map(({ segment, share }) => ({ track: segment.track, name: names(segment.track), share }));
  return (
    <>
      <h3 className={classes.title}>Interests in {title}</h3>
      <ul className={classes.mixture}>
        {rows.map(({ track, name, share }) => (
          <MixtureRow key={track} name={name} share={share} colour={colours(track)} />
        ))}
        {mixture.rest >= 0.005 && <MixtureRow name="All others" share={mixture.rest} colour={colours(null)} />}
      </ul>
      <p className={classes.words}>
        {mixtureWords(mixture, mixture.secondary ? names(mixture.secondary.track) : '')}
        {group ? ` At level 1: “${result.levels.tree.names[group.node]}” (${percent(group.share)}).` : ''}
        {step.segment === null ? ' In no segment: noise.' : ''}
        {step.thin ? ` Fewer than ${result.settings.minEvents} events: shown, but not counted.` : ''}
      </p>
    </>
  );
}

const MixtureRow = ({ name, share, colour }: { name: string; share: number; colour: string }) => (
  <li>
    <span className={classes.name} title={name}>
      {name}
    </span>
    <span>{percent(share)}</span>
    <i style={{ width: `${100 * Math.min(1, share)}%`, background: colour }} />
  </li>
);

function Changes({ result, user, steps }: { result: AnalysisResult; user: number; steps: readonly UserStep[] }) {
  const { changes } = result;
  const windowNames = useWindowNames(result);
  const displacement = changes.displacement[user] ?? Number.NaN;
  const events = steps.reduce((sum, step) => sum + step.events, 0);
  const [first, last] = [steps[0], steps.at(-1)];
  return (
    <Facts
      facts={[
        ['Events', count(events)],
        first && last ? ['Windows', `${windowNames(first.window)} to ${windowNames(last.window)}`] : null,
        Number.isNaN(displacement) ? null : ['Displacement', decimal(displacement)],
        Number.isNaN(displacement) ? null : ['Changes of segment', count(changes.moves[user] ?? 0)],
      ]}
    />
  );
}
