// What people come for, one step away: a question, data, a job, a project, what they learnt.
import { dataHref, jobsHref, knowledgeHref, projectsHref } from '../route.js';
import type { Part } from './parts.js';

const ACTIONS = [
  { needs: 'ask', label: 'Ask the lab', href: '#/ask' },
  { needs: 'submitData', label: 'Submit data', href: dataHref('new') },
  { needs: 'submitJob', label: 'Start a job', href: jobsHref('list', undefined, { new: 1 }) },
  { needs: 'startProject', label: 'Make a project', href: projectsHref('templates') },
  { needs: 'solve', label: 'Log a solution', href: knowledgeHref('solutions', 'new') },
] as const satisfies ReadonlyArray<{ needs: Part; label: string; href: string }>;

export function QuickActions({ parts }: { parts: ReadonlySet<Part> }) {
  const mine = ACTIONS.filter(({ needs }) => parts.has(needs));
  if (mine.length === 0) return null;
  return (
    <nav className="home-actions" aria-label="Quick actions">
      {mine.map(({ needs, label, href }) => (
        <a
          key={needs}
          className={needs === 'ask' ? 'button button-main' : 'button'}
          href={href}
          data-testid={`home-do-${needs}`}
        >
          {label}
        </a>
      ))}
    </nav>
  );
}
