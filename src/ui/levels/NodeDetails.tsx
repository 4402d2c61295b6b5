import { Text } from '@mantine/core';
import { type AnalysisResult, leavesUnder, nodesOfCut } from '../../domain/index.ts';
import { type BranchPart, cutsOf, sizesUnder, tracksUnder } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { ClearButton } from '../common/ClearButton.tsx';
import { plural } from '../common/format.ts';
import { Section } from '../common/Panel.tsx';
import { Swatch } from '../common/Swatch.tsx';
import { useTrackColours, useTrackNames } from '../common/use-colours.ts';
import detailClasses from '../details/Details.module.css';
import { SizeSparkline } from '../details/SizeSparkline.tsx';
import classes from './NodeDetails.module.css';

/** A node of the interest tree: its words, its users in each window, the tracks in it. */
export function NodeDetails({ result, node }: { result: AnalysisResult; node: number }) {
  const { tree } = result.levels;
  const colours = useTrackColours(result);
  const parts = tracksUnder(result, node);
  const terms = tree.terms[node] ?? [];
  return (
    <>
      <Section>
        <Head result={result} node={node} parts={parts} />
      </Section>
      <Section title="Users over time">
        <SizeSparkline
          result={result}
          values={sizesUnder(result, node)}
          colour={parts.length === 1 ? colours(parts[0]?.track ?? null) : 'var(--mantine-primary-color-filled)'}
        />
      </Section>
      <Section title="Tracks in it">
        <ul className={classes.tracks}>
          {parts.map((part) => (
            <TrackRow key={part.track} result={result} part={part} />
          ))}
        </ul>
        {parts.some((part) => part.windows < part.ofWindows) && (
          <p className={classes.note}>
            A track that is here with some of its windows only has drifted: in its others it is more like another group.
          </p>
        )}
      </Section>
      {terms.length > 0 && (
        <Section title="Words">
          <ul className={detailClasses.terms}>
            {terms.map((term) => (
              <li key={term}>{term}</li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Head({ result, node, parts }: { result: AnalysisResult; node: number; parts: readonly BranchPart[] }) {
  const { selectNode } = useActions();
  const cuts = useApp((s) => cutsOf(result, s.view));
  const { tree } = result.levels;
  const levels = [...cuts.keys()].filter((level) => nodesOfCut(tree, cuts[level] as number).includes(node));
  const where =
    levels.length === 0 ? 'Between the levels' : `Level ${levels.map((level) => level + 1).join(' and ')} of ${cuts.length}`;
  return (
    <div className={detailClasses.head}>
      <div className={detailClasses.name}>
        <Text fw={600} size="md" style={{ lineHeight: 1.3 }}>
          {tree.names[node]}
        </Text>
        <ClearButton label="Clear the selection" onClear={() => selectNode(null)} />
      </div>
      <Text size="xs" c="dimmed">
        {where} · {plural(parts.length, 'track')}, {plural(leavesUnder(tree, node).length, 'segment')}
      </Text>
    </div>
  );
}

function TrackRow({ result, part }: { result: AnalysisResult; part: BranchPart }) {
  const { selectTrack, hoverTrack } = useActions();
  const name = useTrackNames(result)(part.track);
  const colour = useTrackColours(result)(part.track);
  const windows =
    part.windows < part.ofWindows ? `${part.windows} of ${plural(part.ofWindows, 'window')}` : plural(part.windows, 'window');
  return (
    <li>
      <button
        type="button"
        className={`${classes.track} mu-focus`}
        title={name}
        onClick={() => selectTrack(part.track)}
        onPointerEnter={() => hoverTrack(part.track)}
        onPointerLeave={() => hoverTrack(null)}
      >
        <Swatch colour={colour} />
        <span className={classes.name}>{name}</span>
        <span className={classes.windows}>{windows}</span>
      </button>
    </li>
  );
}
