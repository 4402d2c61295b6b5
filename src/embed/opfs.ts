/** Sole access to a file of the browser's own storage, in a dedicated worker; TypeScript's words for the DOM lack it. */
export interface SyncFile {
  getSize(): number;
  /** Bytes read; fewer than asked for at the end of the file. */
  read(into: ArrayBufferView, options: { readonly at: number }): number;
  write(from: ArrayBufferView, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/**
 * Opens a file for this worker alone, until it is closed or the worker ends.
 * @throws DOMException NoModificationAllowedError while another worker, of any tab, has it.
 */
export function openSync(file: FileSystemFileHandle): Promise<SyncFile> {
  return (file as FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncFile> }).createSyncAccessHandle();
}

/**
 * Writes all of `bytes` at `at`.
 * @throws DOMException QuotaExceededError where the storage is full, however the browser tells it: as this error, as fewer bytes, or, for files in
 * memory (a private window of Chromium), as a count of some four billion, which is a negative one without its sign
 */
export function writeAll(file: Pick<SyncFile, 'write'>, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    const left = bytes.subarray(done);
    const written = file.write(left, { at: at + done });
    if (written <= 0 || written > left.length) throw new DOMException('nothing more could be written', 'QuotaExceededError');
    done += written;
  }
}
