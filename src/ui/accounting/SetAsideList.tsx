import { Button, ScrollArea, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { FileAccounting, SetAside } from '../../domain/index.ts';
import type { SetAsideRows } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { count, plural, shorten } from '../common/format.ts';
import classes from './SetAsideList.module.css';

interface SetAsideListProps {
  readonly file: FileAccounting;
  readonly of: SetAsideRows['of'];
}

/** Why rows of a table were set aside; each reason opens its first rows, with their lines, and saves all of them. */
export const SetAsideList = ({ file, of }: SetAsideListProps) => (
  <>
    {file.setAside.length === 0 ? (
      <Text size="sm" mt={4}>
        Nothing was set aside.
      </Text>
    ) : (
      <ul className={classes.reasons}>
        {file.setAside.map((reason) => (
          <Reason key={reason.reason} file={file} reason={reason} of={of} />
        ))}
      </ul>
    )}
    {file.touched.length > 0 && (
      <ul className={classes.reasons} aria-label="Kept and changed">
        {file.touched.map(({ what, count: n }) => (
          <li key={what} className={classes.touched}>
            <span>kept: {what}</span>
            <span>{count(n)}</span>
          </li>
        ))}
      </ul>
    )}
  </>
);

function Reason({ file, reason, of }: { file: FileAccounting; reason: SetAside; of: SetAsideRows['of'] }) {
  const [open, setOpen] = useState(false);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <li>
      <UnstyledButton className={classes.reason} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Chevron size={13} />
        <span className={classes.why}>{reason.reason}</span>
        <span>{count(reason.count)}</span>
      </UnstyledButton>
      {open && (
        <>
          <Rows file={file} reason={reason} />
          <SaveAll rows={{ of, table: file.name, reason: reason.reason }} total={reason.count} />
        </>
      )}
    </li>
  );
}

function Rows({ file: { name, header }, reason: { lines, rows } }: { file: FileAccounting; reason: SetAside }) {
  // Without cells, the lines alone lead to the rows.
  if (rows.length === 0) return <p className={classes.lines}>Lines {lines.map(count).join(', ')}</p>;
  const width = Math.max(header.length, ...rows.map((cells) => cells.length));
  const columns = Array.from({ length: width }, (_, at) => ({ at, key: `${at} ${header[at] ?? ''}` }));
  return (
    <ScrollArea.Autosize mah={230} type="auto" scrollbarSize={8} className={classes.scroll}>
      <table className={classes.table} aria-label={`First rows of ${name}`}>
        <thead>
          <tr>
            <th scope="col">Line</th>
            {columns.map(({ at, key }) => (
              <th key={key} scope="col">
                {header[at] ?? ''}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line, i) => (
            <tr key={line}>
              <th scope="row">{count(line)}</th>
              {columns.map(({ at, key }) => (
                <td key={key} title={rows[i]?.[at]}>
                  {shorten(rows[i]?.[at] ?? '', 50)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea.Autosize>
  );
}

function SaveAll({ rows, total }: { rows: SetAsideRows; total: number }) {
  const saving = useApp((s) => s.saving);
  const loaded = useApp((s) => s.previews.some(({ name }) => name === rows.table));
  const { saveSetAside } = useActions();
  const own = saving?.of === rows.of && saving.table === rows.table && saving.reason === rows.reason;
  return (
    <div className={classes.save}>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconDownload size={12} />}
        loading={own}
        disabled={saving !== null || !loaded}
        onClick={() => void saveSetAside(rows)}
      >
        Save {total === 1 ? 'it' : `all ${plural(total, 'row')}`} as CSV
      </Button>
      {!loaded && <span>Its file is no longer loaded.</span>}
    </div>
  );
}
