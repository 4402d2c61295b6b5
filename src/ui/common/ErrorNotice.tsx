import { Alert, Anchor, Code, Collapse, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconBug } from '@tabler/icons-react';
import type { AppError } from '../../domain/index.ts';
import classes from './ErrorNotice.module.css';

/** An error in three parts: what was found, what to do, and for our own mistakes the details to report. */
export function ErrorNotice({ error, onClose }: { error: AppError; onClose?: () => void }) {
  const [open, { toggle }] = useDisclosure(false);
  const Icon = error.kind === 'bug' ? IconBug : IconAlertTriangle;
  return (
    <Alert
      role="alert"
      color={error.kind === 'ability' ? 'yellow' : 'red'}
      variant="light"
      className={classes.error}
      data-kind={error.kind}
      icon={<Icon size={18} stroke={1.6} />}
      title={error.message}
      {...(onClose ? { withCloseButton: true, closeButtonLabel: 'Dismiss', onClose } : {})}
    >
      <Text size="sm">{error.hint}</Text>
      {error.detail && (
        <>
          <Anchor component="button" type="button" size="xs" mt={6} onClick={toggle} aria-expanded={open}>
            {open ? 'Hide details' : 'Show details'}
          </Anchor>
          <Collapse expanded={open}>
            <Code block mt={6} mah={200} style={{ overflow: 'auto', fontSize: 11 }}>
              {`${error.code}\n${error.detail}`}
            </Code>
          </Collapse>
        </>
      )}
    </Alert>
  );
}
