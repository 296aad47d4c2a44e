// Which tools a connection asked for: `?toolsets=data,jobs`. A scope only ever takes tools away; rights are decided elsewhere.
import {
  AppError,
  isToolsetName,
  type NamedTool,
  TOOLSET_NAMES,
  type ToolsetName,
  toolsetsAllow,
  toolsetsHold,
} from '@labmesh/contracts';

export interface ToolScope {
  /** Equal for scopes that hold the same. */
  readonly key: string;
  /** What it lists, it allows. */
  lists(tool: NamedTool): boolean;
  /** Whether the tool may be called on this connection, listed or not. */
  allows(tool: NamedTool): boolean;
}

const PARAMETER = 'toolsets';
/** Longest value that is looked at, characters: far more than all names together. */
const VALUE_MAX = 1_000;

/**
 * The scope that a request's address asks for; undefined when it asks for none.
 * @throws AppError invalid_input naming what is unknown and what there is
 */
export function scopeOf(url: string | undefined): ToolScope | undefined {
  const at = url?.indexOf('?') ?? -1;
  if (url === undefined || at === -1) return undefined;
  const asked = new URLSearchParams(url.slice(at + 1)).getAll(PARAMETER);
  return asked.length === 0 ? undefined : scopeNamed(asked.join());
}

function scopeNamed(value: string): ToolScope {
  const words = [
    ...new Set(
      value
        .slice(0, VALUE_MAX)
        .split(',')
        .map((word) => word.trim()),
    ),
  ].filter((word) => word !== '');
  const unknown = words.filter((word) => !isToolsetName(word));
  if (unknown.length > 0 || words.length === 0) {
    const why =
      words.length === 0
        ? 'no name was given'
        : `no toolset is called ${unknown.map((word) => word.slice(0, 40)).join(', ')}`;
    throw new AppError('invalid_input', `Cannot choose toolsets: ${why}. There are ${TOOLSET_NAMES.join(', ')}.`);
  }
  return scopeWith(words.filter(isToolsetName));
}

export function scopeWith(chosen: readonly ToolsetName[]): ToolScope {
  const names = [...new Set(chosen)].sort();
  return {
    key: names.join(),
    lists: (tool) => toolsetsHold(names, tool),
    allows: (tool) => toolsetsAllow(names, tool),
  };
}
