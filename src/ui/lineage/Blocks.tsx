import type { AlluvialBlock } from '../../charts/index.ts';
import { sizeChange } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { plural, signed } from '../common/format.ts';
import { useTrackColours, useTrackNames, useWindowNames } from '../common/use-colours.ts';
import { useLitSegments } from '../common/use-lit.ts';
import classes from './Lineage.module.css';
import type { LineageDrawing } from './Lineage.tsx';

/** One button a segment: selects its track and goes to its window. Only those of the current window are tab stops. */
export function Blocks({ result, layout, onTip, top }: LineageDrawing & { top: number }) {
  const { selectTrack, setWindow, hoverTrack } = useActions();
  const { window, track: selected } = useApp((s) => s.view);
  const lit = useLitSegments(result);
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  const windowNames = useWindowNames(result);
  const choose = (block: AlluvialBlock): void => {
    const at = result.segments[block.segment]?.window ?? 0;
    selectTrack(block.track === selected && at === window ? null : block.track);
    setWindow(at);
  };
  return layout.blocks.map((block) => {
    const segment = result.segments[block.segment];
    if (!segment) return null;
    const name = names(block.track);
    const when = result.windows[segment.window]?.name ?? '';
    const change = sizeChange(result, segment);
    return (
      <button
        key={block.segment}
        type="button"
        data-block={block.segment}
        tabIndex={segment.window === window ? 0 : -1}
        aria-label={`${name}, ${when}, ${plural(block.users, 'user')}`}
        aria-pressed={block.track === selected}
        className={classes.block}
        style={{
          left: block.x,
          top: block.y + top,
          width: block.width,
          height: Math.max(1, block.height),
          background: colours(block.track),
          opacity: lit === null || lit.has(block.segment) ? 1 : 0.3,
        }}
        onClick={() => choose(block)}
        onPointerEnter={() => hoverTrack(block.track)}
        onPointerLeave={() => hoverTrack(null)}
        onPointerMove={(event) =>
          onTip({
            x: block.x + event.nativeEvent.offsetX,
            y: block.y + top + event.nativeEvent.offsetY,
            content: (
              <>
                <b>{name}</b>
                <div>
                  {windowNames(segment.window)} · {plural(block.users, 'user')}
                  {change === null ? '' : ` (${signed(change)})`}
                </div>
              </>
            ),
          })
        }
      />
    );
  });
}
