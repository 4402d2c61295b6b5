import { Button, FileButton, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { useActions } from '../app/store-context.tsx';
import classes from './DropZone.module.css';

export const ACCEPTED = '.csv,.tsv,.txt,.gz,text/csv,text/tab-separated-values,text/plain,application/gzip';

/** Takes files by drop or by button, several at once. */
export function DropZone({ disabled = false }: { disabled?: boolean }) {
  const { addFiles } = useActions();
  const { over, handlers } = useFileDrop(addFiles, disabled);
  return (
    <section className={classes.zone} data-over={over || undefined} aria-label="Drop files" {...handlers}>
      <IconFileUpload size={30} stroke={1.3} className={classes.icon} />
      <Text size="md" fw={500}>
        Drop behaviour files here
      </Text>
      <Text size="sm" c="dimmed">
        CSV or TSV, several at once, gzipped too. One row an event: who, when, and a text.
      </Text>
      <FileButton multiple accept={ACCEPTED} onChange={(files) => files.length > 0 && void addFiles(files)} disabled={disabled}>
        {(props) => (
          <Button {...props} mt={6}>
            Choose files
          </Button>
        )}
      </FileButton>
    </section>
  );
}

/** Drag state and handlers of an element that takes files. */
export function useFileDrop(take: (files: File[]) => void, disabled = false) {
  const [over, setOver] = useState(false);
  const handlers = {
    onDragOver(event: DragEvent) {
      event.preventDefault();
      setOver(!disabled);
    },
    onDragLeave(event: DragEvent) {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop(event: DragEvent) {
      event.preventDefault();
      setOver(false);
      const files = [...event.dataTransfer.files];
      if (!disabled && files.length > 0) take(files);
    },
  };
  return { over, handlers };
}
