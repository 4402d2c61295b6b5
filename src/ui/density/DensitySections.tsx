import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { coreShareAt, countFrom } from '../../charts/index.ts';
import type { AnalysisResult, Density, DensitySettings, Reach } from '../../domain/index.ts';
import { noiseOf } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Note } from '../common/Note.tsx';
import { Section } from '../common/Panel.tsx';
import classes from './Density.module.css';
import { NoiseSlider } from './NoiseSlider.tsx';
import { ReachChart } from './ReachChart.tsx';
import { coreWords, figure, joinWords, noiseWords, reachWords } from './words.ts';

interface DensityProps {
  readonly result: AnalysisResult;
  readonly window: number;
}

/** How far DBSCAN reached in a window, and who was left out; nothing for other algorithms. */
export function DensitySections({ result, window }: DensityProps) {
  const { density } = result;
  const reach = density?.windows.find((found) => found.window === window)?.reach;
  if (!density) return null;
  return (
    <>
      {reach && <ReachSection result={result} density={density} reach={reach} />}
      <NoiseSection result={result} density={density} window={window} />
    </>
  );
}

/** What is being tried on one run's figures; another run's begin anew. Trust that comes in does not change the run. */
function useTried<T>(density: Density, initial: T): [T, (value: T) => void] {
  const [tried, setTried] = useState({ density, value: initial });
  return [tried.density === density ? tried.value : initial, (value) => setTried({ density, value })];
}

function ReachSection({ result, density, reach }: { result: AnalysisResult; density: Density; reach: Reach }) {
  const { density: asked, mode } = result.settings;
  const [tried, setTried] = useTried<number | null>(density, null);
  const eps = tried ?? reach.eps;
  return (
    <Section title="Reach (eps)">
      <p className={classes.note}>{reachWords(reach, asked.eps, mode)} Drag the line to try another.</p>
      <ReachChart reach={reach} eps={eps} onChange={setTried} />
      <p className={classes.words}>
        {coreWords(eps, coreShareAt(reach.curve, eps), asked.minPts, mode)}
        {tried !== null && ' A run with it takes this one eps for all windows.'}
      </p>
      <div className={classes.buttons}>
        {tried !== null && (
          <>
            <Rerun result={result} density={{ eps: tried }}>
              Run again with eps {figure(tried)}
            </Rerun>
            <Button variant="subtle" size="compact-sm" onClick={() => setTried(null)}>
              Reset
            </Button>
          </>
        )}
        {tried === null && asked.eps !== 'auto' && (
          <Rerun result={result} density={{ eps: 'auto' }}>
            Back to auto: {mode === 'global' ? 'the knee' : "each window's knee"}
          </Rerun>
        )}
      </div>
    </Section>
  );
}

function NoiseSection({ result, density, window }: DensityProps & { density: Density }) {
  const { reassign } = result.settings.density;
  const [least, setLeast] = useTried<number | null>(density, reassign);
  const users = result.windows.reduce((sum, { profiles }) => sum + profiles, 0);
  const noise = noiseOf(result);
  const leftOut = density.windows.reduce((sum, found) => sum + found.leftOut, 0);
  const here = { noise: noiseOf(result, window), users: result.windows[window]?.profiles ?? 0 };
  return (
    <Section title="Noise: users in no segment">
      <p className={classes.words}>{noiseWords(here, { noise, users })}</p>
      {2 * noise > users && (
        <Note tone="caution">More than half of all users are noise: what is said of segments is not said of most.</Note>
      )}
      {leftOut > 0 && (
        <>
          <p className={classes.note}>
            Users left out, of all windows, by their similarity (cosine) to the nearest segment. Drag the line: who is to the
            right of it joins.
          </p>
          <NoiseSlider similarity={density.similarity} least={least} onChange={setLeast} />
          <p className={classes.words}>
            {joinWords(least, least === null ? 0 : countFrom(density.similarity, least), leftOut, users)}
          </p>
          {least !== reassign && (
            <div className={classes.buttons}>
              <Rerun result={result} density={{ reassign: least }}>
                {least === null ? 'Apply: noise stays noise' : `Apply from ${figure(least)}`}
              </Rerun>
              <Button variant="subtle" size="compact-sm" onClick={() => setLeast(reassign)}>
                Reset
              </Button>
            </div>
          )}
        </>
      )}
    </Section>
  );
}

interface RerunProps {
  readonly result: AnalysisResult;
  readonly density: Partial<DensitySettings>;
  readonly children: ReactNode;
}

/** Runs the result again; without its files, which a new analysis has put away, it cannot. */
function Rerun({ result, density, children }: RerunProps) {
  const { rerun } = useActions();
  const loaded = useApp((s) => s.files.length > 0);
  return (
    <>
      <Button
        size="compact-sm"
        disabled={!loaded}
        onClick={() => void rerun({ density: { ...result.settings.density, ...density } })}
      >
        {children}
      </Button>
      {!loaded && <span className={classes.note}>Its files are no longer loaded.</span>}
    </>
  );
}
