// Two clean projects with JavaScript, for the specs of the rules: a TypeScript service with a lock file, and a small tool without dependencies.
import { LAB_URL, MY_WALLET, type SampleFiles } from './sample.testing.js';

/** Written apart: nothing here reads it, it is text of samples. */
export const ENV = ['process', 'env'].join('.');

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export const agent: SampleFiles = {
  'README.md': '# Agent\n\n`npm ci && npm start`\n',
  '.gitignore': 'node_modules/\ndist/\n.env*\n!.env.example\n',
  '.env.example': `LABMESH_URL=${LAB_URL}
LABMESH_WALLET=${MY_WALLET}
LABMESH_TOKEN_FILE=
PORT=8080
NATS_URL=nats://127.0.0.1:4222
`,
  'package.json': json({
    name: 'sky-agent',
    version: '1.0.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: { build: 'tsc -p .', start: 'node dist/main.js', test: 'vitest run' },
    dependencies: {
      '@nestjs/common': '^11.1.0',
      '@nestjs/core': '^11.1.0',
      '@nestjs/platform-express': '^11.1.0',
      'reflect-metadata': '0.2.2',
      rxjs: '^7.8.2',
      zod: '^4.1.0',
    },
    devDependencies: { '@types/node': '^22.15.0', typescript: '~5.9.2', vitest: '^3.2.0' },
  }),
  'package-lock.json': json({
    name: 'sky-agent',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'sky-agent', version: '1.0.0' },
      'node_modules/@nestjs/common': { version: '11.1.2' },
      'node_modules/@nestjs/core': { version: '11.1.2' },
      'node_modules/@nestjs/platform-express': {
        version: '11.1.2',
        integrity: 'sha512-4b2oyfR1rZfLzFM7Fv4R0pYyWJXkQkGm0kJkqN4c0vT0y3iQ1mQe8dYzJ2W9lq1m2XyP3uGd5nZ0bC7tHkL8sA==',
      },
      'node_modules/reflect-metadata': { version: '0.2.2' },
      'node_modules/rxjs': { version: '7.8.2' },
      'node_modules/zod': { version: '4.1.12' },
      'node_modules/@types/node': { version: '22.15.3', dev: true },
      'node_modules/typescript': { version: '5.9.3', dev: true },
      'node_modules/vitest': { version: '3.2.4', dev: true },
    },
  }),
  'tsconfig.json': `{
  // Decorators are Nest's
  "compilerOptions": {
    "target": "ES2023",
    "module": "NodeNext",
    "strict": true,
    "outDir": "dist",
    "rootDir": "src",
    "experimentalDecorators": true,
    "emitDecoratorMetadata": true,
    "paths": { "~/*": ["./src/*"] },
  },
  "include": ["src"],
}
`,
  'src/main.ts': `import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import { AgentModule } from './agent.module.js';
import { readSettings } from '~/settings.js';

const settings = readSettings(${ENV});
const app = await NestFactory.create(AgentModule);
await app.listen(settings.port, '127.0.0.1');
export const version = async () => JSON.parse(await readFile('package.json', 'utf8')).version;
// import left from 'left-pad';
`,
  'src/settings.ts': `import { z } from 'zod';

const Environment = z.object({ PORT: z.coerce.number().default(8080), NATS_URL: z.string(), LABMESH_URL: z.url() });

export const readSettings = (env: NodeJS.ProcessEnv) => ({ port: Environment.parse(env).PORT, bus: ${ENV}.NATS_URL });
`,
  'src/agent.module.ts': `import { Module } from '@nestjs/common';
import type { Observable } from 'rxjs';

@Module({})
export class AgentModule {
  changes?: Observable<string>;
  text = "import x from 'not-a-package'";
}
`,
  'src/settings.spec.ts': `import { expect, it } from 'vitest';
import { readSettings } from './settings.js';

it('has a port', () => {
  expect(readSettings({ NATS_URL: 'nats://localhost', LABMESH_URL: 'http://localhost:3000' }).port).toBe(8080);
});
`,
  Dockerfile: `FROM node:24-slim@sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts && \\
    npm cache clean --force
COPY . .
RUN <<EOF
npm run build
npm prune --omit=dev
EOF
FROM node:24-slim
COPY --from=build /app /app
EXPOSE 8080
CMD ["node", "/app/dist/main.js"]
`,
  'docker-compose.yml': `services:
  agent:
    build:
      context: .
    environment:
      NATS_URL: nats://nats:4222
      LABMESH_URL: \${LABMESH_URL:-${LAB_URL}}
    ports:
      - target: 8080
        published: "8080"
        host_ip: 127.0.0.1
    depends_on:
      nats:
        condition: service_started
  nats:
    image: nats:2.11.4-alpine
    ports: ["127.0.0.1:4222:4222", "127.0.0.1:8222:8222"]
`,
};

/** No dependency, a shell script, the configuration of three MCP clients. */
export const tool: SampleFiles = {
  'README.md':
    '# A tool\n\n```sh\n./ask.sh "How warm is it?"\n```\n\nA key looks like `lmk_…`; it is never written here.\n',
  '.gitignore': '.env\n',
  '.env.example': `LABMESH_URL=${LAB_URL}\nLABMESH_TOKEN_FILE=\n`,
  'ask.sh': `#!/bin/sh\nset -eu\n: "\${LABMESH_URL:?say where the lab is}"\nnode index.mjs "$@"\n`,
  'package.json': json({ name: 'ask', version: '0.1.0', private: true, type: 'module', engines: { node: '>=22' } }),
  'index.mjs': `import { readFileSync } from 'node:fs';
import process from 'node:process';
import { url } from './lab.mjs';

const key = readFileSync(${ENV}.LABMESH_TOKEN_FILE ?? '', 'utf8').trim();
const answer = await fetch(url, { headers: { authorization: \`Bearer \${key}\` } });
console.log(answer.status);
`,
  'lab.mjs': `export const url = new URL('/mcp', ${ENV}.LABMESH_URL);\n`,
  '.mcp.json': json({ mcpServers: { labmesh: { type: 'http', url: `${LAB_URL}/mcp` } } }),
  '.vscode/mcp.json': json({
    inputs: [{ id: 'key', type: 'promptString', description: 'Key of the lab', password: true }],
    servers: { labmesh: { type: 'http', url: `${LAB_URL}/mcp`, headers: { Authorization: `Bearer \${input:key}` } } },
  }),
  '.gemini/settings.json': json({ mcpServers: { labmesh: { httpUrl: `${LAB_URL}/mcp` } } }),
};
