import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconBlur, IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Camera, extentOf, fitCamera, type Size } from '../../charts/index.ts';
import type { AnalysisResult, AppError } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { ErrorNotice } from '../common/ErrorNotice.tsx';
import { count, plural, shorten } from '../common/format.ts';
import { Tip } from '../common/Tip.tsx';
import { useWindowNames } from '../common/use-colours.ts';
import { SearchField } from '../search/SearchField.tsx';
import { MapLabels } from './MapLabels.tsx';
import classes from './MapView.module.css';
import { MapPainter } from './painter.ts';
import { UserMark } from './UserMark.tsx';
import { useMapPointer } from './use-map-pointer.tsx';
import { useMotion } from './use-motion.ts';
import { trackOf, useScene } from './use-scene.ts';

const FIT_PADDING = 44;
const ZOOM_STEP = 0.6;

/** The users of a window as dots, moving when the window changes. */
export function MapView({ result }: { result: AnalysisResult }) {
  const window = useApp((s) => s.view.window);
  const speed = useApp((s) => s.view.speed);
  const fade = useApp((s) => s.view.fade);
  const { selectTrack, selectUser, setFade } = useActions();
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const [covered, setCovered] = useState(0);
  const drawn = useDrawn(result);
  const { host, painter, camera, setCamera, showAll, error } = usePainter(drawn, { width, height }, covered);
  const scene = useScene(drawn);
  const target = useMemo(() => scene(window), [scene, window]);
  const settled = useMotion(painter, target, window, speed);
  const pointer = useMapPointer({ result, pose: target, camera, size: { width, height }, settled });
  useEffect(() => {
    if (painter.current) painter.current.pointing = pointer.tip !== null;
  }, [painter, pointer.tip]);
  const summary = result.windows[window];
  return (
    <div
      ref={ref}
      className={classes.map}
      data-testid="map"
      data-points={target.users.length}
      data-window={window}
      data-settled={settled}
      data-lit={useLitCount(target.row)}
    >
      <div
        ref={host}
        className={classes.canvas}
        role="img"
        aria-label={`Map of ${plural(target.users.length, 'user')} in ${summary?.name ?? 'no window'}; near users have similar interests, the colour is the segment`}
        onPointerMove={pointer.onMove}
        onPointerLeave={pointer.onLeave}
        onPointerDown={pointer.onDown}
        onPointerUp={(event) => {
          const hit = pointer.hitOf(event);
          if (hit === undefined) return;
          selectTrack(hit === null ? null : trackOf(result, hit));
          selectUser(hit === null ? null : (result.profiles.user[hit] as number));
        }}
      />
      {camera && <MapLabels {...{ result, window, camera, covered }} size={{ width, height }} visible={settled && !error} />}
      {camera && settled && !error && <UserMark result={result} window={window} camera={camera} size={{ width, height }} />}
      {error && (
        <div className={classes.error}>
          <ErrorNotice error={error} />
        </div>
      )}
      {target.users.length === 0 && <EmptyWindow events={summary?.events ?? 0} />}
      <Legend result={result} window={window} />
      <SearchField result={result} onCover={setCovered} />
      <div className={classes.tools}>
        <Tool label="Zoom in" icon={IconPlus} onClick={() => camera && setCamera({ ...camera, zoom: camera.zoom + ZOOM_STEP })} />
        <Tool
          label="Zoom out"
          icon={IconMinus}
          onClick={() => camera && setCamera({ ...camera, zoom: camera.zoom - ZOOM_STEP })}
        />
        <Tool label="Show everything" icon={IconFocusCentered} onClick={showAll} />
        <Tool
          label={fade ? 'Show all users alike' : 'Fade users by how weakly they belong'}
          icon={IconBlur}
          pressed={fade}
          onClick={() => setFade(!fade)}
        />
      </div>
      <Tip tip={pointer.tip} width={width} height={height} />
    </div>
  );
}

