// What the tools for routes do: reads and sets routes, takes packets and settlements. Whose a dataset is, is checked here.
import {
  AppError,
  type Call,
  type curator,
  PACKET_BYTES_MAX,
  type Routed,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { LAB } from '../datasets/dataset.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { ACCEPTING, type Route } from './route.js';
import { Router } from './router.js';
import { RoutesRepository } from './routes.repository.js';

type Tools = typeof curator.tools;
type Listed = ToolOutput<Tools['list_routes']>;
type RouteInput = ToolInput<Tools['route_data_to_agent']>;

const ROUTES_MAX = 200;

@Injectable()
export class Routing {
  constructor(
    @Inject(RoutesRepository) private readonly routes: RoutesRepository,
    @Inject(DeliveriesRepository) private readonly deliveries: DeliveriesRepository,
    @Inject(Router) private readonly router: Router,
  ) {}

  async list({ routeId }: ToolInput<Tools['list_routes']>): Promise<Listed> {
    const routes = routeId === undefined ? await this.routes.all() : [await this.#find(routeId)];
    return { routes: await Promise.all(routes.map((route) => this.#shown(route))), agents: [...ACCEPTING] };
  }

  async set(input: ToolInput<Tools['set_route']>): Promise<ToolOutput<Tools['set_route']>> {
    const before = input.routeId === undefined ? undefined : await this.#find(input.routeId);
    if (input.remove === true) {
      if (before === undefined) throw wrong('give routeId of the route to remove');
      await this.routes.remove(before.id);
      return { route: null, replayed: 0 };
    }
    const route = before === undefined ? await this.#made(input) : changed(before, input);
    if (!ACCEPTING.includes(route.to))
      throw wrong(`the agent "${route.to}" accepts no data; those that do: ${ACCEPTING.join(', ')}`);
    await this.routes.put(route);
    const replayed = input.replay === undefined ? 0 : await this.deliveries.replay(route, input.replay);
    void this.router.wake();
    return { route: await this.#shown(route), replayed };
  }

  /** @throws AppError not_found for a dataset that is another wallet’s, too_large, invalid_input */
  async give(input: RouteInput, call: Call): Promise<ToolOutput<Tools['route_data_to_agent']>> {
    const given = await this.#given(input, call);
    const enabled = (await this.routes.all()).filter(({ enabled }) => enabled);
    const deliveries = await this.deliveries.planOne(enabled, given);
    void this.router.wake();
    return { deliveries };
  }

  async settle({
    deliveryId,
    proof,
    outcome,
    error,
  }: ToolInput<Tools['settle_delivery']>): Promise<{ settled: boolean }> {
    return { settled: await this.deliveries.settle(deliveryId, proof, { outcome, error }) };
  }

  async #given({ datasetId, version, packet, packetId, topics, source }: RouteInput, { principal }: Call) {
    if ((datasetId === undefined) === (packet === undefined))
      throw new AppError('invalid_input', 'Cannot route it: give either datasetId or packet, one of the two.');
    if (packet !== undefined) {
      const bytes = Buffer.byteLength(JSON.stringify(packet));
      if (bytes > PACKET_BYTES_MAX)
        throw new AppError(
          'too_large',
          `Cannot route a packet of ${bytes} bytes: ${PACKET_BYTES_MAX} is the most. Store it as a dataset and route that.`,
        );
      const data: Routed = { topics, source, packet };
      return { packetId: packetId ?? uuidv7(), data };
    }
    const landed = await this.deliveries.landed(datasetId ?? '', version);
    if (landed === undefined || ![LAB, principal.walletId].includes(landed.owner))
      throw new AppError('not_found', `Cannot route the dataset ${datasetId}: there is none that you may read.`);
    const data: Routed = { ...landed.data, topics: [...new Set([...landed.data.topics, ...topics])] };
    return { datasetId, version: landed.version, data };
  }

  async #made({ name, to, match, enabled = true }: ToolInput<Tools['set_route']>): Promise<Route> {
    if (name === undefined || to === undefined) throw wrong('a new route needs a name, and the agent it leads to');
    if ((await this.routes.all()).length >= ROUTES_MAX)
      throw new AppError('conflict', `Cannot make another route: there are ${ROUTES_MAX}. Remove one first.`);
    return { id: `rt_${uuidv7()}`, name, to, match: match ?? { packets: false }, enabled };
  }

  async #find(routeId: string): Promise<Route> {
    const route = await this.routes.find(routeId);
    if (route === undefined)
      throw new AppError('not_found', `Cannot find the route ${routeId}. list_routes tells which there are.`);
    return route;
  }

  async #shown({ id, ...route }: Route): Promise<Listed['routes'][number]> {
    const { failures, lastDeliveredAt, ...counts } = await this.routes.standing(id);
    return {
      routeId: id,
      ...route,
      ...counts,
      lastDeliveredAt: lastDeliveredAt?.toISOString() ?? null,
      failures: failures.map(({ id: deliveryId, settledAt, error, ...failure }) => ({
        deliveryId,
        ...failure,
        error: error ?? '',
        at: settledAt.toISOString(),
      })),
    };
  }
}

const changed = (before: Route, { name, to, match, enabled }: ToolInput<Tools['set_route']>): Route => ({
  id: before.id,
  name: name ?? before.name,
  to: to ?? before.to,
  match: match ?? before.match,
  enabled: enabled ?? before.enabled,
});

const wrong = (why: string): AppError => new AppError('invalid_input', `Cannot set the route: ${why}.`);
