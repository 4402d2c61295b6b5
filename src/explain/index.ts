export { chooseExemplars, meanTextVector } from './exemplars.ts';
export { cutsOf, interestLevels, type LevelsTask } from './levels.ts';
export { distinctNames, trackName, trackTerms } from './names.ts';
export { pickTerms, type ScoredTerm, type SegmentTexts, scoreTerms } from './terms.ts';
