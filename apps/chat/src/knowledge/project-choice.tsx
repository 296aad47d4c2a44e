// One of the caller's projects, for whoever has some.
import { useAnswer } from '../mcp/use-answer.js';
import { Choice } from '../ui/choice.js';
import type { Projects } from './knowledge.js';
import { useParts } from './use-parts.js';
import { TOOLS } from './views.js';

/** The newest of them. */
const PROJECTS_MAX = 200;

interface ProjectChoiceProps {
  readonly testId: string;
  /** What stands for no project. */
  readonly none: string;
  readonly value: string;
  readonly onChoose: (projectId: string) => void;
}

export function ProjectChoice({ testId, none, value, onChoose }: ProjectChoiceProps) {
  const parts = useParts();
  const { value: answer } = useAnswer<Projects>(parts.has('projects') ? TOOLS.projects : undefined, {
    limit: PROJECTS_MAX,
  });
  const projects = answer?.projects ?? [];
  if (projects.length === 0 && value === '') return null;
  const options = projects.map(({ projectId, name }) => ({ value: projectId, label: name }));
  const unknown = value !== '' && !projects.some(({ projectId }) => projectId === value);
  return (
    <Choice
      label="Project"
      testId={testId}
      value={value}
      options={[{ value: '', label: none }, ...options, ...(unknown ? [{ value, label: value }] : [])]}
      onChoose={onChoose}
    />
  );
}
