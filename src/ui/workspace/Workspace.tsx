import { SegmentedControl, Tabs } from '@mantine/core';
import type { AnalysisResult } from '../../domain/index.ts';
import type { LowerView, SideTab } from '../../state/index.ts';
import { AccountingPanel } from '../accounting/AccountingPanel.tsx';
import { useActions, useApp } from '../app/store-context.tsx';
import { Troubles } from '../common/Troubles.tsx';
import { DetailsPanel } from '../details/DetailsPanel.tsx';
import { EventList } from '../events/EventList.tsx';
import { LevelsPanel } from '../levels/LevelsPanel.tsx';
import { Lineage } from '../lineage/Lineage.tsx';
import { MapView } from '../map/MapView.tsx';
import { MovementPanel } from '../movement/MovementPanel.tsx';
import { SegmentList } from '../segments/SegmentList.tsx';
import { Scrubber } from '../timeline/Scrubber.tsx';
import { usePlaybackKeys } from '../timeline/use-playback.ts';
import { AddedNote } from './AddData.tsx';
import { TopBar } from './TopBar.tsx';
import { useEscape } from './use-escape.ts';
import classes from './Workspace.module.css';

/** The result: segments, map and time, lineage or levels, and the side panel. A selection in one is the selection in all. */
export function Workspace({ result }: { result: AnalysisResult }) {
  usePlaybackKeys(result);
  useEscape();
  return (
    <div className={classes.page}>
      <TopBar result={result} />
      <div className={classes.troubles}>
        <Troubles />
        <AddedNote result={result} />
      </div>
      <main className={classes.main}>
        <section className={classes.segments} aria-label="Segments">
          <SegmentList result={result} />
        </section>
        <section className={classes.map} aria-label="Map">
          <MapView result={result} />
          <Scrubber result={result} />
        </section>
        <LowerPanel result={result} />
        <aside className={classes.side} aria-label="Details">
          <SidePanel result={result} />
        </aside>
      </main>
    </div>
  );
}

/** Through time or by likeness: lineage, or the tree of interest levels. */
function LowerPanel({ result }: { result: AnalysisResult }) {
  const lower = useApp((s) => s.view.lower);
  const { showLower } = useActions();
  const title = (
    <SegmentedControl
      size="xs"
      aria-label="How segments hang together"
      value={lower}
      onChange={(value) => showLower(value as LowerView)}
      data={[
        { value: 'lineage', label: 'Lineage' },
        { value: 'levels', label: 'Levels' },
      ]}
    />
  );
  return (
    <section className={classes.lineage} aria-label={lower === 'lineage' ? 'Lineage' : 'Levels'}>
      {lower === 'lineage' ? <Lineage result={result} title={title} /> : <LevelsPanel result={result} title={title} />}
    </section>
  );
}

function SidePanel({ result }: { result: AnalysisResult }) {
  const tab = useApp((s) => s.view.tab);
  const { showTab } = useActions();
  return (
    <Tabs
      value={tab}
      onChange={(value) => showTab((value ?? 'details') as SideTab)}
      keepMounted={false}
      classNames={{ root: classes.tabs, panel: classes.panel, tab: classes.tab }}
    >
      <Tabs.List grow>
        <Tabs.Tab value="details">Details</Tabs.Tab>
        <Tabs.Tab value="changes">What changed</Tabs.Tab>
        <Tabs.Tab value="movement">Movement</Tabs.Tab>
        <Tabs.Tab value="data">Data</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="details">
        <DetailsPanel result={result} />
      </Tabs.Panel>
      <Tabs.Panel value="changes">
        <EventList result={result} />
      </Tabs.Panel>
      <Tabs.Panel value="movement">
        <MovementPanel result={result} />
      </Tabs.Panel>
      <Tabs.Panel value="data">
        <AccountingPanel result={result} />
      </Tabs.Panel>
    </Tabs>
  );
}
