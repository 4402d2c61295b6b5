import { Button, FileButton } from '@mantine/core';
import type { ComponentProps } from 'react';
import { useActions, useApp } from '../app/store-context.tsx';
import classes from './Models.module.css';
import { nameOf } from './words.ts';

/** React has no type for it, and every browser has it. */
const FOLDER = { webkitdirectory: '' } as ComponentProps<'input'>;

/** Where a model of the analyst's own is asked for. What is dropped here is taken by app/FileDrop.tsx, as all drops are. */
export function DropModel() {
  const working = useApp((s) => s.models.work !== null);
  const { added, entries } = useApp((s) => s.models);
  const isChosen = useApp((s) => s.settings.embedding.model === added);
  const { addModel } = useActions();
  const take = (files: readonly File[]): void => {
    if (files.length > 0) void addModel(files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  };
  return (
    <section className={classes.drop} data-drops="model" aria-label="Add a model">
      <span>
        <b>Drop a model folder or .zip here</b>
        <br />
        With config.json, tokenizer.json and onnx/model….onnx, as transformers.js loads it. It stays in this browser.
      </span>
      <span role="status" className={classes.added}>
        {added !== null && `${nameOf(added, entries)} is here now${isChosen ? ' and is the model of the next run' : ''}.`}
      </span>
      <span className={classes.buttons}>
        <FileButton multiple disabled={working} inputProps={FOLDER} onChange={take}>
          {(props) => (
            <Button {...props} variant="default" size="xs" disabled={working}>
              Choose a model folder
            </Button>
          )}
        </FileButton>
        <FileButton accept=".zip,application/zip" disabled={working} onChange={(file) => file && take([file])}>
          {(props) => (
            <Button {...props} variant="default" size="xs" disabled={working}>
              Choose a .zip
            </Button>
          )}
        </FileButton>
      </span>
    </section>
  );
}
