// Whether a path is meant by a glob: * and ? within a part, ** for any parts. The patterns are a caller's, so the time it takes
// grows with pattern and path alone, whatever is in them.

export function isMeant(path: string, glob: string): boolean {
  const [parts, patterns] = [path.split('/'), glob.replace(/^\.\//, '').split('/')];
  // Which numbers of parts the patterns so far can have used up.
  let reached = new Set([0]);
  for (const pattern of patterns) {
    const next = new Set<number>();
    for (const at of reached) {
      if (pattern === '**') for (let more = at; more <= parts.length; more += 1) next.add(more);
      else if (at < parts.length && isPartMeant(parts[at] ?? '', pattern)) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(parts.length);
}

/** Goes back to the last * only: what an earlier one took, the last one could have taken as well. */
function isPartMeant(part: string, pattern: string): boolean {
  const [text, wanted] = [[...part], [...pattern]];
  let [at, place, star, starAt] = [0, 0, -1, 0];
  while (at < text.length) {
    if (wanted[place] === '*') {
      [star, starAt] = [place, at];
      place += 1;
    } else if (place < wanted.length && (wanted[place] === '?' || wanted[place] === text[at])) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      starAt += 1;
      [at, place] = [starAt, star + 1];
    } else return false;
  }
  while (wanted[place] === '*') place += 1;
  return place === wanted.length;
}
