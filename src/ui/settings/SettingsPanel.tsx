import { Button, Collapse, Input, SegmentedControl, Select, Switch, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import {
  ALGORITHMS,
  type Algorithm,
  AUTO_K_RULE,
  DEFAULT_SETTINGS,
  type DensitySettings,
  MODES,
  type Mode,
  type Settings,
} from '../../domain/index.ts';
import { type Environment, sameValue, settingsProblems, windowsHint } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Note } from '../common/Note.tsx';
import { Section } from '../common/Panel.tsx';
import { ZONES } from '../common/zones.ts';
import { AdvancedSettings } from './AdvancedSettings.tsx';
import { FieldGrid, NumberSetting } from './fields.tsx';
import classes from './SettingsPanel.module.css';

const CALENDAR = ['hour', 'day', 'week', 'month', 'quarter', 'year'];

/** Every choice that changes a result; the seldom ones are folded away. */
export function SettingsPanel() {
  const settings = useApp((s) => s.settings);
  const { setSettings } = useActions();
  const [advanced, { toggle }] = useDisclosure(false);
  const Chevron = advanced ? IconChevronDown : IconChevronRight;
  return (
    <>
      <div className={classes.head}>
        <Title order={2} size="md">
          Settings
        </Title>
        {!sameValue(settings, DEFAULT_SETTINGS) && (
          <Button variant="subtle" size="compact-xs" onClick={() => setSettings(DEFAULT_SETTINGS)}>
            Reset to defaults
          </Button>
        )}
      </div>
      <FieldGrid>
        <ModeField settings={settings} />
        <WindowField settings={settings} />
        <ZoneField settings={settings} />
        <NumberSetting
          label="Events a user needs in a window"
          value={settings.minEvents}
          min={1}
          onChange={(minEvents) => setSettings({ minEvents })}
        />
        <AlgorithmField settings={settings} />
        {COUNTED.includes(settings.algorithm) ? <SegmentCount settings={settings} /> : <DensityFields settings={settings} />}
        <DeviceField settings={settings} />
        <NumberSetting label="Seed" value={settings.seed} min={0} onChange={(seed) => setSettings({ seed })} />
      </FieldGrid>
      <WindowsNote />
      <div className={classes.group}>
        <Switch
          label="No look-ahead"
          description="Each window is made of data up to its end only, so that later data leave it as it was. The tree of interest levels alone is of all windows."
          checked={!settings.lookAhead}
          onChange={() => setSettings({ lookAhead: !settings.lookAhead })}
        />
      </div>
      <UnstyledButton className={classes.advanced} onClick={toggle} aria-expanded={advanced}>
        <Chevron size={15} /> Advanced settings
      </UnstyledButton>
      <Collapse expanded={advanced}>
        <AdvancedSettings settings={settings} />
      </Collapse>
    </>
  );
}

/** Before the run, where the events that were surveyed make odd windows. */
function WindowsNote() {
  const hint = useApp((s) => s.survey.survey && windowsHint(s.settings.windows, s.survey.survey.overTime));
  return (
    hint && (
      <Section>
        <Note tone="caution">{hint}</Note>
      </Section>
    )
  );
}

function WindowField({ settings }: { settings: Settings }) {
  const { setSettings } = useActions();
  const custom = !CALENDAR.includes(settings.windows);
  const problem = settingsProblems(settings).windows;
  const options = [...CALENDAR.map((value) => ({ value, label: capital(value) })), { value: 'custom', label: 'Custom length…' }];
  return (
    <>
      <Select
        label="Window"
        data={options}
        value={custom ? 'custom' : settings.windows}
        allowDeselect={false}
        onChange={(value) => setSettings({ windows: value === 'custom' ? 'P14D' : (value ?? 'month') })}
      />
      {custom && (
        <TextInput
          label="Length, or length/step"
          value={settings.windows}
          error={problem}
          description="P14D: 14 days. P28D/P7D: 28 days, every 7"
          onChange={(event) => setSettings({ windows: event.currentTarget.value.trim() })}
        />
      )}
    </>
  );
}

function ZoneField({ settings }: { settings: Settings }) {
  const { setSettings } = useActions();
  const zones = ZONES.includes(settings.timeZone) ? ZONES : [settings.timeZone, ...ZONES];
  return (
    <Select
      label="Time zone"
      data={zones}
      value={settings.timeZone}
      searchable
      limit={200}
      allowDeselect={false}
      error={settingsProblems(settings).timeZone}
      onChange={(value) => value && setSettings({ timeZone: value })}
    />
  );
}

const MODE_WORDS: Readonly<Record<Mode, { readonly label: string; readonly use: string }>> = {
  evolving: {
    label: 'Evolving',
    use: 'Found anew in each window and followed through time: to see segments form, split, merge and vanish.',
  },
  global: {
    label: 'Global',
    use: 'Found once over all windows and then fixed: to see users move between segments that stay the same.',
  },
};

function ModeField({ settings: { mode } }: { settings: Settings }) {
  const { setSettings } = useActions();
  return (
    <Input.Wrapper label="Segments through time" size="xs" className={classes.mode}>
      <div>
        <SegmentedControl
          size="xs"
          aria-label="Segments through time"
          data={MODES.map((value) => ({ value, label: MODE_WORDS[value].label }))}
          value={mode}
          onChange={(value) => setSettings({ mode: value as Mode })}
        />
        <Text size="sm" c="dimmed">
          {MODE_WORDS[mode].use}
        </Text>
      </div>
    </Input.Wrapper>
  );
}

