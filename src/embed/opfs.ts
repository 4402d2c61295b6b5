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
