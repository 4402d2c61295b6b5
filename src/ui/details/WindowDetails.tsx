import { Text } from '@mantine/core';
import type { AnalysisResult } from '../../domain/index.ts';
import { isFinding, noiseOf, segmentsOf, toldOf } from '../../state/index.ts';
import { useApp } from '../app/store-context.tsx';
import { count, decimal, share } from '../common/format.ts';
import { Facts, Section } from '../common/Panel.tsx';
import { useWindowNames } from '../common/use-colours.ts';
import { DensitySections } from '../density/DensitySections.tsx';
import { FindUser } from '../user/FindUser.tsx';
import { KChart } from './KChart.tsx';

export function WindowDetails({ result }: { result: AnalysisResult }) {
  const index = useApp((s) => s.view.window);
  const window = result.windows[index];
  const title = useWindowNames(result)(index);
  if (!window) return null;
  const choice = result.kChoices.find((c) => c.window === index || c.window === null);
  const quality = result.quality.find((q) => q.window === index);
  const noise = noiseOf(result, index);
  const findings = toldOf(result).filter((told) => told.event.window === index && isFinding(told)).length;
  return (
    <>
      <Section>
        <Text fw={600} size="md">
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          Select a segment in any view to see its words, its users over time and what happened to it; a dot of the map to see its
          user.
        </Text>
        <div style={{ marginTop: 8 }}>
          <FindUser result={result} />
        </div>
      </Section>
      <Section title="This window">
        <Facts
          facts={[
            ['Events', count(window.events)],
            ['Users in segments', count(window.profiles - noise)],
            noise > 0 ? ['Users in none (noise)', `${count(noise)} (${share(noise, window.profiles)})`] : null,
            window.thin > 0 ? ['Users with too few events', count(window.thin)] : null,
            ['Segments', count(segmentsOf(result, index).length)],
            ['Findings since the window before', count(findings)],
            window.partial ? ['Coverage', 'under 90 %'] : null,
          ]}
        />
      </Section>
      <DensitySections result={result} window={index} />
      {quality && (
        <Section title="How well the segments are set apart">
          <Facts
            facts={[
              choice?.window === null || result.density ? null : ['Silhouette (higher is better)', figure(quality.silhouette)],
              ['Davies-Bouldin (lower is better)', figure(quality.daviesBouldin)],
              ['Calinski-Harabasz (higher is better)', figure(quality.calinskiHarabasz)],
            ]}
          />
        </Section>
      )}
      {choice && window.profiles > 0 && !result.density && (
        <Section title={choice.window === null ? 'Number of segments, for all windows' : 'Number of segments'}>
          <KChart result={result} choice={choice} />
        </Section>
      )}
    </>
  );
}

const figure = (value: number | null): string => (value === null ? 'not known' : decimal(value));
