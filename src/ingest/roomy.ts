/** The array itself where it has room for `size` entries, else a copy that is at least twice as long. */
export function roomy<A extends Uint8Array | Uint32Array>(array: A, size: number): A {
  if (array.length >= size) return array;
  const larger = new (array.constructor as new (n: number) => A)(Math.max(size, 2 * array.length));
  larger.set(array);
  return larger;
}
