import { ScrollArea, Text } from '@mantine/core';
import type { ColumnQuality, Survey } from '../../domain/index.ts';
import { SetAsideList } from '../accounting/SetAsideList.tsx';
import { useApp } from '../app/store-context.tsx';
import { Fold } from '../common/Fold.tsx';
import { count, plural, shorten } from '../common/format.ts';
import { Histogram } from './Histogram.tsx';
import classes from './Quality.module.css';
import { day, rowsSummary, shareOf } from './words.ts';

/** What the files hold and what would become of their rows, before anything is analysed. */
export function QualityFolds() {
  const { survey, going, error, share: done } = useApp((s) => s.survey);
  if (survey === null) {
    const words = going
      ? `Going through the rows… ${Math.round(100 * done)} %`
      : 'Told once the columns are chosen and nothing is asked.';
    return <p className={classes.none}>{error?.message ?? words}</p>;
  }
  return (
    <>
      {error && <p className={classes.none}>{error.message} What follows is of before.</p>}
      <RowsFold survey={survey} going={going} />
      <ColumnsFold survey={survey} going={going} />
      <TimeFold survey={survey} going={going} />
    </>
  );
}

interface Part {
  readonly survey: Survey;
  readonly going: boolean;
}

/** The accounting table: read = kept + set aside, by reason. */
const RowsFold = ({ survey: { accounting }, going }: Part) => (
  <Fold title="Rows" summary={rowsSummary(accounting)} busy={going}>
    {accounting.files.map((file) => (
      <div key={file.name} className={classes.table}>
        {accounting.files.length > 1 && (
          <>
            <h3 className={classes.name}>{file.name}</h3>
            <Text size="xs" c="dimmed">
              {rowsSummary({ files: [file] })}
            </Text>
          </>
        )}
        <SetAsideList file={file} of="setup" />
      </div>
    ))}
    {accounting.catalogue && (
      <div className={classes.table}>
        <h3 className={classes.name}>{accounting.catalogue.name} (catalogue)</h3>
        <Text size="xs" c="dimmed">
          {plural(accounting.catalogue.read, 'row')} read = {count(accounting.catalogue.kept)} to join with +{' '}
          {count(accounting.catalogue.read - accounting.catalogue.kept)} set aside
        </Text>
        <SetAsideList file={accounting.catalogue} of="setup" />
      </div>
    )}
  </Fold>
);

function ColumnsFold({ survey: { quality }, going }: Part) {
  const all = quality.flatMap(({ columns }) => columns);
  const gaps = all.filter(({ missing }) => missing > 0).length;
  return (
    <Fold
      title="Columns"
      summary={`${plural(all.length, 'column')}, ${gaps === 0 ? 'no cell is missing' : `${count(gaps)} with missing cells`}`}
      busy={going}
    >
      {quality.map(({ table, columns }) => (
        <div key={table} className={classes.table}>
          {quality.length > 1 && <h3 className={classes.name}>{table}</h3>}
          <ScrollArea type="auto" scrollbarSize={8} offsetScrollbars="x">
            <ColumnTable columns={columns} table={table} />
          </ScrollArea>
        </div>
      ))}
    </Fold>
  );
}

const ColumnTable = ({ columns, table }: { columns: readonly ColumnQuality[]; table: string }) => (
  <table className={classes.columns} aria-label={`Columns of ${table}`}>
    <thead>
      <tr>
        {['Column', 'Type', 'Missing', 'Distinct', 'Most frequent', 'Values'].map((title) => (
          <th key={title} scope="col">
            {title}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {columns.map((column, at) => (
        // Names may repeat: their place is their identity.
        <ColumnRow key={`${String(at)} ${column.name}`} column={column} />
      ))}
    </tbody>
  </table>
);

const ColumnRow = ({ column }: { column: ColumnQuality }) => (
  <tr>
    <th scope="row" title={column.name}>
      {shorten(column.name, 28)}
    </th>
    <td>{column.type}</td>
    <td className={classes.number} data-caution={column.missing * 2 > column.rows || undefined}>
      {column.missing === 0 ? '0' : `${count(column.missing)} (${shareOf(column.missing, column.rows)})`}
    </td>
    <td className={classes.number}>
      {column.distinctExact ? '' : '≈ '}
      {count(column.distinct)}
    </td>
    <td className={classes.top}>
      {column.top.slice(0, 3).map(({ value, count: n }) => (
        <span key={value} title={`${value}: ${count(n)}`}>
          {shorten(value, 22)} <i>{shareOf(n, column.rows)}</i>
        </span>
      ))}
    </td>
    <td>
      {column.histogram && (
        <Histogram
          counts={column.histogram.counts}
          width={96}
          height={22}
          label={`From ${endOf(column, column.histogram.min)} to ${endOf(column, column.histogram.max)}`}
        />
      )}
    </td>
  </tr>
);

const endOf = ({ type }: ColumnQuality, value: number): string =>
  type === 'time' ? day(value) : new Intl.NumberFormat('en', { maximumSignificantDigits: 5 }).format(value);

function TimeFold({ survey: { overTime }, going }: Part) {
  const { counts, first, last } = overTime;
  const summary = counts.length === 0 ? 'no event' : `${day(first)} to ${day(last)}`;
  return (
    <Fold title="Events over time" summary={summary} busy={going}>
      {counts.length > 0 && (
        <>
          <Histogram
            counts={counts}
            width={720}
            height={72}
            fluid
            label={`Events from ${summary}, the most in a step: ${count(Math.max(...counts))}`}
          />
          <div className={classes.ends}>
            <span>{day(first)}</span>
            <span>{day(last)}</span>
          </div>
        </>
      )}
    </Fold>
  );
}
