import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconFileCode, IconReceipt, IconRoute, IconTable } from '@tabler/icons-react';
import type { ExportKind } from '../../state/index.ts';
import { useActions } from '../app/store-context.tsx';

const ITEMS: readonly (readonly [ExportKind, string, typeof IconTable])[] = [
  ['assignments', 'Assignments (CSV)', IconTable],
  ['tracks', 'Tracks (JSON)', IconRoute],
  ['accounting', 'Accounting (JSON)', IconReceipt],
];

/** What can be saved. Assignments name users; the manifest holds the recipe and no data. */
export function ExportMenu() {
  const { export: save } = useActions();
  return (
    <Menu position="bottom-end" width={280} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button size="xs" rightSection={<IconChevronDown size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>The result: holds user ids and texts</Menu.Label>
        {ITEMS.map(([kind, label, Icon]) => (
          <Menu.Item key={kind} leftSection={<Icon size={15} stroke={1.5} />} onClick={() => save(kind)}>
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>The recipe: settings, no data</Menu.Label>
        <Menu.Item leftSection={<IconFileCode size={15} stroke={1.5} />} onClick={() => save('manifest')}>
          Run manifest (JSON)
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
