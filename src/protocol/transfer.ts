/**
 * The buffers of the typed arrays in a value, each once. Bulk data moves between threads, it is not copied: pass these
 * to comlink's `transfer`. The sender must not use the value afterwards.
 */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  collect(value, found);
  return [...found];
}

function collect(value: unknown, found: Set<ArrayBuffer>): void {
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value)) {
    // A shared buffer cannot be transferred, and needs not be.
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
    return;
  }
  // Arrays here are lists of strings or small records: their first item tells whether a walk is worth it.
  if (Array.isArray(value) && typeof value[0] !== 'object') return;
  for (const part of Object.values(value)) collect(part, found);
}
