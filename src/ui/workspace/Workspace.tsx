import { Tabs } from '@mantine/core';
import type { AnalysisResult } from '../../domain/index.ts';
import { AccountingPanel } from '../accounting/AccountingPanel.tsx';
import { Troubles } from '../common/Troubles.tsx';
import { DetailsPanel } from '../details/DetailsPanel.tsx';
import { EventList } from '../events/EventList.tsx';
import { Lineage } from '../lineage/Lineage.tsx';
import { MapView } from '../map/MapView.tsx';
import { MovementPanel } from '../movement/MovementPanel.tsx';
import { SegmentList } from '../segments/SegmentList.tsx';
import { Scrubber } from '../timeline/Scrubber.tsx';
import { usePlaybackKeys } from '../timeline/use-playback.ts';
import { TopBar } from './TopBar.tsx';
import { useEscape } from './use-escape.ts';
import classes from './Workspace.module.css';

/** The result: segments, map and time, lineage, and the side panel. A selection in one is the selection in all. */
export function Workspace({ result }: { result: AnalysisResult }) {
  usePlaybackKeys(result);
  useEscape();
  return (
    <div className={classes.page}>
      <TopBar result={result} />
      <div className={classes.troubles}>
        <Troubles />
      </div>
      <main className={classes.main}>
        <section className={classes.segments} aria-label="Segments">
          <SegmentList result={result} />
        </section>
        <section className={classes.map} aria-label="Map">
          <MapView result={result} />
          <Scrubber result={result} />
        </section>
        <section className={classes.lineage} aria-label="Lineage">
          <Lineage result={result} />
        </section>
        <aside className={classes.side} aria-label="Details">
          <SidePanel result={result} />
        </aside>
      </main>
    </div>
  );
}

const SidePanel = ({ result }: { result: AnalysisResult }) => (
  <Tabs defaultValue="details" keepMounted={false} classNames={{ root: classes.tabs, panel: classes.panel, tab: classes.tab }}>
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