/** Of the users that are shown, those who are at least half lit by a search; none without one. */
function useLitCount(rows: Uint32Array): number | undefined {
  const light = useApp((s) => s.search.hits?.light);
  return useMemo(() => light && rows.reduce((count, row) => count + ((light[row] as number) >= 0.5 ? 1 : 0), 0), [light, rows]);
}

/**
 * The result as it came first: while its trust is measured it becomes another twice a second, in which nothing that the map draws is new. Else each
 * would fit the map again, and hold up the way from one window to the next, which takes longer.
 */
function useDrawn(result: AnalysisResult): AnalysisResult {
  const [drawn, setDrawn] = useState(result);
  if (drawn.profiles === result.profiles) return drawn;
  setDrawn(result);
  return result;
}

/** What is left of the map beside a list, in pixels, at least: with less the list lies on it. */
const LEAST_BESIDE = 320;

/**
 * Makes the painter, fits the camera once the size is known, and cleans up.
 * @param covered pixels at the right that a list lies on: a map that is fitted moves out of its way, and back
 */
function usePainter(result: AnalysisResult, { width, height }: Size, covered: number) {
  const host = useRef<HTMLDivElement>(null);
  const painter = useRef<MapPainter | null>(null);
  const fitted = useRef<Camera | null>(null);
  const [camera, setCamera] = useState<Camera | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    if (!host.current) return;
    const made = new MapPainter(host.current, { onCamera: setCamera, onError: setError });
    painter.current = made;
    return () => {
      made.destroy();
      painter.current = null;
    };
  }, []);
  const fitBeside = useCallback(
    (list: number): void => {
      if (width === 0 || height === 0) return;
      const beside = width - list < LEAST_BESIDE ? 0 : list;
      fitted.current = fitCamera(extentOf(result.profiles), { width, height }, FIT_PADDING, beside);
      setCamera(fitted.current);
    },
    [result, width, height],
  );
  useEffect(() => fitBeside(0), [fitBeside]);
  // Who looks at a part of the map keeps it.
  const isFitted = useRef(true);
  isFitted.current = camera === fitted.current;
  useEffect(() => {
    if (isFitted.current) fitBeside(covered);
  }, [covered, fitBeside]);
  useEffect(() => {
    if (camera) painter.current?.setCamera(camera);
  }, [camera]);
  return { host, painter, camera, setCamera, showAll: () => fitBeside(covered), error };
}

const EmptyWindow = ({ events }: { events: number }) => (
  <div className={classes.empty}>
    <Text size="sm" fw={500}>
      {events === 0 ? 'No events in this window' : 'No users to place in this window'}
    </Text>
    <Text size="sm" c="dimmed">
      The window is kept and shown as empty. Tracks are matched across it.
    </Text>
  </div>
);

function Legend({ result, window }: { result: AnalysisResult; window: number }) {
  const summary = result.windows[window];
  const title = useWindowNames(result)(window);
  const query = useApp((s) => s.search.hits?.query);
  const standsOut = useApp((s) => s.search.hits?.standsOut);
  if (!summary || summary.events === 0) return null;
  return (
    <div className={classes.legend}>
      <span>
        <b>{title}</b>
        {summary.partial ? ' (partial)' : ''}
      </span>
      <span>{plural(summary.profiles, 'user')}, coloured by segment</span>
      {query !== undefined && (
        <span className={classes.query} title={query}>
          {standsOut ? 'Bright: near to' : 'Nothing stands out for'} “{shorten(query, 28)}”
        </span>
      )}
      {summary.thin > 0 && (
        <span className={classes.thin}>
          <i /> {count(summary.thin)} with fewer than {result.settings.minEvents} events
        </span>
      )}
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly icon: typeof IconPlus;
  /** Of a switch. */
  readonly pressed?: boolean;
  readonly onClick: () => void;
}

const Tool = ({ label, icon: Icon, pressed, onClick }: ToolProps) => (
  <Tooltip label={label} position="left">
    <ActionIcon
      variant={pressed ? 'filled' : 'default'}
      size={28}
      aria-label={label}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      onClick={onClick}
    >
      <Icon size={15} stroke={1.6} />
    </ActionIcon>
  </Tooltip>
);
