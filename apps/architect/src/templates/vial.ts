// What a vial is: a folder of its name with a vial.json that says whom it suits, and a README that says how to work.
import { AGENTS, architect, gatewayName, publicTools } from '@labmesh/contracts';
import { z } from 'zod';

export const VialName = architect.tools.get_template_readme.input.shape.name;

const TOOLS: ReadonlySet<string> = new Set(publicTools(AGENTS).map(({ agent, tool }) => gatewayName(agent, tool)));

/** The shape of vial.json. Every tool it names exists. */
export const VialCard = z.strictObject({
  title: z.string().min(3).max(80),
  summary: z.string().min(10).max(400),
  audience: z.string().min(3).max(200),
  tools: z
    .array(z.string().refine((tool) => TOOLS.has(tool), { error: ({ input }) => `there is no tool ${String(input)}` }))
    .min(1),
});

export interface Vial extends z.infer<typeof VialCard> {
  readonly name: string;
  readonly markdown: string;
}
