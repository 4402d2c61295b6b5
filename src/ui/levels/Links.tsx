import { useActions, useApp } from '../app/store-context.tsx';
import { useTrackColours } from '../common/use-colours.ts';
import { useLitSegments } from '../common/use-lit.ts';
import classes from './Levels.module.css';
import type { TreeDrawing } from './Tree.tsx';

/** The lines of the tree: in a track's colour where they hold that track alone. */
export function Links({ result, layout, branches }: TreeDrawing) {
  const { selectNode, hoverNode } = useActions();
  const selected = useApp((s) => s.view.node);
  const lit = useLitSegments(result);
  const colours = useTrackColours(result);
  return layout.nodes.map(({ node, path }) => {
    const branch = branches.get(node);
    if (!branch) return null;
    const isLit = lit === null || branch.segments.every((segment) => lit.has(segment));
    return (
      <g key={node}>
        <path
          d={path}
          className={classes.link}
          stroke={branch.track === null ? 'var(--mantine-color-dimmed)' : colours(branch.track)}
          strokeOpacity={isLit ? 1 : 0.28}
          strokeWidth={node === selected ? 3 : isLit && lit !== null ? 2.2 : 1.4}
        />
        <path
          d={path}
          className={classes.reach}
          onPointerEnter={() => hoverNode(node)}
          onPointerLeave={() => hoverNode(null)}
          onPointerDown={() => selectNode(node === selected ? null : node)}
        />
      </g>
    );
  });
}
