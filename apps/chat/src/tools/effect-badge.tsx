// Says in a word what a tool does to the world.
import type { ToolInfo } from '../mcp/connection.js';
import { type Effect, effectOf } from './tool-groups.js';

const EFFECTS: Readonly<Record<Effect, { label: string; meaning: string }>> = {
  read: { label: 'Reads', meaning: 'Changes nothing.' },
  write: { label: 'Writes', meaning: 'Adds something.' },
  destroy: { label: 'Destructive', meaning: 'Removes something, or cannot be undone.' },
  unknown: { label: 'Effect unknown', meaning: 'The server does not say what it changes.' },
};

/** `quiet`: nothing for tools that only read, so that the others stand out of a list. */
export function EffectBadge({ tool, quiet = false }: { tool: ToolInfo; quiet?: boolean }) {
  const effect = effectOf(tool);
  if (quiet && effect === 'read') return null;
  const { label, meaning } = EFFECTS[effect];
  return (
    <span className={`badge badge-${effect}`} title={meaning}>
      {label}
    </span>
  );
}
