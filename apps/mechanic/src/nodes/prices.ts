// What a second of computing costs: parameters of the lab, which the Chancellor keeps. The operator sets them by it until the DAO is on;
// what is in force here is what the newest version says, whoever set it.
import { AgentClients } from '@labmesh/agent';
import {
  amountToMicro,
  type Call,
  chancellor,
  type Listeners,
  mechanic,
  microToAmount,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { NodeRows, type Prices } from '@labmesh/jobs';
import { ResourceChanges } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';

export const priceListens = { parameters_set: chancellor.events.parameters_set };

type ParametersSet = Parameters<Listeners<typeof priceListens>['parameters_set']>[0];
type SetPrices = typeof mechanic.tools.set_prices;

/** By their names at the Chancellor. */
export const PRICE_PARAMETERS = {
  cpuSecond: 'prices.cpu_second',
  gpuSecond: 'prices.gpu_second',
  gbSecond: 'prices.gb_second',
} as const satisfies Readonly<Record<keyof Prices, string>>;
const UNITS = Object.entries(PRICE_PARAMETERS) as ReadonlyArray<[keyof Prices, string]>;

@Injectable()
export class JobPrices {
  constructor(
    @Inject(NodeRows) private readonly rows: Pick<NodeRows, 'prices' | 'setPrices'>,
    @Inject(AgentClients) private readonly clients: AgentClients<typeof mechanic>,
    @Inject(ResourceChanges) private readonly changes: Pick<ResourceChanges, 'tell'>,
  ) {}

  async current(): Promise<ToolOutput<SetPrices>> {
    const { cpuSecond, gpuSecond, gbSecond } = await this.rows.prices();
    return {
      cpuSecond: microToAmount(cpuSecond),
      gpuSecond: microToAmount(gpuSecond),
      gbSecond: microToAmount(gbSecond),
    };
  }

  /** Asks the Chancellor in the caller's name. @throws AppError conflict once the DAO is on */
  async set(input: ToolInput<SetPrices>, call: Call): Promise<ToolOutput<SetPrices>> {
    const changes = UNITS.flatMap(([unit, parameter]) => {
      const value = input[unit];
      return value === undefined ? [] : [{ parameter, value }];
    });
    if (changes.length > 0) {
      const { version } = await this.clients.of(chancellor, call).set_parameters({ changes });
      const values = Object.fromEntries(changes.map(({ parameter, value }) => [parameter, value]));
      await this.#take(values, { version, by: call.principal.walletId });
    }
    return this.current();
  }

  /** Of an event, which may come late, twice and out of turn. */
  async told({ version, values, by }: ParametersSet): Promise<void> {
    if (await this.#take(values, { version, by: by ?? null }))
      this.changes.tell({ uris: [mechanic.resources.nodes.uri] });
  }

  async #take(
    values: Readonly<Record<string, string>>,
    of: { readonly version: number; readonly by: string | null },
  ): Promise<boolean> {
    const given = UNITS.flatMap(([unit, parameter]) => {
      const value = values[parameter];
      return value === undefined ? [] : [[unit, amountToMicro(value)] as const];
    });
    if (given.length === 0) return false;
    await this.rows.setPrices(Object.fromEntries(given) as Partial<Prices>, of);
    return true;
  }
}
