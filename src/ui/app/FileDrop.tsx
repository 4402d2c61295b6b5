import { useWindowEvent } from '@mantine/hooks';
import { useState } from 'react';
import { isBusy } from '../../state/index.ts';
import { allDropped, droppedFiles } from '../common/dropped-files.ts';
import classes from './FileDrop.module.css';
import { useActions, useApp } from './store-context.tsx';

/**
 * Takes files and folders dropped anywhere on any page; on the result they are added to it. A file that nobody takes would make the browser leave the page for it, and all
 * that was loaded and computed would be lost: so drops are held even while they can't be taken.
 */
export function FileDrop() {
  const busy = useApp((s) => isBusy(s.job));
  const adds = useApp((s) => s.page === 'workspace' && s.result !== null && s.files.length > 0);
  const { addFiles, appendFiles, addModel } = useActions();
  const [over, setOver] = useState(false);
  const take = async (dropped: DataTransfer): Promise<void> => {
    const files = await droppedFiles(dropped);
    if (files.length > 0) await (adds ? appendFiles(files) : addFiles(files));
  };
  const takeModel = async (dropped: DataTransfer): Promise<void> => {
    const files = await allDropped(dropped);
    if (files.length > 0) await addModel(files.map((file) => ({ path: file.name, file })));
  };
  useWindowEvent('dragover', (event) => {
    if (!event.dataTransfer || !leadsAway(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = busy ? 'none' : 'copy';
    setOver(!busy && !isForModel(event) && event.dataTransfer.types.includes('Files'));
  });
  useWindowEvent('dragleave', (event) => {
    if (event.relatedTarget === null) setOver(false);
  });
  useWindowEvent('drop', (event) => {
    setOver(false);
    if (!event.dataTransfer || !leadsAway(event.dataTransfer)) return;
    event.preventDefault();
    if (isForModel(event)) void takeModel(event.dataTransfer);
    else if (!busy) void take(event.dataTransfer);
  });
  return over ? (
    <div className={classes.veil}>{adds ? 'Drop to add these files to the result' : 'Drop to look at these files'}</div>
  ) : null;
}

/** Dropped where the page asks for a model (ui/models/DropModel.tsx). */
const isForModel = ({ target }: DragEvent): boolean =>
  target instanceof Element && target.closest('[data-drops="model"]') !== null;

/** Files and links; text may be dropped into a field. */
const leadsAway = ({ types }: DataTransfer): boolean => types.includes('Files') || types.includes('text/uri-list');
