import { Button, Collapse } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useState } from 'react';
import type { FilePreview } from '../../domain/index.ts';
import { useApp } from '../app/store-context.tsx';
import { FormEditor } from './FormEditor.tsx';
import { formWords, surenessWord } from './form-words.ts';
import classes from './Intake.module.css';

/** How a table is read and how sure that is, and the way to say otherwise; the preview below follows. */
export function HowRead({ preview }: { preview: FilePreview }) {
  const chosen = useApp((s) => s.intake.forms[preview.name] !== undefined);
  const [open, setOpen] = useState(false);
  const sure = surenessWord(preview.sureness);
  return (
    <>
      <div className={classes.form}>
        <span className={classes.formWords}>
          {formWords(preview)}
          {chosen ? ' — as you set it' : sure !== '' && ' — '}
          {!chosen && sure !== '' && <span data-caution={sure === 'please check' || undefined}>{sure}</span>}
        </span>
        <Button
          variant="subtle"
          size="compact-xs"
          aria-expanded={open}
          leftSection={<IconAdjustmentsHorizontal size={13} stroke={1.6} />}
          onClick={() => setOpen(!open)}
        >
          How it is read
        </Button>
      </div>
      <Collapse expanded={open}>
        <FormEditor preview={preview} />
      </Collapse>
    </>
  );
}
