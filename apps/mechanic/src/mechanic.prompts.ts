// The Mechanic's prompts: words only, about tools that exist.
import { asUser, mechanic, type PromptHandlers, toolOf } from '@labmesh/contracts';

const health = toolOf(mechanic, 'get_system_health');

export const mechanicPrompts = (): PromptHandlers<typeof mechanic.prompts> => ({
  check_health: () =>
    asUser(`Check the health of the lab.

1. Call ${health}. It measures now; nothing in it is older than the call.
2. Begin with the worst: services, database, queue or bus that are down, with the message that came with them.
3. Then what is close to a limit: memory or disk with less than a tenth available, CPU above 0.9, failed jobs in the queue, GPU memory nearly full.
4. One line for everything that is well.
5. End with what to do first, or that nothing is to be done.

Give figures with their units. Leave the Prometheus text out.`),
  find_the_cause: ({ symptom }) =>
    asUser(`Find what explains this:

${symptom}

1. Call ${health} twice, some seconds apart, and compare: a sample of the CPU is short, and a queue may be moving.
2. List what could explain the symptom, each with the figure that speaks for it or against it.
3. Name the most likely cause, how sure you are, and the one observation that would settle it.
4. Propose the smallest remedy. You cannot restart anything from here: say who has to do what.

If the figures show nothing unusual, say so; do not make up a cause.`),
});
