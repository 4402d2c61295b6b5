import { plural } from '../common/format.ts';
import { useTrackColours, useTrackNames } from '../common/use-colours.ts';
import { useLitSegments } from '../common/use-lit.ts';
import classes from './Lineage.module.css';
import type { LineageDrawing } from './Lineage.tsx';

/** Users flowing between segments, coloured by the track they come from, and fading stubs for those absent or thin before or after. */
export function Ribbons({ result, layout, onTip }: LineageDrawing) {
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  const lit = useLitSegments(result);
  const trackOf = (segment: number): number => result.segments[segment]?.track ?? 0;
  return (
    <>
      <StubGradients result={result} />
      {layout.stubs.map((stub) => (
        <rect
          key={`${stub.side}-${stub.segment}`}
          x={stub.x}
          y={stub.y}
          width={stub.width}
          height={stub.height}
          fill={`url(#stub-${stub.side}-${trackOf(stub.segment)})`}
          fillOpacity={lit === null || lit.has(stub.segment) ? 0.6 : 0.15}
          onPointerMove={(event) =>
            onTip({
              ...pointIn(event),
              content: `${plural(stub.users, 'user')} absent or with too few events ${stub.side === 'in' ? 'before' : 'after'}`,
            })
          }
        />
      ))}
      {layout.ribbons.map((ribbon) => {
        const [from, to] = [trackOf(ribbon.from), trackOf(ribbon.to)];
        const isLit = lit === null || lit.has(ribbon.from) || lit.has(ribbon.to);
        return (
          <path
            key={`${ribbon.from}-${ribbon.to}`}
            d={ribbon.path}
            className={classes.ribbon}
            fill={colours(from)}
            fillOpacity={isLit ? (lit === null ? 0.3 : 0.5) : 0.07}
            onPointerMove={(event) =>
              onTip({
                ...pointIn(event),
                content: (
                  <>
                    <b>{plural(ribbon.users, 'user')}</b>
                    <div>{from === to ? `stayed in ${names(from)}` : `${names(from)} → ${names(to)}`}</div>
                  </>
                ),
              })
            }
          />
        );
      })}
    </>
  );
}

/** Pixels within the drawing of the lineage. */
export function pointIn(event: React.PointerEvent<SVGElement>): { x: number; y: number } {
  const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
  return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
}

function StubGradients({ result }: { result: LineageDrawing['result'] }) {
  const colours = useTrackColours(result);
  return (
    <defs>
      {result.tracks.flatMap(({ id }) =>
        (['in', 'out'] as const).map((side) => (
          <linearGradient key={`${side}-${id}`} id={`stub-${side}-${id}`} x1={side === 'in' ? 1 : 0} x2={side === 'in' ? 0 : 1}>
            <stop offset="0" stopColor={colours(id)} stopOpacity={0.75} />
            <stop offset="1" stopColor={colours(id)} stopOpacity={0} />
          </linearGradient>
        )),
      )}
    </defs>
  );
}