const ALGORITHM_WORDS: Readonly<Record<Algorithm, string>> = {
  kmeans: 'k-means',
  hdbscan: 'Density (HDBSCAN)',
  dbscan: 'Density, eps (DBSCAN)',
  hierarchy: 'Hierarchy (Ward)',
  consensus: 'Consensus of k-means',
};
/** These are told how many segments to make; density finds that itself. */
const COUNTED: readonly Algorithm[] = ['kmeans', 'hierarchy', 'consensus'];

function AlgorithmField({ settings }: { settings: Settings }) {
  const { setSettings } = useActions();
  return (
    <Select
      label="Segments by"
      data={ALGORITHMS.map((value) => ({ value, label: ALGORITHM_WORDS[value] }))}
      value={settings.algorithm}
      allowDeselect={false}
      onChange={(value) => value && setSettings({ algorithm: value as Algorithm })}
    />
  );
}

function DensityFields({ settings: { algorithm, density } }: { settings: Settings }) {
  const { setSettings } = useActions();
  const set = (change: Partial<DensitySettings>): void => setSettings({ density: { ...density, ...change } });
  const auto = density.eps === 'auto';
  return (
    <>
      {algorithm === 'hdbscan' ? (
        <NumberSetting
          label="Users that make a segment"
          value={density.minClusterSize}
          min={2}
          max={100000}
          onChange={(minClusterSize) => set({ minClusterSize })}
        />
      ) : (
        <Select
          label="Reach (eps)"
          data={[
            { value: 'auto', label: 'Knee of the distances' },
            { value: 'fixed', label: 'Fixed' },
          ]}
          value={auto ? 'auto' : 'fixed'}
          allowDeselect={false}
          onChange={(value) => set({ eps: value === 'auto' ? 'auto' : 0.5 })}
        />
      )}
      {algorithm === 'dbscan' && density.eps !== 'auto' && (
        <NumberSetting
          label="eps"
          value={density.eps}
          min={0}
          max={2}
          step={0.05}
          decimals={3}
          onChange={(eps) => set({ eps })}
        />
      )}
      <NumberSetting
        label="Neighbours of a core user"
        value={density.minPts}
        min={1}
        max={100000}
        onChange={(minPts) => set({ minPts })}
      />
      {algorithm === 'hdbscan' && (
        <Select
          label="Clusters taken"
          data={[
            { value: 'eom', label: 'Most stable (excess of mass)' },
            { value: 'leaf', label: 'Finest (leaves)' },
          ]}
          value={density.selection}
          allowDeselect={false}
          onChange={(value) => set({ selection: value === 'leaf' ? 'leaf' : 'eom' })}
        />
      )}
      <NoiseFields reassign={density.reassign} onChange={(reassign) => set({ reassign })} />
    </>
  );
}

/** To start from; the result's slider shows what it does. */
const FIRST_SIMILARITY = 0.5;

function NoiseFields({ reassign, onChange }: { reassign: number | null; onChange: (reassign: number | null) => void }) {
  return (
    <>
      <Select
        label="Users in no segment (noise)"
        data={[
          { value: 'stay', label: 'Stay noise' },
          { value: 'join', label: 'Join the nearest if similar' },
        ]}
        value={reassign === null ? 'stay' : 'join'}
        allowDeselect={false}
        onChange={(value) => onChange(value === 'join' ? FIRST_SIMILARITY : null)}
      />
      {reassign !== null && (
        <NumberSetting
          label="Least similarity (cosine)"
          value={reassign}
          min={0}
          max={1}
          step={0.05}
          decimals={3}
          onChange={onChange}
        />
      )}
    </>
  );
}

function SegmentCount({ settings }: { settings: Settings }) {
  const { setSettings } = useActions();
  const auto = settings.k === 'auto';
  return (
    <>
      <Input.Wrapper label={settings.mode === 'global' ? 'Segments over all windows' : 'Segments a window'} size="xs">
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="How the number of segments is chosen"
          data={[
            { value: 'auto', label: 'Automatic' },
            { value: 'fixed', label: 'Fixed' },
          ]}
          value={auto ? 'auto' : 'fixed'}
          onChange={(value) => setSettings({ k: value === 'auto' ? 'auto' : 8 })}
        />
      </Input.Wrapper>
      {settings.k === 'auto' ? (
        <>
          <NumberSetting
            label="Fewest to try"
            value={settings.kMin}
            min={2}
            max={200}
            onChange={(kMin) => setSettings({ kMin })}
          />
          <NumberSetting
            label="Most to try"
            value={settings.kMax}
            min={2}
            max={200}
            error={settingsProblems(settings).kMax}
            onChange={(kMax) => setSettings({ kMax })}
          />
          {settings.mode !== 'global' && <p className={classes.rule}>How k is chosen. {AUTO_K_RULE}</p>}
        </>
      ) : (
        <NumberSetting label="Number of segments" value={settings.k} min={1} max={200} onChange={(k) => setSettings({ k })} />
      )}
    </>
  );
}

function DeviceField({ settings }: { settings: Settings }) {
  const { setSettings } = useActions();
  const environment = useApp((s) => s.environment);
  return (
    <Select
      label="Compute on"
      data={[{ value: 'auto', label: 'Automatic' }, { value: 'cpu', label: 'CPU' }, gpuChoice(environment)]}
      value={settings.device}
      allowDeselect={false}
      onChange={(value) => setSettings({ device: (value ?? 'auto') as Settings['device'] })}
    />
  );
}

function gpuChoice(environment: Environment | null) {
  if (environment?.software) return { value: 'webgpu', label: 'GPU (here only a software one)', disabled: true };
  const there = environment !== null && environment.webgpu !== null;
  return { value: 'webgpu', label: there ? 'GPU (WebGPU)' : 'GPU (no WebGPU here)', disabled: !there };
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
