// Of what the Librarian answers: all that one may read, or what belongs to one of one's projects.
import type { architect, ToolOutput } from '@labmesh/contracts';
import { useState } from 'react';
import { usePartsIn } from '../mcp/parts.js';
import { useAnswer } from '../mcp/use-answer.js';
import { TOOLS } from './conversation/message.js';
import { DockChoice } from './dock-choice.js';

type Projects = ToolOutput<typeof architect.tools.list_projects>;

interface Choice {
  readonly projects: Projects['projects'];
  /** An id; undefined: all. */
  readonly chosen: string | undefined;
  readonly choose: (projectId: string | undefined) => void;
}

/** The newest of them; a choice lasts while the page is open. */
const PROJECTS_MAX = 200;

export function useProject(): Choice {
  const parts = usePartsIn(TOOLS);
  const tool = parts.has('projects') && parts.has('ask') ? TOOLS.projects : undefined;
  const { value } = useAnswer<Projects>(tool, { limit: PROJECTS_MAX });
  const [wanted, choose] = useState<string>();
  const projects = value?.projects ?? [];
  return { projects, chosen: projects.find(({ projectId }) => projectId === wanted)?.projectId, choose };
}

export function ProjectChoice({ choice: { projects, chosen, choose } }: { choice: Choice }) {
  if (projects.length === 0) return null;
  return (
    <DockChoice label="From" testId="ask-project" chosen={chosen} onChoose={choose}>
      <option value="">everything you may read</option>
      {projects.map(({ projectId, name }) => (
        <option key={projectId} value={projectId}>
          the project {name}
        </option>
      ))}
    </DockChoice>
  );
}
