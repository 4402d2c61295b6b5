/** Every choice that changes a result. All of them are keys of the run manifest. */
export interface Settings {
  /** hour | day | week | month | quarter | year | PnD | PTnH, the last two with an optional /step of the same form. */
  readonly windows: string;
  /** IANA name. */
  readonly timeZone: string;
  /** A user with fewer events in a window is thin. */
  readonly minEvents: number;
  /** null = no decay. */
  readonly halfLifeDays: number | null;
  /** Weight texts by idf = ln((1 + N) / (1 + df)) + 1 over users. */
  readonly idf: boolean;
  /** a(type); types not named weigh 1. */
  readonly typeWeights: Readonly<Record<string, number>>;
  /** Dimensions kept by PCA. */
  readonly dims: number;
  readonly algorithm: 'kmeans';
  readonly k: number | 'auto';
  /** Range tried by k = auto. */
  readonly kMin: number;
  readonly kMax: number;
  /** k = auto: how much better, in silhouette, a window's own best k must be to depart from the k of all windows. */
  readonly kTolerance: number;
  /** k-means restarts; the lowest inertia wins. */
  readonly nInit: number;
  readonly maxIterations: number;
  /** Profiles a window that the silhouette is measured on, at most. */
  readonly silhouetteSample: number;
  readonly seed: number;
  readonly device: 'auto' | 'cpu' | 'webgpu';
  readonly layout: LayoutSettings;
  readonly matching: MatchingSettings;
}

export interface LayoutSettings {
  readonly neighbours: number;
  readonly minDist: number;
  readonly epochs: number;
  /** The layout is fitted on at most this many profiles, the rest is placed by its neighbours. */
  readonly maxFit: number;
}

/** Thresholds of the tracking rules, by the names they have there. */
export interface MatchingSettings {
  readonly splitShare: number;
  readonly splitPurity: number;
  readonly splitCover: number;
  readonly mergeShare: number;
  readonly mergePurity: number;
  readonly mergeCover: number;
  readonly surviveShare: number;
  readonly minCommonUsers: number;
  readonly minCommonShare: number;
}

export const DEFAULT_SETTINGS: Settings = {
  windows: 'month',
  timeZone: 'UTC',
  minEvents: 3,
  halfLifeDays: null,
  idf: false,
  typeWeights: {},
  dims: 64,
  algorithm: 'kmeans',
  k: 'auto',
  kMin: 2,
  kMax: 20,
  kTolerance: 0.01,
  nInit: 4,
  maxIterations: 100,
  silhouetteSample: 1500,
  seed: 1,
  device: 'auto',
  layout: { neighbours: 15, minDist: 0.1, epochs: 200, maxFit: 5000 },
  matching: {
    splitShare: 0.25,
    splitPurity: 0.5,
    splitCover: 0.7,
    mergeShare: 0.25,
    mergePurity: 0.5,
    mergeCover: 0.7,
    surviveShare: 0.5,
    minCommonUsers: 10,
    minCommonShare: 0.2,
  },
};

/** Where the texts are embedded: never on the GPU if the user chose the CPU. */
export const embedDevice = (device: Settings['device']): 'auto' | 'wasm' => (device === 'cpu' ? 'wasm' : 'auto');
