import { Input, Select, Switch } from '@mantine/core';
import {
  type DriftSettings,
  type LayoutSettings,
  LEVEL_LINKAGES,
  type LeastChanges,
  type LevelLinkage,
  type LevelSettings,
  type MatchingSettings,
  type MembershipSettings,
  type Settings,
  type TrustSettings,
} from '../../domain/index.ts';
import { useActions } from '../app/store-context.tsx';
import { FieldGrid, NumberSetting } from './fields.tsx';
import classes from './SettingsPanel.module.css';
import { WordFields } from './WordFields.tsx';

export function AdvancedSettings({ settings }: { settings: Settings }) {
  return (
    <div style={{ paddingTop: 4 }}>
      <ReductionFields settings={settings} />
      <ClusterFields settings={settings} />
      <WordFields words={settings.words} />
      <LayoutFields layout={settings.layout} />
      <MatchingFields matching={settings.matching} />
      <TrustFields trust={settings.trust} />
      <ChangeFields change={settings.change} />
      <DriftFields drift={settings.drift} />
      <SensitivityFields settings={settings} />
      <LevelFields levels={settings.levels} membership={settings.membership} />
    </div>
  );
}

function ReductionFields({ settings }: { settings: Settings }) {
  const { setSettings } = useActions();
  return (
    <FieldGrid title="Reduction">
      <NumberSetting
        label="Dimensions kept (PCA)"
        value={settings.dims}
        min={2}
        max={512}
        onChange={(dims) => setSettings({ dims })}
      />
    </FieldGrid>
  );
}

/** Only what the chosen way of segmenting heeds; density has its fields in the panel above. */
function ClusterFields({ settings }: { settings: Settings }) {
  const { setSettings } = useActions();
  const { algorithm, k, mode, levels } = settings;
  const byMeans = algorithm === 'kmeans' || algorithm === 'consensus';
  const chosen = k === 'auto' && (byMeans || algorithm === 'hierarchy');
  if (!byMeans && !chosen && levels.linkage !== 'bisecting') return null;
  return (
    <FieldGrid title="Segments">
      {(byMeans || levels.linkage === 'bisecting') && (
        <>
          <NumberSetting label="Restarts" value={settings.nInit} min={1} max={100} onChange={(nInit) => setSettings({ nInit })} />
          <NumberSetting
            label="Iterations at most"
            value={settings.maxIterations}
            min={1}
            max={10000}
            onChange={(maxIterations) => setSettings({ maxIterations })}
          />
        </>
      )}
      {byMeans && (
        <NumberSetting
          label="Mini-batches above"
          description="Profiles in one k-means fit"
          value={settings.miniBatchAbove}
          min={100}
          max={1_000_000_000}
          onChange={(miniBatchAbove) => setSettings({ miniBatchAbove })}
        />
      )}
      {chosen && mode === 'evolving' && (
        <NumberSetting
          label="Silhouette gain to leave the common k"
          value={settings.kTolerance}
          min={0}
          max={1}
          step={0.005}
          decimals={3}
          onChange={(kTolerance) => setSettings({ kTolerance })}
        />
      )}
      {chosen && (
        <>
          <NumberSetting
            label="Profiles for the silhouette"
            value={settings.silhouetteSample}
            min={10}
            max={100000}
            onChange={(silhouetteSample) => setSettings({ silhouetteSample })}
          />
          <NumberSetting
            label="Stability of k: half-samples"
            description="0 = not measured"
            value={settings.kStabilityRuns}
            min={0}
            max={1000}
            onChange={(kStabilityRuns) => setSettings({ kStabilityRuns })}
          />
        </>
      )}
    </FieldGrid>
  );
}

