import { Button, Collapse, Input, SegmentedControl, Select, TextInput, Title, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { DEFAULT_SETTINGS, type Settings } from '../../domain/index.ts';
import { type Environment, sameValue, settingsProblems } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { AdvancedSettings } from './AdvancedSettings.tsx';
import { FieldGrid, NumberSetting } from './fields.tsx';
import classes from './SettingsPanel.module.css';

const CALENDAR = ['hour', 'day', 'week', 'month', 'quarter', 'year'];
const ZONES = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

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
        <WindowField settings={settings} />
        <ZoneField settings={settings} />
        <NumberSetting
          label="Events a user needs in a window"
          value={settings.minEvents}
          min={1}
          onChange={(minEvents) => setSettings({ minEvents })}
        />
        <SegmentCount settings={settings} />
        <DeviceField settings={settings} />
        <NumberSetting label="Seed" value={settings.seed} min={0} onChange={(seed) => setSettings({ seed })} />
      </FieldGrid>
      <UnstyledButton className={classes.advanced} onClick={toggle} aria-expanded={advanced}>
        <Chevron size={15} /> Advanced settings
      </UnstyledButton>
      <Collapse expanded={advanced}>
        <AdvancedSettings settings={settings} />
      </Collapse>
    </>
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

function SegmentCount({ settings }: { settings: Settings }) {
  const { setSettings } = useActions();
  const auto = settings.k === 'auto';
  return (
    <>
      <Input.Wrapper label="Segments a window (k-means)" size="xs">
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
