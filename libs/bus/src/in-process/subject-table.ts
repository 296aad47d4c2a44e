// Who listens on which subject, by NATS's rules: `*` is one token, a last `>` is one or more; one of each queue group is chosen.

/** Whether a subject falls under a pattern. */
export function subjectMatches(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const tokens = subject.split('.');
  for (const [index, token] of wanted.entries()) {
    if (token === '>' && index === wanted.length - 1) return tokens.length > index;
    if (index >= tokens.length || (token !== '*' && token !== tokens[index])) return false;
  }
  return wanted.length === tokens.length;
}

const hasWildcard = (pattern: string): boolean => pattern.split('.').some((token) => token === '*' || token === '>');

interface Route<T> {
  readonly pattern: string;
  /** Of the routes with the same group one is chosen, in turn; without a group each one is. */
  readonly group: string | undefined;
  readonly target: T;
}

export class SubjectTable<T> {
  readonly #literal = new Map<string, Route<T>[]>();
  #wild: Route<T>[] = [];
  readonly #turns = new Map<string, number>();

  /** Returns what takes the route out again. */
  add(pattern: string, group: string | undefined, target: T): () => void {
    const route: Route<T> = { pattern, group, target };
    if (hasWildcard(pattern)) {
      this.#wild = [...this.#wild, route];
      return () => {
        this.#wild = this.#wild.filter((other) => other !== route);
      };
    }
    this.#literal.set(pattern, [...(this.#literal.get(pattern) ?? []), route]);
    return () => {
      const rest = (this.#literal.get(pattern) ?? []).filter((other) => other !== route);
      if (rest.length > 0) this.#literal.set(pattern, rest);
      else this.#literal.delete(pattern);
    };
  }

  match(subject: string): T[] {
    const exact = this.#literal.get(subject) ?? [];
    const found =
      this.#wild.length === 0
        ? exact
        : [...exact, ...this.#wild.filter((route) => subjectMatches(route.pattern, subject))];
    const [only] = found;
    if (only === undefined) return [];
    if (found.length === 1) return [only.target];
    return this.#choose(found);
  }

  #choose(found: readonly Route<T>[]): T[] {
    const chosen: T[] = [];
    const groups = new Map<string, T[]>();
    for (const { group, target } of found) {
      const members = group === undefined ? undefined : groups.get(group);
      if (group === undefined) chosen.push(target);
      else if (members === undefined) groups.set(group, [target]);
      else members.push(target);
    }
    for (const [group, members] of groups) {
      const turn = (this.#turns.get(group) ?? 0) % members.length;
      this.#turns.set(group, turn + 1);
      chosen.push(...members.slice(turn, turn + 1));
    }
    return chosen;
  }
}