function LayoutFields({ layout }: { layout: LayoutSettings }) {
  const { setSettings } = useActions();
  const set = (change: Partial<LayoutSettings>): void => setSettings({ layout: { ...layout, ...change } });
  return (
    <FieldGrid title="Map layout (UMAP)">
      <NumberSetting
        label="Neighbours"
        value={layout.neighbours}
        min={2}
        max={200}
        onChange={(neighbours) => set({ neighbours })}
      />
      <NumberSetting
        label="Least distance"
        value={layout.minDist}
        min={0}
        max={1}
        step={0.05}
        decimals={3}
        onChange={(minDist) => set({ minDist })}
      />
      <NumberSetting label="Epochs" value={layout.epochs} min={1} max={10000} onChange={(epochs) => set({ epochs })} />
      <NumberSetting
        label="Profiles fitted at most"
        value={layout.maxFit}
        min={50}
        max={50000}
        onChange={(maxFit) => set({ maxFit })}
      />
      <NumberSetting
        label="Alignment of windows"
        description="Keeps users in place; 0 = off"
        value={layout.alignment}
        min={0}
        max={1}
        step={0.1}
        decimals={2}
        onChange={(alignment) => set({ alignment })}
      />
    </FieldGrid>
  );
}

type ShareKey = Exclude<keyof MatchingSettings, 'minCommonUsers'>;

const SHARES: readonly (readonly [ShareKey, string])[] = [
  ['surviveShare', 'Survive: overlap'],
  ['minCommonShare', 'Least share of common users'],
  ['splitShare', 'Split: share of the old'],
  ['splitPurity', 'Split: share of each new'],
  ['splitCover', 'Split: cover of the old'],
  ['mergeShare', 'Merge: share of the new'],
  ['mergePurity', 'Merge: share of each old'],
  ['mergeCover', 'Merge: cover of the new'],
];

function MatchingFields({ matching }: { matching: MatchingSettings }) {
  const { setSettings } = useActions();
  const set = (change: Partial<MatchingSettings>): void => setSettings({ matching: { ...matching, ...change } });
  return (
    <FieldGrid title="Tracking thresholds">
      <Input.Wrapper size="xs">
        <NumberSetting
          label="Fewest common users"
          value={matching.minCommonUsers}
          min={1}
          max={100000}
          onChange={(minCommonUsers) => set({ minCommonUsers })}
        />
      </Input.Wrapper>
      {SHARES.map(([key, label]) => (
        <NumberSetting
          key={key}
          label={label}
          value={matching[key]}
          min={0}
          max={1}
          step={0.05}
          decimals={2}
          onChange={(value) => set({ [key]: value })}
        />
      ))}
    </FieldGrid>
  );
}

const TRUST_SHARES: readonly (readonly [Exclude<keyof TrustSettings, 'refits' | 'bootstraps'>, string])[] = [
  ['stableP', 'Stable: largest p'],
  ['changeP', 'Stable change: largest p'],
  ['noiseP', 'Tentative: largest p'],
  ['stable', 'Stable: least stability'],
  ['unstable', 'Tentative: least stability'],
];

function TrustFields({ trust }: { trust: TrustSettings }) {
  const { setSettings } = useActions();
  const set = (change: Partial<TrustSettings>): void => setSettings({ trust: { ...trust, ...change } });
  return (
    <FieldGrid title="Trust">
      <NumberSetting label="No-change re-fits" value={trust.refits} min={0} max={100000} onChange={(refits) => set({ refits })} />
      <NumberSetting
        label="Bootstraps a window"
        value={trust.bootstraps}
        min={0}
        max={100000}
        onChange={(bootstraps) => set({ bootstraps })}
      />
      {TRUST_SHARES.map(([key, label]) => (
        <NumberSetting
          key={key}
          label={label}
          value={trust[key]}
          min={0}
          max={1}
          step={0.01}
          decimals={2}
          onChange={(value) => set({ [key]: value })}
        />
      ))}
    </FieldGrid>
  );
}

