import { ActionIcon, Group, ScrollArea, Select, Tabs, Text, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { ColumnRole, FilePreview } from '../../domain/index.ts';
import { isBusy, roleOf, type TableRole, tableRole } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { bytes, plural, shorten } from '../common/format.ts';
import { HowRead } from '../intake/HowRead.tsx';
import { JoinCard } from '../intake/JoinCard.tsx';
import classes from './FilePreviews.module.css';
import pageClasses from './MappingPage.module.css';

/** The first rows of each file, one tab a file when there are several. */
export function FilePreviews() {
  const previews = useApp((s) => s.previews);
  const intake = useApp((s) => s.intake);
  const [chosen, choose] = useState<number | null>(null);
  const events = previews.findIndex((p) => tableRole(intake, p.name) === 'events');
  const index = Math.min(chosen ?? Math.max(0, events), previews.length - 1);
  const preview = previews[index];
  if (!preview) return null;
  return (
    <section className={pageClasses.card} aria-label="Preview of the files">
      {previews.length > 1 && (
        <Tabs value={String(index)} onChange={(value) => choose(Number(value))}>
          <Tabs.List className={classes.tabs}>
            {previews.map((p, i) => (
              <Tabs.Tab key={p.name} value={String(i)} size="xs">
                {shorten(p.name, 28)}
                {tableRole(intake, p.name) !== 'events' && (
                  <span className={classes.tabRole}> {TAB_ROLES[tableRole(intake, p.name)]}</span>
                )}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
      )}
      <FactsLine preview={preview} />
      <HowRead key={preview.name} preview={preview} />
      <Ignored preview={preview} />
      <PreviewTable preview={preview} />
      <JoinCard />
    </section>
  );
}

const TAB_ROLES: Readonly<Record<TableRole, string>> = { events: '', catalogue: 'catalogue', 'left-out': 'left out' };

function FactsLine({ preview }: { preview: FilePreview }) {
  const { removeFile, setTableRole } = useActions();
  const busy = useApp((s) => isBusy(s.job));
  const several = useApp((s) => s.previews.length > 1);
  const role = useApp((s) => tableRole(s.intake, preview.name));
  const facts = [plural(preview.rowCount, 'row'), plural(preview.header.length, 'column')];
  // A member of an archive has no size of its own to tell.
  if (preview.name === preview.file) facts.push(bytes(preview.size));
  return (
    <Group justify="space-between" wrap="nowrap" px={16} py={10}>
      <div style={{ minWidth: 0 }}>
        <Text fw={550} truncate>
          {preview.name}
        </Text>
        <Text size="xs" c="dimmed">
          {facts.join(' · ')}
        </Text>
      </div>
      <Group gap={8} wrap="nowrap">
        {several && (
          <Select
            aria-label={`What ${preview.name} holds`}
            w={130}
            data={TABLE_ROLES}
            value={role}
            readOnly={busy}
            allowDeselect={false}
            onChange={(next) => next !== null && void setTableRole(preview.name, next as TableRole)}
          />
        )}
        <Tooltip label={preview.file === preview.name ? 'Remove this file' : `Remove ${preview.file}, with all its tables`}>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={busy}
            aria-label={`Remove ${preview.file}`}
            onClick={() => void removeFile(preview.file)}
          >
            <IconX size={15} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Group>
  );
}

const TABLE_ROLES: readonly { readonly value: TableRole; readonly label: string }[] = [
  { value: 'events', label: 'Events' },
  { value: 'catalogue', label: 'Catalogue' },
  { value: 'left-out', label: 'Left out' },
];

/** What else lies in a .zip. */
const Ignored = ({ preview: { file, ignored = [] } }: { preview: FilePreview }) =>
  ignored.length === 0 ? null : (
    <Text size="xs" c="dimmed" px={16} pb={9}>
      Not read from {file}: {ignored.map(({ name, why }) => `${name} (${why})`).join(', ')}.
    </Text>
  );

export const ROLE_NAMES: Readonly<Record<ColumnRole, string>> = {
  user: 'User',
  time: 'Time',
  text: 'Text',
  type: 'Type',
  item: 'Item',
  numbers: 'Number',
  value: 'Number',
  label: 'Label',
};

function PreviewTable({ preview }: { preview: FilePreview }) {
  const mapping = useApp((s) => s.mapping);
  const isRead = useApp((s) => tableRole(s.intake, preview.name) !== 'left-out');
  // Names may repeat in a broken header, rows too: their place is their identity.
  const columns = preview.header.map((name, at) => ({
    name,
    at,
    key: `${at} ${name}`,
    role: isRead ? roleOf(mapping, name) : null,
  }));
  const rows = preview.rows.map((cells, at) => ({ cells, key: `row ${at}` }));
  return (
    <ScrollArea.Autosize mah={270} type="hover" scrollbarSize={8} className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map(({ key, name, role }) => (
              <th key={key} data-role={role ?? undefined} scope="col">
                <span className={classes.role}>{role ? ROLE_NAMES[role] : ''}</span>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              {columns.map(({ key, at, role }) => (
                <td key={key} data-role={role ?? undefined} title={row.cells[at]}>
                  {row.cells[at] ? shorten(row.cells[at], 60) : <span className={classes.missing}>–</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea.Autosize>
  );
}
