import { ActionIcon, SegmentedControl, Tooltip } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { type PointerEvent, useMemo, useState } from 'react';
import { layoutTimeline, type Timeline } from '../../charts/index.ts';
import type { AnalysisResult, WindowSummary } from '../../domain/index.ts';
import { SPEEDS, type Speed } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { plural } from '../common/format.ts';
import { Tip, type TipState } from '../common/Tip.tsx';
import classes from './Scrubber.module.css';
import { usePlayback, useTogglePlay } from './use-playback.ts';

const BAR_HEIGHT = 30;
const AXIS_HEIGHT = 20;

/** Play, speed, and the windows as bars of their users; drag or use the keyboard to move through time. */
export const Scrubber = ({ result }: { result: AnalysisResult }) => (
  <div className={classes.scrubber}>
    <PlayButton result={result} />
    <Track result={result} />
    <SpeedControl />
  </div>
);

function PlayButton({ result }: { result: AnalysisResult }) {
  usePlayback(result);
  const playing = useApp((s) => s.view.playing);
  const toggle = useTogglePlay(result);
  const label = playing ? 'Pause' : 'Play';
  const Icon = playing ? IconPlayerPauseFilled : IconPlayerPlayFilled;
  return (
    <Tooltip label={`${label} (space)`}>
      <ActionIcon size={34} radius="xl" aria-label={label} onClick={toggle} disabled={result.windows.length < 2}>
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

function SpeedControl() {
  const speed = useApp((s) => s.view.speed);
  const { setSpeed } = useActions();
  return (
    <SegmentedControl
      size="xs"
      aria-label="Speed"
      data={SPEEDS.map((s) => ({ value: String(s), label: `${s === 0.5 ? '½' : s}×` }))}
      value={String(speed)}
      onChange={(value) => setSpeed(Number(value) as Speed)}
    />
  );
}

function Track({ result }: { result: AnalysisResult }) {
  const window = useApp((s) => s.view.window);
  const { setWindow, setPlaying } = useActions();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [tip, setTip] = useState<TipState | null>(null);
  const timeline = useMemo(() => layoutTimeline(result.windows, { width, height: BAR_HEIGHT }, 2), [result, width]);
  const indexOf = (event: PointerEvent<HTMLElement>): number =>
    timeline.indexAt(event.clientX - event.currentTarget.getBoundingClientRect().left);
  const scrub = (event: PointerEvent<HTMLElement>): void => {
    setPlaying(false);
    setWindow(indexOf(event));
  };
  const current = result.windows[window];
  return (
    <div
      ref={ref}
      className={classes.track}
      role="slider"
      tabIndex={0}
      aria-label="Time window"
      aria-valuemin={0}
      aria-valuemax={result.windows.length - 1}
      aria-valuenow={window}
      aria-valuetext={current?.name ?? ''}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        scrub(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) scrub(event);
        const over = result.windows[indexOf(event)];
        if (over) setTip({ x: timeline.centre(indexOf(event)), y: BAR_HEIGHT, content: <WindowFacts window={over} /> });
      }}
      onPointerLeave={() => setTip(null)}
    >
      <TrackDrawing timeline={timeline} window={window} width={width} />
      <Tip tip={tip} width={width} height={BAR_HEIGHT} />
    </div>
  );
}

const TrackDrawing = ({ timeline, window, width }: { timeline: Timeline; window: number; width: number }) => (
  <svg width={width} height={BAR_HEIGHT + AXIS_HEIGHT} aria-hidden="true" className={classes.drawing}>
    <defs>
      <pattern id="partial" width={4} height={4} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width={4} height={4} className={classes.hatchGround} />
        <line x1={0} y1={0} x2={0} y2={4} className={classes.hatch} />
      </pattern>
    </defs>
    {timeline.bars.map((b) => (
      <g key={b.index} className={classes.window} data-current={b.index === window || undefined}>
        <rect {...b.band} className={classes.band} rx={3} />
        <rect {...b.bar} className={classes.bar} />
        {b.partial && <rect {...b.bar} fill="url(#partial)" />}
        {b.empty && (
          <line
            x1={b.bar.x + 1}
            x2={b.bar.x + b.bar.width - 1}
            y1={BAR_HEIGHT - 1}
            y2={BAR_HEIGHT - 1}
            className={classes.none}
          />
        )}
      </g>
    ))}
    <line x1={0} x2={width} y1={BAR_HEIGHT + 0.5} y2={BAR_HEIGHT + 0.5} className={classes.axis} />
    {timeline.ticks.map((tick) => (
      <text
        key={tick.index}
        x={tick.x}
        y={BAR_HEIGHT + 14}
        textAnchor="middle"
        className={classes.tick}
        data-current={tick.index === window || undefined}
      >
        {tick.label}
      </text>
    ))}
  </svg>
);

const WindowFacts = ({ window }: { window: WindowSummary }) => (
  <>
    <b>{window.name}</b>
    {window.events === 0 ? (
      <div>No events</div>
    ) : (
      <div>
        {plural(window.profiles, 'user')}
        {window.thin > 0 ? `, ${window.thin} more with too few events` : ''} · {plural(window.events, 'event')}
      </div>
    )}
    {window.partial && <div>Partial: the data covers less than 90 % of it.</div>}
  </>
);
