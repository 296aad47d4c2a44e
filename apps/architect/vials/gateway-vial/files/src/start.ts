// Starts the service, and looks whether its own token may do what its routes need: what is missing is told at once, not by a caller.
import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { Sentinel } from './lab/sentinel.js';
import { labToolOf, type Routes } from './routing/routes.js';
import { ROUTES } from './tokens.js';

export interface Running {
  readonly app: INestApplication;
  readonly url: string;
}

export async function start(config: Config): Promise<Running> {
  const app = await NestFactory.create(AppModule.of(config), { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  await app.listen(config.port, config.host);
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return { app, url: `http://${config.host}:${port}` };
}

/** Tools of the lab that this service's token may not call, each with the reason. @throws Failure when the lab is away */
export async function missingRights(app: INestApplication): Promise<string[]> {
  const tools = new Set([...app.get<Routes>(ROUTES).values()].flatMap((route) => labToolOf(route) ?? []));
  const answers = await Promise.all(
    [...tools].map(async (tool) => ({ tool, ...(await app.get(Sentinel).mayI(tool)) })),
  );
  return answers.filter(({ allowed }) => !allowed).map(({ tool, reason }) => `${tool}: ${reason}`);
}
