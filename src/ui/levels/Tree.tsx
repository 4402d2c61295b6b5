import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import { type Dendrogram, layoutDendrogram } from '../../charts/index.ts';
import { type AnalysisResult, heightOfCut, leavesUnder, type TrackId } from '../../domain/index.ts';
import { trackBranches } from '../../state/index.ts';
import { Cuts } from './Cuts.tsx';
import { GroupLabels } from './GroupLabels.tsx';
import classes from './Levels.module.css';
import { Links } from './Links.tsx';
import { Tips } from './Tips.tsx';

/** Rows are at least a line of text tall, and no taller than reads well; more rows than fit scroll. */
const ROW = { least: 15, most: 30 } as const;
/** Room at the right for the names of the tips. */
const NAMES = 360;
const MARGIN = 26;
const PAD = 4;

export interface Branch {
  /** Segments under it. */
  readonly segments: readonly number[];
  /** The one track that they belong to; null for several. */
  readonly track: TrackId | null;
}

export interface Cut {
  /** 0 = the coarsest. */
  readonly level: number;
  readonly groups: number;
  /** Pixels. */
  readonly x: number;
}

export interface TreeDrawing {
  readonly result: AnalysisResult;
  readonly cuts: readonly Cut[];
  readonly layout: Dendrogram;
  /** Of every node that is drawn. */
  readonly branches: ReadonlyMap<number, Branch>;
  /** Of the tree without the names. */
  readonly width: number;
  readonly height: number;
}

/** The tree on its side, down to the branches that hold one track only. */
export function Tree({ result, cuts: counts }: { result: AnalysisResult; cuts: readonly number[] }) {
  const { ref, width: full, height: room } = useElementSize<HTMLDivElement>();
  const width = Math.max(0, full - NAMES);
  const tips = useMemo(() => trackBranches(result), [result]);
  const height = tips.length * Math.max(ROW.least, Math.min(ROW.most, (room - 2 * PAD) / tips.length));
  const layout = useMemo(() => {
    const users = (node: number): number =>
      leavesUnder(result.levels.tree, node).reduce((sum, leaf) => sum + (result.segments[leaf]?.size ?? 0), 0);
    return layoutDendrogram(result.levels.tree, { width, height, margin: MARGIN, tips, weight: users });
  }, [result, width, height, tips]);
  const branches = useMemo(() => describe(result, layout), [result, layout]);
  const cutAt = (groups: number): number => Math.max(2, layout.xOf(heightOfCut(result.levels.tree, groups)));
  const cuts = counts.map((groups, level): Cut => ({ level, groups, x: cutAt(groups) }));
  const drawing: TreeDrawing = { result, cuts, layout, branches, width, height };
  return (
    <>
      <div className={classes.strip}>
        <Cuts {...drawing} />
      </div>
      <div className={classes.scroll} ref={ref}>
        <div className={classes.stage} style={{ height: height + 2 * PAD }}>
          <svg width={full} height={height} className={classes.drawing} style={{ top: PAD }} aria-hidden="true">
            {cuts.map(({ level, x }) => (
              <line key={level} className={classes.cut} x1={x} x2={x} y1={-PAD} y2={height + PAD} />
            ))}
            <Links {...drawing} />
          </svg>
          <div className={classes.labels} style={{ top: PAD }}>
            <GroupLabels {...drawing} />
            <Tips {...drawing} />
          </div>
        </div>
      </div>
    </>
  );
}

function describe({ levels, segments }: AnalysisResult, layout: Dendrogram): Map<number, Branch> {
  return new Map(
    layout.nodes.map(({ node }) => {
      const under = leavesUnder(levels.tree, node);
      const tracks = new Set(under.map((leaf) => segments[leaf]?.track));
      const [track] = tracks;
      return [node, { segments: under, track: tracks.size === 1 && track !== undefined ? track : null }];
    }),
  );
}
