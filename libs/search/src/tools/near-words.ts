// Words as they were meant, where one is mistyped: the known word that is one slip away, two for a long one. A word that is known is
// never changed.

const LONG = 8;
/** Of shorter words too many are words of their own that only look alike: a laser is no layer. */
const SHORTEST = 5;

/** The nearest known words; of equally near ones all, in their order. Itself when it is known, or near to none that is long enough. */
export function nearWords(word: string, known: ReadonlySet<string>): string[] {
  if (known.has(word) || word.length < SHORTEST - 1) return [word];
  const slips = word.length >= LONG ? 2 : 1;
  for (let most = 1; most <= slips; most += 1) {
    const near = [...known].filter((one) => one.length >= SHORTEST && isWithin(word, one, most));
    if (near.length > 0) return near;
  }
  return [word];
}

/** Whether so few letters are added, left out, changed or swapped with their neighbour. */
function isWithin(a: string, b: string, most: number): boolean {
  if (a === b) return true;
  if (most === 0 || Math.abs(a.length - b.length) > most) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  if (restA[0] === restB[1] && restA[1] === restB[0] && isWithin(restA.slice(2), restB.slice(2), most - 1)) return true;
  return (
    isWithin(restA.slice(1), restB.slice(1), most - 1) ||
    isWithin(restA.slice(1), restB, most - 1) ||
    isWithin(restA, restB.slice(1), most - 1)
  );
}
