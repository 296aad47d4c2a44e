// Whether a question is one of LabMesh's code: when it says so, or names something as programs do.

/** What says that the code is meant. It is no word of what is asked for. */
const SAYS_SO =
  /\b(?:(?:where |somewhere |anywhere )?in (?:the|its|your|labmesh'?s|labmesh’s) (?:source ?code|sources|code(?:base)?)|(?:which|what) (?:source|code) file|(?:which|what) (?:source )?(?:file|function|class|method|module) of the (?:source ?)?code)\b/gi;
/** As programs write names: `camelCase`, `PascalCase`, `snake_case`, `UPPER_CASE`, and a name that is called. */
const NAME =
  /\b(?:[A-Za-z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+|[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[A-Za-z_$][\w$]*(?=\(\)))/g;

export interface CodeQuestion {
  readonly saysSo: boolean;
  /** Names in it, as they are written. */
  readonly names: readonly string[];
  /** Without what says that the code is meant. */
  readonly question: string;
}

export function codeQuestion(question: string): CodeQuestion {
  const bare = question.replace(SAYS_SO, ' ');
  const rest = bare.trim() === '' ? question : bare;
  return { saysSo: bare !== question, names: [...new Set(rest.match(NAME) ?? [])], question: rest };
}
