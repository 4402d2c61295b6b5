/**
 * What a typed query found in the result that is shown; nearness is the cosine to the query. What is less than a third as near as the nearest
 * of its kind is in no list.
 */
export interface SearchHits {
  readonly query: string;
  /** Nearest first, at most 20. */
  readonly texts: readonly { readonly text: string; readonly cosine: number; readonly users: number }[];
  /** Nearest first, at most 20; the profile of a user that is nearest, of those that are not thin. `profile`: index into the result's profiles. */
  readonly users: readonly { readonly profile: number; readonly cosine: number }[];
  /** Nearest first, at most 10; of a track the segment that is nearest. `segment`: index into the result's segments. */
  readonly segments: readonly { readonly segment: number; readonly cosine: number }[];
  /** One a segment of the result: the cosine to its centre, and whether (1 or 0) its centre or a quarter of its users are lit by half or more. */
  readonly toSegments: { readonly cosine: Float32Array; readonly bright: Uint8Array };
  /** One a profile, 0..1: how brightly it lights up on the map. */
  readonly light: Float32Array;
  /** False where the nearest texts are hardly nearer than texts in general; true where that is not so or can't be told. */
  readonly standsOut: boolean;
  /** Of the search without the wait for the model to load and, once a result, for its texts to be prepared. */
  readonly milliseconds: number;
}
