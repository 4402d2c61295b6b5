/** How the weights of a model file are kept, by the names that transformers.js has for them. `int8`: int8 weights that are floats again once loaded. */
export const DTYPES = ['fp32', 'fp16', 'q8', 'int8', 'q4'] as const;
export type Dtype = (typeof DTYPES)[number];

/** What runs a model. 'wasm': the processor, on one thread or several. 'none': no network is run (the lexical stand-in). */
export type ModelDevice = 'wasm' | 'webgpu' | 'none';

/** Of the words themselves ('lexical': same words, near vectors) or of their meaning. */
export type ModelKind = 'semantic' | 'lexical';

/** What is known of a model before it is loaded. */
export interface ModelCard {
  /** As transformers.js loads it; one that was dropped is named by its folder. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly kind: ModelKind;
  /** ISO 639-1; null = not told (a dropped model), empty = any. */
  readonly languages: readonly string[] | null;
  /** Of a vector; null until the model was run once. */
  readonly dims: number | null;
  /** SPDX name; null = not told. */
  readonly licence: string | null;
  /** Of the model file, by dtype; what a source does not have is absent. */
  readonly bytes: Readonly<Partial<Record<Dtype, number>>>;
  /** How the vectors of tokens become one: 'output' = the model file gives it itself (`sentence_embedding`). */
  readonly pooling: 'mean' | 'cls' | 'output';
  /** Put before a text of the data, and before a query; '' for most models. */
  readonly prefix: { readonly text: string; readonly query: string };
  /** Of one text, those that begin and end it included. */
  readonly maxTokens: number;
}

/** A file of a model that is kept in the browser. */
export interface StoredFile {
  /** Below the model's folder: `onnx/model_quantized.onnx`. */
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** A model of the registry, and whether it is here. */
export interface ModelEntry {
  readonly card: ModelCard;
  /** 'built-in': served with the page; 'stored': in the browser's own storage; 'hub': not here. */
  readonly place: 'built-in' | 'stored' | 'hub';
  /** How it came into storage; null where it is not there. */
  readonly source: 'dropped' | 'hub' | null;
  /** Dtypes that are here. */
  readonly dtypes: readonly Dtype[];
  /** In storage; empty where nothing is. */
  readonly files: readonly StoredFile[];
  /** What its files left open and how it was taken, in the user's words. */
  readonly notes?: readonly string[];
}

/** What the hub would be asked for, told before anything is. Sizes are those of the registry. */
export interface DownloadPlan {
  readonly id: string;
  readonly dtype: Dtype;
  readonly host: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Why this deployment does not allow it, in the user's words; null where it does. */
  readonly refused: string | null;
}

/** A dtype on a device, and how the work is spread there. */
export interface ModelChoice {
  readonly dtype: Dtype | 'none';
  readonly device: ModelDevice;
  /** Copies of the model that work side by side, each on `threads` threads. */
  readonly workers: number;
  readonly threads: number;
}

/** What the short trial of a choice found; the choice is made from these. */
export interface ModelTrial {
  readonly choice: ModelChoice;
  /** Null where it was refused. */
  readonly tokensPerSecond: number | null;
  /** In the user's words; null where it was not refused. */
  readonly refused: string | null;
}

/** The golden check of a model file on a device. */
export interface GoldenCheck {
  /** What the vectors were compared with, in the user's words; null = nothing to compare with ("unchecked"), only finite, unit, and alone as in a batch. */
  readonly reference: string | null;
  /** Cosine over the check's sentences; null without a reference. */
  readonly mean: number | null;
  readonly min: number | null;
  /** What was needed. */
  readonly least: number;
}

/** Which model turned texts into vectors, and how. */
export interface ModelInfo {
  readonly id: string;
  readonly name: string;
  readonly kind: ModelKind;
  readonly dtype: string;
  readonly device: ModelDevice;
  readonly workers: number;
  readonly threads: number;
  readonly dims: number;
  /** As in {@link ModelCard}. */
  readonly languages: readonly string[] | null;
  /** Of the model file; '' where there is none. */
  readonly sha256: string;
  readonly golden: GoldenCheck | null;
  /** Empty where nothing was tried out: there was one choice, or it was set. */
  readonly trials: readonly ModelTrial[];
  /** What was advised for the texts; null where the model was named. */
  readonly advice: ModelAdvice | null;
  /** Why an earlier choice was refused, and what went wrong beside the work, in the user's words. */
  readonly notes: readonly string[];
}

/** The model that is wanted. */
export interface ModelWish {
  /** Of a card; 'auto' = by the languages of the texts, among those that are here. */
  readonly model: string;
  readonly dtype: Dtype | 'auto';
  /** 'auto' = by a short trial. */
  readonly device: 'auto' | 'wasm' | 'webgpu';
}

/** One language or script of the texts. */
export interface LanguageShare {
  /** ISO 639-1, or 'und' where the script is all that is known. */
  readonly language: string;
  /** As Unicode names it: 'Latin', 'Han', ...; the language's own for Japanese (Han with kana) and Korean. */
  readonly script: string;
  /** Of the texts with letters, 0..1. */
  readonly share: number;
}

/** What the distinct texts are written in. */
export interface TextLanguages {
  /** Texts that were looked at, and those of them that have letters. */
  readonly looked: number;
  readonly lettered: number;
  /** Largest first. */
  readonly shares: readonly LanguageShare[];
}

export const NO_LANGUAGES: TextLanguages = { looked: 0, lettered: 0, shares: [] };

/** A model for these texts, and why. */
export interface ModelAdvice {
  /** Of the model that 'auto' takes. */
  readonly id: string;
  /** Share of the texts that it knows, 0..1. */
  readonly known: number;
  /** What will be lost, and how to get a better model, in the user's words; null where nothing is. */
  readonly warning: string | null;
  /** Ids of models that are not here and would know more of the texts, best first. */
  readonly better: readonly string[];
}

/** How the texts of a run were embedded. */
export interface EmbedReport {
  /** Distinct texts; `cached` of them had their vector already, `empty` have no token and so no vector, `cut` were longer than the model reads. */
  readonly texts: number;
  readonly cached: number;
  readonly empty: number;
  readonly cut: number;
  /** That went through the model. */
  readonly tokens: number;
  /** Of the work of the model. */
  readonly seconds: number;
  /** Trouble that the run went on without: the cache is full, was broken, ...; in the user's words. */
  readonly notes: readonly string[];
}

export const NOTHING_EMBEDDED: EmbedReport = { texts: 0, cached: 0, empty: 0, cut: 0, tokens: 0, seconds: 0, notes: [] };

/** Vectors of texts that are kept for later runs: of one model as it ran. No text is kept with them. */
export interface KeptVectors {
  /** Its id. */
  readonly model: string;
  readonly dtype: string;
  readonly device: string;
  readonly bytes: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly usedAt: number;
}
