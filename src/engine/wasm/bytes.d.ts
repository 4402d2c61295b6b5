/** AssemblyScript compiled on import, by the plugin of src/build/assemblyscript.mjs. */
declare module '*.as.ts?wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** The same for a memory that threads share. */
declare module '*.as.ts?wasm-shared' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
