// English words that say nothing about what a text is about. A word that may name something in a lab never belongs here.

const WORDS = `
  a about above after again against all also am an and any are aren't as at be because been before being below between
  both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each either else ever
  few for from further had hadn't has hasn't have haven't having he her here hers herself him himself his how however i
  i'd i'll i'm i've if in into is isn't it its itself just let let's me more most must my myself neither no nor not now
  of off on once only onto or other ought our ours ourselves out over own per please rather same shall she should
  shouldn't since so some such than that the their theirs them themselves then there these they they're this those
  though through thus to too toward towards under until up upon us very was wasn't we we're we've were weren't what
  when where whether which while who whom whose why will with within without won't would wouldn't yet you you're your
  yours yourself yourselves`;

export const STOP_WORDS: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/));
