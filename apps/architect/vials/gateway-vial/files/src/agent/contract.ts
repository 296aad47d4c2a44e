// The agent's contract: each tool once, as a value. The handlers' types, the MCP tools and the routes' names follow from it.
import { z } from 'zod';

const FlareClass = z.string().regex(/^[ABCMX]\d{1,2}(\.\d{1,2})?$/, 'a class is a letter and a factor, such as M2.3');

export const contract = {
  strongest_flares: {
    title: 'The strongest solar flares',
    description: 'The strongest flares of a dataset of the lab, with their peak flux in W/m2.',
    input: z.object({
      datasetId: z
        .string()
        .regex(/^ds_[A-Za-z0-9-]{1,60}$/)
        .default('ds_donki-solar-flares-2016-2018'),
      limit: z.int().min(1).max(50).default(5),
    }),
    output: z.object({
      datasetId: z.string(),
      flares: z.array(z.object({ classType: z.string(), peakTime: z.string(), wattsPerSquareMetre: z.number() })),
    }),
    readOnly: true,
  },
  flux_of_class: {
    title: 'Flux of a class',
    description: 'Peak flux at 0.1 to 0.8 nm of a GOES class: M2.3 is 2.3e-5 W/m2 (NOAA’s classification).',
    input: z.object({ classType: FlareClass }),
    output: z.object({ wattsPerSquareMetre: z.number() }),
    readOnly: true,
  },
} as const;

type Contract = typeof contract;
export type ToolName = keyof Contract;
export type Input<T extends ToolName> = z.output<Contract[T]['input']>;
export type Output<T extends ToolName> = z.output<Contract[T]['output']>;

/** Who calls, as the verified token says. */
export interface Caller {
  readonly walletId: string;
  readonly role: string;
  readonly permissions: readonly string[];
  /** The only tools that the token may use; absent: all that its permissions allow. */
  readonly toolset?: readonly string[];
}

/** A handler for each tool: a missing one does not compile. */
export type Handlers = { readonly [T in ToolName]: (input: Input<T>, caller: Caller) => Promise<Output<T>> };
