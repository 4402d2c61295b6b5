import type { ModelInfo, TextEmbedder } from '../domain/index.ts';

interface Held {
  readonly key: string;
  readonly embedder: Promise<TextEmbedder>;
  /** Calls that are not answered yet. */
  uses: number;
  /** Another took its place: it goes when nothing uses it any more. */
  leaving: boolean;
}

/**
 * Holds one embedder at a time, for models are large. What it gives for a key stays usable when another key took the place: work that goes on is
 * not disturbed, and the next call opens the key's embedder again.
 */
export function embedderKeeper(): (key: string, open: () => Promise<TextEmbedder>) => Promise<TextEmbedder> {
  let current: Held | null = null;

  // One that did not open was told to who asked for it, and has nothing to let go of.
  const letGo = ({ embedder }: Held): Promise<void> => embedder.then((former) => former.dispose()).catch(() => {});
  const leave = async (held: Held): Promise<void> => {
    held.leaving = true;
    if (current === held) current = null;
    if (held.uses === 0) await letGo(held);
  };
  const hold = (key: string, open: () => Promise<TextEmbedder>): Held => {
    if (current?.key === key) return current;
    if (current) void leave(current);
    const made: Held = { key, embedder: open(), uses: 0, leaving: false };
    current = made;
    made.embedder.catch(() => {
      if (current === made) current = null;
    });
    return made;
  };

  return async (key, open) => {
    /** Who embedded last, as it was then. */
    let last: { readonly held: Held; readonly model: ModelInfo } | null = null;
    const use = async <T>(work: (embedder: TextEmbedder, held: Held) => Promise<T>): Promise<T> => {
      const held = hold(key, open);
      held.uses++;
      try {
        return await work(await held.embedder, held);
      } finally {
        held.uses--;
        if (held.leaving && held.uses === 0) void letGo(held);
      }
    };
    const kept: TextEmbedder = {
      // Of the one that made the vectors: where it was let go meanwhile, another may open on another device.
      describe: async () => (last && last.held !== current ? last.model : use((embedder) => embedder.describe())),
      embed: (texts, ctx, corpus) =>
        use(async (embedder, held) => {
          const found = await embedder.embed(texts, ctx, corpus);
          last = { held, model: await embedder.describe() };
          return found;
        }),
      embedQuery: (query, corpus) => use((embedder) => embedder.embedQuery(query, corpus)),
      dispose: async () => {
        if (current?.key === key) await leave(current);
      },
    };
    await hold(key, open).embedder;
    return kept;
  };
}
