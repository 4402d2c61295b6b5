import { Button, Modal, SegmentedControl, Table } from '@mantine/core';
import type { DownloadPlan, Dtype } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { bytes } from '../common/format.ts';
import { Note } from '../common/Note.tsx';
import classes from './Models.module.css';
import { nameOf } from './words.ts';

/** Nothing leaves the machine without this: host, files and sizes first, and a yes. */
export function HubDialog() {
  const plan = useApp((s) => s.models.plan);
  const entries = useApp((s) => s.models.entries);
  const { dismissPlan } = useActions();
  return (
    <Modal
      opened={plan !== null}
      onClose={dismissPlan}
      size="lg"
      centered
      title={plan ? titleOf(plan, nameOf(plan.id, entries)) : ''}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {plan && <Plan plan={plan} />}
    </Modal>
  );
}

const titleOf = ({ refused }: DownloadPlan, name: string): string => (refused === null ? `Fetch ${name}?` : `How to get ${name}`);

function Plan({ plan }: { plan: DownloadPlan }) {
  const { download, dismissPlan } = useActions();
  const total = plan.files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <>
      <p className={classes.ask}>
        {plan.refused === null
          ? `Your browser will ask ${plan.host} for these files, and so tell it your network address and which model you want. Nothing of your data is sent. The files stay in this browser and work offline.`
          : `These files are on ${plan.host}/${plan.id}. Nothing was asked of it.`}
      </p>
      <DtypeControl plan={plan} />
      <Table className={classes.list} verticalSpacing={4} horizontalSpacing={8}>
        <Table.Tbody>
          {plan.files.map(({ path, bytes: size }) => (
            <Table.Tr key={path}>
              <Table.Td>{path}</Table.Td>
              <Table.Td className={classes.figure}>{bytes(size)}</Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Th>In all</Table.Th>
            <Table.Td className={classes.figure}>
              <b>{bytes(total)}</b>
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <div className={classes.after}>{plan.refused !== null && <Note tone="caution">{plan.refused}</Note>}</div>
      <div className={classes.answers}>
        <Button variant="default" size="xs" onClick={dismissPlan}>
          {plan.refused === null ? 'No, fetch nothing' : 'Close'}
        </Button>
        {plan.refused === null && (
          <Button size="xs" onClick={() => void download()}>
            Yes, fetch {bytes(total)} from {plan.host}
          </Button>
        )}
      </div>
    </>
  );
}

function DtypeControl({ plan }: { plan: DownloadPlan }) {
  const sizes = useApp((s) => s.models.entries.find(({ card }) => card.id === plan.id)?.card.bytes);
  const { planDownload } = useActions();
  const dtypes = Object.keys(sizes ?? {});
  if (dtypes.length < 2) return null;
  return (
    <SegmentedControl
      size="xs"
      mb={8}
      aria-label="Form of the weights"
      data={dtypes}
      value={plan.dtype}
      onChange={(dtype) => void planDownload(plan.id, dtype as Dtype)}
    />
  );
}
