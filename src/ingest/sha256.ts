import { createSHA256 } from 'hash-wasm';

export interface Hasher {
  update(chunk: Uint8Array): void;
  /** Hex. To be called once. */
  digest(): string;
}

/** SHA-256 of bytes that come in pieces, which a browser's own can't do; Node's own where there is one, since it is several times as fast. */
export async function startSha256(): Promise<Hasher> {
  const own = globalThis.process?.getBuiltinModule?.('node:crypto')?.createHash('sha256');
  if (own) return { update: (chunk) => void own.update(chunk), digest: () => own.digest('hex') };
  const hash = (await createSHA256()).init();
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('hex') };
}
