import type { ByteSource, ColumnMapping, ReadResult } from './event.ts';
import type { Intake } from './intake.ts';
import type { JobContext } from './job.ts';
import type { Matrix } from './matrix.ts';
import type { EmbedReport, ModelInfo, TextLanguages } from './model.ts';

export interface EmbeddedTexts {
  /** texts x dims, unit rows in the order of the texts; zeros for a text without a token. */
  readonly vectors: Matrix;
  readonly report: EmbedReport;
}

/** Texts in, unit vectors out; the texts are distinct. */
export interface TextEmbedder {
  describe(): Promise<ModelInfo>;
  /**
   * @param corpus Texts that the weights of words are counted over, by a lexical model; empty = all words weigh alike. A semantic model does
   * not look at it. By default `texts`.
   */
  embed(texts: readonly string[], ctx: JobContext, corpus?: readonly string[]): Promise<EmbeddedTexts>;
  /** The unit vector of a query that texts are compared with; zeros where it has no token. `corpus` as that of the texts. */
  embedQuery(query: string, corpus: readonly string[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Gives the model for texts in these languages. Whoever opens an embedder disposes of it. */
export type OpenEmbedder = (languages: TextLanguages) => Promise<TextEmbedder>;

/** Files in, events out. */
export interface EventReader {
  read(files: readonly ByteSource[], mapping: ColumnMapping, intake: Intake, ctx: JobContext): Promise<ReadResult>;
}
