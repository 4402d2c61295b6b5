import { Button, FileButton, Group, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import type { ComponentProps } from 'react';
import { TABLE_EXTENSIONS } from '../../domain/index.ts';
import { useActions } from '../app/store-context.tsx';
import { chosenFiles } from '../common/dropped-files.ts';
import classes from './DropZone.module.css';

export const ACCEPTED = TABLE_EXTENSIONS.join(',');

/** React has no type for it, and every browser has it. */
const FOLDER = { webkitdirectory: '' } as ComponentProps<'input'>;

/** Where files are asked for. A drop is taken anywhere on the page; the button takes several at once. */
export function DropZone() {
  const { addFiles } = useActions();
  return (
    <section className={classes.zone} aria-label="Drop files">
      <IconFileUpload size={30} stroke={1.3} className={classes.icon} />
      <Text size="md" fw={500}>
        Drop behaviour files here
      </Text>
      <Text size="sm" c="dimmed">
        CSV, JSON, Parquet, Arrow or Excel, several at once; folders, .gz and .zip too.
        <br />
        One row an event: who, when, and a text.
      </Text>
      <Group gap="xs" mt={6}>
        <FileButton multiple accept={ACCEPTED} onChange={(files) => files.length > 0 && void addFiles(files)}>
          {(props) => <Button {...props}>Choose files</Button>}
        </FileButton>
        <FileButton multiple inputProps={FOLDER} onChange={(files) => files.length > 0 && void addFiles(chosenFiles(files))}>
          {(props) => (
            <Button {...props} variant="default">
              Choose a folder
            </Button>
          )}
        </FileButton>
      </Group>
    </section>
  );
}
