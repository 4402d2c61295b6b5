import { Button, FileButton, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useActions } from '../app/store-context.tsx';
import classes from './DropZone.module.css';

export const ACCEPTED = '.csv,.tsv,.txt,.gz,text/csv,text/tab-separated-values,text/plain,application/gzip';

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
        CSV or TSV, several at once, gzipped too. One row an event: who, when, and a text.
      </Text>
      <FileButton multiple accept={ACCEPTED} onChange={(files) => files.length > 0 && void addFiles(files)}>
        {(props) => (
          <Button {...props} mt={6}>
            Choose files
          </Button>
        )}
      </FileButton>
    </section>
  );
}
