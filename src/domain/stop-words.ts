/** English words that carry no topic: articles, pronouns, prepositions, conjunctions, auxiliaries, common adverbs. */
const LIST = `
a about above after again against all almost also although always am among an and another any are around as at
away back be became because become been before behind being below between both but by
can cannot could did do does doing done down during each either else even ever every few for from further
get gets getting go goes going got had has have having he her here hers herself him himself his how however
i if in into is isn't it its itself just less let like made make makes many may me might more most much must my myself
never no nor not now of off often on once one only onto or other others our ours ourselves out over own
per perhaps quite rather same shall she should since so some still such
than that the their theirs them themselves then there these they this those through thus to too toward towards
under until up upon us use used using very via was we well were what when where whether which while who whom whose why
will with within without would yet you your yours yourself yourselves
aren't can't couldn't didn't doesn't don't hadn't hasn't haven't he'd he'll i'd i'll i'm i've it'd it'll let's mustn't
she'd she'll shouldn't they'd they'll they're they've wasn't we'd we'll we're we've weren't won't wouldn't you'd you'll you're you've
`;

export const ENGLISH: ReadonlySet<string> = new Set(LIST.split(/\s+/).filter(Boolean));
