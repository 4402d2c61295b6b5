import { Checkbox, Slider } from '@mantine/core';
import { BEHAVIOUR_NAMES, BEHAVIOURS, type Behaviour, type BehaviourSettings } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import classes from './Profiles.module.css';
import { behaviourLack, behaviourWords } from './words.ts';

interface BehaviourProps {
  readonly behaviour: BehaviourSettings;
}

/** How much of a profile is what users do beside what they read. */
export function BehaviourWeight({ behaviour }: BehaviourProps) {
  const { setSettings } = useActions();
  return (
    <>
      <Slider
        size="sm"
        thumbLabel="Weight of behaviour"
        value={Math.round(100 * behaviour.weight)}
        min={0}
        max={100}
        step={5}
        label={(percent) => `${percent} %`}
        onChange={(percent) => setSettings({ behaviour: { ...behaviour, weight: percent / 100 } })}
      />
      <p className={classes.words} aria-live="polite">
        {behaviourWords(behaviour)}
      </p>
    </>
  );
}

/** What counts of what users do. */
export function BehaviourParts({ behaviour }: BehaviourProps) {
  const { setSettings } = useActions();
  const { features } = behaviour;
  const toggle = (name: Behaviour, on: boolean): void =>
    setSettings({ behaviour: { ...behaviour, features: BEHAVIOURS.filter((b) => (b === name ? on : features.includes(b))) } });
  return (
    <div className={classes.features}>
      {BEHAVIOURS.map((name) => (
        <Feature key={name} name={name} checked={features.includes(name)} onChange={(on) => toggle(name, on)} />
      ))}
    </div>
  );
}

function Feature({ name, checked, onChange }: { name: Behaviour; checked: boolean; onChange: (on: boolean) => void }) {
  const lack = useApp((s) => behaviourLack(name, s.mapping));
  const { name: label, what } = BEHAVIOUR_NAMES[name];
  return (
    <Checkbox
      size="xs"
      label={label}
      description={lack ?? what}
      checked={checked && lack === null}
      disabled={lack !== null}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
