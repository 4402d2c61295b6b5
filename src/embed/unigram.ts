/** What the search needs to know of a unigram vocabulary (Kudo 2018, https://arxiv.org/abs/1804.10959). */
export interface UnigramVocabulary {
  /** Log probability of each piece that may be matched. */
  readonly scores: ReadonlyMap<string, number>;
  /** Score of a character that no piece covers. */
  readonly unknownScore: number;
  /** Code points in the longest piece. */
  readonly longest: number;
}

/**
 * The pieces of the path with the highest sum of scores through `text` (Viterbi).
 * Of equal sums the path whose last piece starts later wins, as in the published model: "999" is "99" + "9". A character
 * without a piece of its own stands alone; runs of them are joined afterwards by the caller.
 * Time: code points x longest piece.
 */
export function segment(text: string, vocabulary: UnigramVocabulary): string[] {
  const characters = [...text];
  const starts = bestStarts(characters, vocabulary);
  const pieces: string[] = [];
  for (let end = characters.length; end > 0; end = starts[end] as number) {
    pieces.push(characters.slice(starts[end] as number, end).join(''));
  }
  return pieces.reverse();
}

/** For every end position, where the last piece of the best path to it starts. */
function bestStarts(characters: readonly string[], { scores, unknownScore, longest }: UnigramVocabulary): Int32Array {
  const best = new Float64Array(characters.length + 1).fill(Number.NEGATIVE_INFINITY);
  const starts = new Int32Array(characters.length + 1);
  best[0] = 0;
  const offer = (start: number, end: number, score: number): void => {
    const sum = (best[start] as number) + score;
    // >= and not >: starts come in ascending order, so the later one wins a tie.
    if (sum < (best[end] as number)) return;
    best[end] = sum;
    starts[end] = start;
  };
  for (let start = 0; start < characters.length; start++) {
    const stop = Math.min(characters.length, start + longest);
    let piece = '';
    for (let end = start + 1; end <= stop; end++) {
      piece += characters[end - 1];
      const score = scores.get(piece);
      if (score !== undefined) offer(start, end, score);
      else if (end === start + 1) offer(start, end, unknownScore);
    }
  }
  return starts;
}
