import { useMemo } from 'react';
import type { Settings } from '../../domain/index.ts';
import {
  type BehaviourColumns,
  behaviourColumns,
  type ExampleProfile,
  exampleProfile,
  examplesInWindows,
  type TextShare,
} from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { plural } from '../common/format.ts';
import classes from './Profiles.module.css';
import { exampleWords, PART_NAMES, partWords, shareWords } from './words.ts';

/** Texts shown of a user. */
const SHOWN = 5;

/** Three users of the files, as they are described without weights and with those that are set. */
export function Examples({ settings }: { settings: Settings }) {
  const { survey, going } = useApp((s) => s.survey);
  const { windows, timeZone } = settings;
  const columns = useBehaviourColumns();
  const examples = useMemo(() => survey && examplesInWindows(survey, { windows, timeZone }), [survey, windows, timeZone]);
  if (examples === null || examples.length === 0) {
    return <p className={classes.none}>{emptyWords(going, examples !== null)}</p>;
  }
  return (
    <section className={classes.examples} aria-label="Example users">
      <p className={classes.legend}>
        <span className={classes.plain} /> every event alike
        <span className={classes.chosen} /> as set
      </p>
      <div className={classes.users}>
        {examples.map((example) => (
          <Example key={example.user} profile={exampleProfile(example, settings, columns)} />
        ))}
      </div>
    </section>
  );
}

function useBehaviourColumns(): BehaviourColumns {
  const mapping = useApp((s) => s.mapping);
  const previews = useApp((s) => s.previews);
  const intake = useApp((s) => s.intake);
  const survey = useApp((s) => s.survey);
  return useMemo(() => behaviourColumns({ mapping, previews, intake, survey }), [mapping, previews, intake, survey]);
}

function emptyWords(going: boolean, surveyed: boolean): string {
  if (going) return 'Three users to show this on are looked for in the files…';
  return surveyed
    ? 'No user has an event in a window yet.'
    : 'Shown on three users once the columns are chosen and nothing is asked.';
}

function Example({ profile }: { profile: ExampleProfile }) {
  const { user, texts, ofTexts, behaviour } = profile;
  // In the order of the plain shares, so that no row moves with a control.
  const shown = texts.slice(0, SHOWN).sort((a, b) => b.plain - a.plain);
  const largest = Math.max(...shown.map(({ plain, chosen }) => Math.max(plain, chosen * ofTexts)), 1 - ofTexts);
  const width = (share: number): string => `${largest > 0 ? (100 * share) / largest : 0}%`;
  return (
    <article className={classes.user} aria-label={`Example user ${user}`}>
      <h4 title={user}>{user}</h4>
      <p>{exampleWords(profile)}</p>
      <ul>
        {shown.map((text) => (
          <Share key={text.text} text={text} ofTexts={ofTexts} width={width} />
        ))}
        {texts.length > SHOWN && <li className={classes.more}>and {plural(texts.length - SHOWN, 'text')} more</li>}
        {ofTexts < 1 && (
          <li>
            <span className={classes.line}>
              <em>How they behave</em>
              <b>{percent(1 - ofTexts)}</b>
            </span>
            <span className={classes.chosen} data-part="behaviour" style={{ width: width(1 - ofTexts) }} />
          </li>
        )}
      </ul>
      {behaviour.length > 0 && (
        <dl className={classes.behaviour}>
          {behaviour.map((part) => (
            <div key={part.behaviour}>
              <dt>{PART_NAMES[part.behaviour]}</dt>
              <dd>{partWords(part)}</dd>
            </div>
          ))}
        </dl>
      )}
    </article>
  );
}

interface ShareProps {
  readonly text: TextShare;
  readonly ofTexts: number;
  readonly width: (share: number) => string;
}

const Share = ({ text, ofTexts, width }: ShareProps) => (
  <li title={shareWords(text)}>
    <span className={classes.line}>
      <span>{text.text}</span>
      <b>{percent(text.chosen * ofTexts)}</b>
    </span>
    <span className={classes.plain} style={{ width: width(text.plain) }} />
    <span className={classes.chosen} style={{ width: width(text.chosen * ofTexts) }} />
  </li>
);

const percent = (share: number): string => `${Math.round(100 * share)} %`;
