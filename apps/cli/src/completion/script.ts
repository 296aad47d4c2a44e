// A shell's completion of the command, written out from the command's own tree: it starts no process while somebody types.
import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface Node {
  /** The command's words, without the program's name. */
  readonly words: readonly string[];
  readonly children: ReadonlyArray<{ readonly name: string; readonly does: string }>;
  readonly options: readonly Flag[];
}

interface Flag {
  readonly names: readonly string[];
  readonly does: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** The name that is typed: what npm's bin is called. */
const NAME = 'labmesh';

export function completionScript(shell: Shell, program: Command): string {
  const nodes = walk(program, []);
  switch (shell) {
    case 'bash':
      return bash(nodes);
    case 'zsh':
      return zsh(nodes);
    case 'fish':
      return fish(nodes);
  }
}

function walk(command: Command, words: readonly string[]): Node[] {
  const children = command.commands.map((child) => ({ name: child.name(), does: child.description() }));
  const help: Flag = { names: ['--help'], does: 'explain this', takesValue: false, choices: [] };
  const options = command.options.filter(({ hidden }) => !hidden).map(flagOf);
  const node: Node = { words, children, options: [...options, help] };
  return [node, ...command.commands.flatMap((child) => walk(child, [...words, child.name()]))];
}

const flagOf = ({ short, long, description, required, optional, argChoices }: Option): Flag => ({
  names: [long, short].filter((name): name is string => name !== undefined),
  does: description,
  takesValue: required || optional,
  choices: argChoices ?? [],
});

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What is offered after these words: commands where there are some, flags always, and files where neither fits. */
function bash(nodes: readonly Node[]): string {
  const cases = nodes.map(({ words, children, options }) => {
    const offers = [...children.map(({ name }) => name), ...options.flatMap(({ names }) => names)];
    return `    ${quoted(words.join(' '))}) offers=${quoted(offers.join(' '))} ;;`;
  });
  const choices = nodes.flatMap(({ words, options }) =>
    options
      .filter((option) => option.choices.length > 0)
      .flatMap((option) =>
        option.names.map(
          (name) => `    ${quoted([...words, name].join(' '))}) offers=${quoted(option.choices.join(' '))} ;;`,
        ),
      ),
  );
  return `# bash completion of ${NAME}: eval "$(${NAME} completion bash)"
_${NAME}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path="" offers="" i
  local known=${quoted(` ${nodes.map(({ words }) => `/${words.join('/')}`).join(' ')} `)}
  for ((i = 1; i < COMP_CWORD; i++)); do
    local next="\${path:+$path }\${COMP_WORDS[i]}"
    [[ "$known" == *" /\${next// //} "* ]] && path="$next"
  done
  case "\${path:+$path }$before" in
${choices.join('\n')}
  esac
  if [[ -z "$offers" ]]; then
    case "$path" in
${cases.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$offers" -- "$word"))
}
complete -o default -F _${NAME} ${NAME}
`;
}

/** \`word:what it does\`, as _describe wants it. */
const described = (name: string, does: string): string => quoted(`${name.replaceAll(':', '\\:')}:${does}`);

function zsh(nodes: readonly Node[]): string {
  const cases = nodes.map(({ words, children, options }) => {
    const commands = children.map(({ name, does }) => described(name, does)).join(' ');
    const flags = options.flatMap(({ names, does }) => names.map((name) => described(name, does))).join(' ');
    return `    ${quoted(words.join(' '))}) commands=(${commands}); flags=(${flags}) ;;`;
  });
  const choices = nodes.flatMap(({ words, options }) =>
    options
      .filter((option) => option.choices.length > 0)
      .flatMap((option) =>
        option.names.map(
          (name) =>
            `    ${quoted([...words, name].join(' '))}) compadd -- ${option.choices.map(quoted).join(' ')}; return ;;`,
        ),
      ),
  );
  return `#compdef ${NAME}
# zsh completion of ${NAME}: eval "$(${NAME} completion zsh)"
_${NAME}() {
  local path_="" next i
  local -a commands flags known
  known=(${nodes.map(({ words }) => quoted(words.join(' '))).join(' ')})
  for ((i = 2; i < CURRENT; i++)); do
    next="\${path_:+$path_ }\${words[i]}"
    (( \${known[(Ie)$next]} )) && path_="$next"
  done
  case "\${path_:+$path_ }\${words[CURRENT-1]}" in
${choices.join('\n')}
  esac
  case "$path_" in
${cases.join('\n')}
  esac
  (( $#commands )) && _describe command commands
  if [[ "\${words[CURRENT]}" == -* ]] || (( ! $#commands )); then _describe option flags; fi
  (( $#commands )) || _files
}
(( $+functions[compdef] )) && compdef _${NAME} ${NAME}
`;
}

function fish(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ words, children, options }) => {
    const when = `-n ${quoted(`__${NAME}_at ${words.join(' ')}`.trimEnd())}`;
    return [
      ...children.map(({ name, does }) => `complete -c ${NAME} ${when} -f -a ${quoted(name)} -d ${quoted(does)}`),
      ...options.map(({ names, does, takesValue, choices }) => {
        const long = names.filter((name) => name.startsWith('--')).map((name) => `-l ${quoted(name.slice(2))}`);
        const short = names.filter((name) => !name.startsWith('--')).map((name) => `-s ${quoted(name.slice(1))}`);
        const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : '';
        return `complete -c ${NAME} ${when} ${[...long, ...short].join(' ')}${value} -d ${quoted(does)}`;
      }),
    ];
  });
  const known = nodes.filter(({ words }) => words.length > 0).map(({ words }) => quoted(words.join(' ')));
  return `# fish completion of ${NAME}: ${NAME} completion fish | source
function __${NAME}_at
  set -l known ${known.join(' ')}
  set -l at
  for word in (commandline -opc)[2..]
    set -l next (string join -- ' ' $at $word)
    contains -- $next $known; and set -a at $word
  end
  test "$at" = "$argv"
end
${lines.join('\n')}
`;
}
