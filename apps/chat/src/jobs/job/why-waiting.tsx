// The one thing that a waiting job lacks.
import type { mechanic, ToolOutput } from '@labmesh/contracts';
import { useAnswer } from '../../mcp/use-answer.js';
import { formatWhole } from '../../ui/figures.js';
import { Notice } from '../../ui/notice.js';
import { TOOLS } from '../views.js';

type Why = ToolOutput<typeof mechanic.tools.why_pending>;

export function WhyWaiting({ jobId }: { jobId: string }) {
  const { value } = useAnswer<Why>(TOOLS.why, { jobId });
  if (!value || value.missing === 'nothing') return null;
  return (
    <div data-testid="job-why">
      <Notice title="It waits.">
        <p>
          {value.message}
          {value.readyAt !== null && ` Expected at ${formatWhole(value.readyAt)}.`}
        </p>
      </Notice>
    </div>
  );
}
