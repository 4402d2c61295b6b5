import type { PeerWay } from './peers.ts';
import { mixedTexts, retailTexts, sampleTitles, type Texts } from './texts.ts';

/** Texts, who embeds them, and how much faster ours is to be. */
export interface Contest {
  readonly name: string;
  readonly texts: Texts;
  readonly ours: readonly { readonly by: string; readonly workers: number; readonly target: number | null }[];
  readonly way: PeerWay;
  /** For people. */
  readonly peer: string;
  /** Rows that the peer embeds, evenly spread over all; its times are multiplied to all. */
  readonly peerRows: number;
  /** It takes minutes, and runs once. */
  readonly peerOnce: boolean;
}

const PLAIN = { way: 'plain', peer: 'transformers.js, batches of 32' } as const;
const BARE = { way: 'bare', peer: 'bare onnxruntime-web' } as const;
const PLAIN_ROWS = 20_000;
const DISTINCT = 4000;

/** @param data folder of real data files */
export async function contests(shrunkBy: number, data: string | undefined): Promise<Contest[]> {
  const some = (count: number): number => Math.ceil(count / shrunkBy);
  const plainRows = some(PLAIN_ROWS);
  const mixed = mixedTexts(some(DISTINCT));
  const sample = sampleTitles(plainRows);
  const retail = await retailTexts(data);
  const retailRows = retail.rows.slice(0, some(retail.rows.length));
  return [
    {
      ...{ name: 'distinct texts of mixed length', texts: mixed, peerRows: mixed.rows.length, peerOnce: false, ...PLAIN },
      ours: [
        { by: 'one thread', workers: 1, target: 1.7 },
        { by: 'two workers', workers: 2, target: 3 },
      ],
    },
    {
      ...{ name: 'the same texts', texts: mixed, peerRows: mixed.rows.length, peerOnce: false, ...BARE },
      ours: [{ by: 'one thread', workers: 1, target: 0.7 }],
    },
    {
      ...{ name: "rows of the sample's generator", texts: sample, peerRows: plainRows, peerOnce: true, ...PLAIN },
      ours: [{ by: 'one thread', workers: 1, target: null }],
    },
    {
      ...{ name: retail.from, texts: { ...retail, rows: retailRows }, peerRows: plainRows, peerOnce: true, ...PLAIN },
      ours: [{ by: 'two workers', workers: 2, target: 50 }],
    },
  ];
}
