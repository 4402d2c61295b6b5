import { useMemo } from 'react';
import { type AnalysisResult, leavesUnder, type TrackId } from '../../domain/index.ts';
import { segmentsOfTrack, sizesUnder } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { plural } from '../common/format.ts';
import { Swatch } from '../common/Swatch.tsx';
import { useTrackColours, useTrackNames, useWindowNames } from '../common/use-colours.ts';
import { useLitSegments } from '../common/use-lit.ts';
import classes from './Levels.module.css';
import type { TreeDrawing } from './Tree.tsx';

const GAP = 8;
const BARS = 60;
const BAR_HEIGHT = 12;

/** The branches that hold one track only, by name; a track that has drifted into parts has its windows beside it. One tab stop; up and down walk them. */
export function Tips({ result, layout, width }: TreeDrawing) {
  const tips = layout.nodes.filter((n) => n.tip);
  const selected = useApp((s) => s.view.node);
  const stop = tips.find(({ node }) => node === selected)?.node ?? tips[0]?.node;
  const most = useMemo(() => result.segments.reduce((top, { size }) => Math.max(top, size), 1), [result]);
  return tips.map(({ node, y }) => (
    <TipRow
      key={node}
      result={result}
      node={node}
      most={most}
      place={{ left: width + GAP, top: y - layout.row / 2, height: layout.row }}
      tabStop={node === stop}
    />
  ));
}

interface TipRowProps {
  readonly result: AnalysisResult;
  readonly node: number;
  /** Users of the largest segment. */
  readonly most: number;
  readonly place: { readonly left: number; readonly top: number; readonly height: number };
  readonly tabStop: boolean;
}

function TipRow({ result, node, most, place, tabStop }: TipRowProps) {
  const { selectNode, hoverNode } = useActions();
  const selected = useApp((s) => s.view.node === node);
  const lit = useLitSegments(result);
  const under = useMemo(() => leavesUnder(result.levels.tree, node), [result, node]);
  const track = result.segments[under[0] as number]?.track as TrackId;
  const colour = useTrackColours(result)(track);
  const name = useTrackNames(result)(track);
  const part = usePart(result, under, track);
  const isLit = lit === null || under.every((segment) => lit.has(segment));
  return (
    <button
      type="button"
      data-tip={node}
      className={`${classes.tip} mu-focus`}
      style={place}
      tabIndex={tabStop ? 0 : -1}
      data-dimmed={!isLit || undefined}
      aria-pressed={selected}
      aria-label={`${name}, ${part || plural(under.length, 'window')}`}
      title={part ? `${name}: its part of ${part}; the track has drifted` : name}
      onClick={() => selectNode(selected ? null : node)}
      onPointerEnter={() => hoverNode(node)}
      onPointerLeave={() => hoverNode(null)}
      onKeyDown={walk}
    >
      <SizeBars values={sizesUnder(result, node)} most={most} colour={colour} />
      <Swatch colour={colour} size={8} />
      <span className={classes.name}>{name}</span>
      {part && <span className={classes.part}>{part}</span>}
    </button>
  );
}

/** Users in each window. */
const SizeBars = ({ values, most, colour }: { values: readonly (number | null)[]; most: number; colour: string }) => {
  const step = BARS / values.length;
  const wide = Math.max(0.5, step - Math.min(1, step / 4));
  const tall = (value: number | null): number => (value ? Math.max(1, (BAR_HEIGHT * value) / most) : 0);
  const bar = (value: number | null, window: number): string =>
    `M${(window * step).toFixed(2)},${BAR_HEIGHT}v${-tall(value)}h${wide}v${tall(value)}Z`;
  return (
    <svg width={BARS} height={BAR_HEIGHT} className={classes.bars} aria-hidden="true">
      <path d={values.map(bar).join('')} fill={colour} />
    </svg>
  );
};

/** "2024-01 to 2024-05", where the track has other windows elsewhere in the tree; else ''. */
function usePart(result: AnalysisResult, under: readonly number[], track: TrackId): string {
  const windowNames = useWindowNames(result);
  return useMemo(() => {
    if (segmentsOfTrack(result, track).length === under.length) return '';
    const windows = under.map((leaf) => result.segments[leaf]?.window ?? 0);
    const [first, last] = [windowNames(Math.min(...windows)), windowNames(Math.max(...windows))];
    return first === last ? first : `${first} to ${last}`;
  }, [result, under, track, windowNames]);
}

function walk(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const tips = [...(event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[data-tip]') ?? [])];
  event.preventDefault();
  tips[tips.indexOf(event.currentTarget) + step]?.focus();
}
