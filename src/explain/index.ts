export { chooseExemplars, meanTextVector } from './exemplars.ts';
export { distinctNames, trackName, trackTerms } from './names.ts';
export { labelSegments, pickTerms, type ScoredTerm, type SegmentTexts, scoreTerms } from './terms.ts';
export { wordsOf } from './words.ts';