const CHANGES: readonly (readonly [keyof LeastChanges, label: string, what: string, max: number])[] = [
  ['size', 'Least growth', 'As a share of the size before', 1],
  ['compactness', 'Least change of compactness', 'Mean cosine to the centre', 1],
  ['shift', 'Least shift of the centre', '1 − cosine', 2],
];

function ChangeFields({ change }: { change: LeastChanges }) {
  const { setSettings } = useActions();
  return (
    <FieldGrid title="Changes of segments that go on">
      {CHANGES.map(([key, label, description, max]) => (
        <NumberSetting
          key={key}
          label={label}
          description={description}
          value={change[key]}
          min={0}
          max={max}
          step={key === 'size' ? 0.05 : 0.001}
          decimals={4}
          onChange={(value) => setSettings({ change: { ...change, [key]: value } })}
        />
      ))}
    </FieldGrid>
  );
}

function DriftFields({ drift }: { drift: DriftSettings }) {
  const { setSettings } = useActions();
  const set = (change: Partial<DriftSettings>): void => setSettings({ drift: { ...drift, ...change } });
  return (
    <FieldGrid title="Drift">
      <NumberSetting
        label="Permutations of users"
        value={drift.permutations}
        min={0}
        max={100000}
        onChange={(permutations) => set({ permutations })}
      />
      <NumberSetting
        label="Random features (even)"
        value={drift.features}
        min={2}
        max={8192}
        step={2}
        onChange={(features) => set({ features })}
      />
    </FieldGrid>
  );
}

function SensitivityFields({ settings }: { settings: Settings }) {
  const { setSettings } = useActions();
  return (
    <FieldGrid title="Sensitivity">
      <Switch
        className={classes.switch}
        label="Try other k, seeds and windows"
        description={
          settings.lookAhead ? undefined : 'Not without look-ahead: other choices are compared with the windows after.'
        }
        disabled={!settings.lookAhead}
        checked={settings.sensitivity && settings.lookAhead}
        onChange={() => setSettings({ sensitivity: !settings.sensitivity })}
      />
    </FieldGrid>
  );
}

const LINKAGE_WORDS: Readonly<Record<LevelLinkage, string>> = {
  ward: 'Ward, from the bottom up',
  average: 'Average linkage, from the bottom up',
  bisecting: 'Bisecting k-means, from the top down',
};

/** What is chosen anew puts the cuts by rule in place of those that a run has recorded. */
function LevelFields({ levels, membership }: { levels: LevelSettings; membership: MembershipSettings }) {
  const { setSettings } = useActions();
  const set = (change: Partial<LevelSettings>): void => setSettings({ levels: { ...levels, cuts: [], ...change } });
  const setMembership = (change: Partial<MembershipSettings>): void => setSettings({ membership: { ...membership, ...change } });
  return (
    <FieldGrid title="Interest levels">
      <NumberSetting label="Levels" value={levels.count} min={2} max={4} onChange={(count) => set({ count })} />
      <Select
        label="Tree of the segments"
        data={LEVEL_LINKAGES.map((value) => ({ value, label: LINKAGE_WORDS[value] }))}
        value={levels.linkage}
        allowDeselect={false}
        onChange={(value) => value && set({ linkage: value as LevelLinkage })}
      />
      <Select
        label="Levels are cut by"
        data={[
          { value: 'count', label: 'Number of groups' },
          { value: 'height', label: 'Height in the tree' },
        ]}
        value={levels.cut}
        allowDeselect={false}
        onChange={(value) => value && set({ cut: value as LevelSettings['cut'] })}
      />
      <NumberSetting
        label="Temperature of mixtures"
        value={membership.temperature}
        min={0.001}
        max={10}
        step={0.05}
        decimals={3}
        onChange={(temperature) => setMembership({ temperature })}
      />
      <NumberSetting
        label="Least share of a second interest"
        value={membership.secondaryShare}
        min={0}
        max={1}
        step={0.05}
        decimals={2}
        onChange={(secondaryShare) => setMembership({ secondaryShare })}
      />
    </FieldGrid>
  );
}
