import { Switch } from '@mantine/core';
import type { Settings } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Fold } from '../common/Fold.tsx';
import { NumberSetting } from '../settings/fields.tsx';
import { BehaviourParts, BehaviourWeight } from './BehaviourFields.tsx';
import { Examples } from './Examples.tsx';
import classes from './Profiles.module.css';
import { TypeWeights } from './TypeWeights.tsx';
import { profilesSummary } from './words.ts';

const USUAL_HALF_LIFE_DAYS = 30;

/** What counts in a user's profile, and what that does to three users. */
export function ProfilesPanel() {
  const settings = useApp((s) => s.settings);
  return (
    <Fold title="Profiles" summary={profilesSummary(settings)}>
      <p className={classes.words}>What counts when a user is described in a window</p>
      <div className={classes.controls}>
        <Part title="Types of events">
          <TypeWeights weights={settings.typeWeights} />
        </Part>
        <Part title="Age and rarity">
          <AgeFields halfLifeDays={settings.halfLifeDays} />
          <IdfField idf={settings.idf} />
        </Part>
        <Part title="Behaviour">
          <BehaviourWeight behaviour={settings.behaviour} />
        </Part>
      </div>
      {settings.behaviour.weight > 0 && (
        <div className={classes.wide}>
          <Part title="How they behave">
            <BehaviourParts behaviour={settings.behaviour} />
          </Part>
        </div>
      )}
      <Examples settings={settings} />
    </Fold>
  );
}

const Part = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <section aria-label={title}>
    <h3 className={classes.title}>{title}</h3>
    {children}
  </section>
);

function AgeFields({ halfLifeDays }: Pick<Settings, 'halfLifeDays'>) {
  const { setSettings } = useActions();
  return (
    <>
      <Switch
        label="Older events weigh less"
        checked={halfLifeDays !== null}
        onChange={() => setSettings({ halfLifeDays: halfLifeDays === null ? USUAL_HALF_LIFE_DAYS : null })}
      />
      {halfLifeDays !== null && (
        <div className={classes.indented}>
          <NumberSetting
            label="Half-life in days"
            description="Counted back from the end of the window"
            value={halfLifeDays}
            min={0.1}
            max={36500}
            decimals={1}
            onChange={(days) => setSettings({ halfLifeDays: days })}
          />
        </div>
      )}
    </>
  );
}

function IdfField({ idf }: Pick<Settings, 'idf'>) {
  const { setSettings } = useActions();
  return (
    <Switch
      mt={10}
      label="Rare texts weigh more (TF-IDF)"
      description="What few users have tells more of them than what all have"
      checked={idf}
      onChange={() => setSettings({ idf: !idf })}
    />
  );
}
