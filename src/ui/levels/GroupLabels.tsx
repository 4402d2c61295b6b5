import { nodesOfCut } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { useLitSegments } from '../common/use-lit.ts';
import classes from './Levels.module.css';
import type { TreeDrawing } from './Tree.tsx';

/** Between a label and the lines of the cuts. */
const GAP = 5;
/** A narrower label says nothing. */
const LEAST = 44;
/** Fits between two rows of the tree. */
const HEIGHT = 14;

/** Names of a level's groups, on their branches right of its cut. A tip's name stands at its end, a group of a coarser level has its name there. */
export function GroupLabels({ result, cuts, layout, branches, width }: TreeDrawing) {
  const { selectNode, hoverNode } = useActions();
  const selected = useApp((s) => s.view.node);
  const lit = useLitSegments(result);
  const { tree } = result.levels;
  const levels = cuts.map(({ groups }) => nodesOfCut(tree, groups));
  const drawn = new Map(layout.nodes.map((n) => [n.node, n]));
  return levels.flatMap((nodes, level) => {
    const left = (cuts[level]?.x ?? 0) + GAP;
    const room = (cuts[level + 1]?.x ?? width) - GAP - left;
    if (room < LEAST) return [];
    return nodes.flatMap((node) => {
      const place = drawn.get(node);
      if (!place || place.tip || levels[level - 1]?.includes(node)) return [];
      const isLit = lit === null || branches.get(node)?.segments.every((segment) => lit.has(segment));
      return (
        <button
          key={node}
          type="button"
          data-node={node}
          className={`${classes.group} mu-focus`}
          style={{ left, top: place.y - HEIGHT / 2, height: HEIGHT, maxWidth: room }}
          data-dimmed={!isLit || undefined}
          aria-pressed={node === selected}
          aria-label={`Level ${level + 1}: ${tree.names[node]}`}
          title={tree.names[node]}
          onClick={() => selectNode(node === selected ? null : node)}
          onPointerEnter={() => hoverNode(node)}
          onPointerLeave={() => hoverNode(null)}
        >
          {tree.names[node]}
        </button>
      );
    });
  });
}
