import { type KeyboardEvent, useState } from 'react';
import type { AnalysisResult, Movement } from '../../domain/index.ts';
import { count, signed } from '../common/format.ts';
import { Swatch } from '../common/Swatch.tsx';
import { useTrackColours, useTrackNames } from '../common/use-colours.ts';
import classes from './Movement.module.css';
import { type MatrixCell, type MatrixRow, matrixView, type Side } from './matrix.ts';
import { cellWords, sideName } from './words.ts';

export type Unit = 'users' | 'percent';

interface MatrixProps {
  readonly result: AnalysisResult;
  readonly movement: Movement;
  readonly unit: Unit;
  /** Names in full, for a wide place. */
  readonly roomy?: boolean;
}

/** Segments before by segments now; arrow keys walk the cells, and the one in focus is told in a sentence below. */
export function MigrationMatrix({ result, movement, unit, roomy = false }: MatrixProps) {
  const names = useTrackNames(result);
  const view = matrixView(result, movement);
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const [told, setTold] = useState<MatrixCell | null>(null);
  const side = (s: Side) => <SideName result={result} side={s} />;
  return (
    <>
      <section className={classes.scroll} data-roomy={roomy || undefined} aria-label="Migration, can be scrolled">
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are walked by arrow keys is a grid. */}
        <table role="grid" className={classes.matrix} aria-label="Users from segment to segment" onKeyDown={walk}>
          <thead>
            <tr>
              <th scope="col" className={classes.corner}>
                from ↓ to →
              </th>
              {view.columns.map((s) => (
                <th key={sideKey(s)} scope="col" className={classes.column} data-margin={'margin' in s || undefined}>
                  <div title={sideName(s, names)}>{side(s)}</div>
                </th>
              ))}
              <th scope="col" className={classes.column} data-margin>
                <div>All</div>
              </th>
            </tr>
          </thead>
          <tbody>
            {view.rows.map((row, x) => (
              <tr key={sideKey(row.side)} data-margin={'margin' in row.side || undefined}>
                <th scope="row" className={classes.row}>
                  <div title={sideName(row.side, names)}>{side(row.side)}</div>
                </th>
                {row.cells.map((cell, y) => (
                  <td
                    key={sideKey(cell.to)}
                    tabIndex={at[0] === x && at[1] === y ? 0 : -1}
                    className={`${classes.cell} mu-focus`}
                    data-marked={cell.marked || undefined}
                    data-margin={'margin' in cell.to || undefined}
                    style={{ '--part': `${Math.round(50 * (cell.share ?? 0))}%` } as React.CSSProperties}
                    aria-label={cellWords(cell, names)}
                    onFocus={() => {
                      setAt([x, y]);
                      setTold(cell);
                    }}
                    onPointerEnter={() => setTold(cell)}
                  >
                    {cellText(cell, unit)}
                  </td>
                ))}
                {'margin' in row.side && <td className={classes.cell} />}
                <td className={classes.sum}>{rowText(row, unit)}</td>
              </tr>
            ))}
          </tbody>
          <Footer view={view} />
        </table>
      </section>
      <p className={classes.told}>
        {told ? cellWords(told, names) : 'Point at a cell, or walk with the arrow keys, to read it.'}
      </p>
    </>
  );
}

const Footer = ({ view }: { view: ReturnType<typeof matrixView> }) => (
  <tfoot>
    <tr>
      <th scope="row" className={classes.row}>
        Users now
      </th>
      {view.now.map(({ users }, y) => (
        <td key={sideKey(view.columns[y] as Side)} className={classes.sum}>
          {count(users)}
        </td>
      ))}
    </tr>
    <tr>
      <th scope="row" className={classes.row}>
        Net
      </th>
      {view.now.map(({ change }, y) => (
        <td key={sideKey(view.columns[y] as Side)} className={classes.sum}>
          {signed(change)}
        </td>
      ))}
    </tr>
  </tfoot>
);

function SideName({ result, side }: { result: AnalysisResult; side: Side }) {
  const colours = useTrackColours(result);
  const names = useTrackNames(result);
  return (
    <>
      {'track' in side && side.track > 0 && <Swatch colour={colours(side.track)} size={8} />}
      <span>{sideName(side, names)}</span>
    </>
  );
}

/** A zero is quiet: most cells are empty, and the eye looks for the others. */
function cellText({ users, share }: MatrixCell, unit: Unit): string {
  if (users === 0) return '·';
  return unit === 'users' || share === null ? count(users) : bare(share);
}

const rowText = ({ users }: MatrixRow, unit: Unit): string => (unit === 'users' || users === 0 ? count(users) : bare(1));

/** Per cent without its sign, which the switch above the matrix has. */
const bare = (share: number): string => String(Math.round(100 * share));

const sideKey = (side: Side): string => ('track' in side ? `t${side.track}` : side.margin);

const STEPS: Readonly<Record<string, readonly [rows: number, cells: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** Stops the keys here: left and right would else step through the windows. */
function walk(event: KeyboardEvent<HTMLTableElement>): void {
  const step = STEPS[event.key];
  const cell = event.target instanceof HTMLElement ? event.target.closest('td') : null;
  const row = cell?.closest('tr');
  if (!step || !cell || !row) return;
  event.preventDefault();
  event.stopPropagation();
  const line = event.currentTarget.tBodies[0]?.rows[row.sectionRowIndex + step[0]];
  const next = line?.cells[cell.cellIndex + step[1]];
  if (next?.hasAttribute('tabindex')) next.focus();
}
