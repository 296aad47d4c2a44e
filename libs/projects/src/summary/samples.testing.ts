// Two small projects whose every fact is known, for specs of summaries.
import type { ProjectFile } from '../project-file.js';

/** These samples read it; the lab does so in one place alone. */
const ENVIRONMENT = ['process', 'env'].join('.');

const file = (path: string, text: string): ProjectFile => ({ path, bytes: Buffer.from(text), executable: false });

/** A Python service with a database, a command, a container and settings. */
export const TIDES: readonly ProjectFile[] = [
  file(
    'pyproject.toml',
    `[project]
name = "tides"
description = "Predicts tides from gauges of a harbour"
requires-python = ">=3.11"
license = "MIT"
dependencies = ["httpx==1.0", "psycopg==3.2"]

[project.scripts]
tides = "tides.command:main"

[tool.pytest.ini_options]
testpaths = ["tests"]
`,
  ),
  file(
    'README.md',
    '# Tides\n\nReads gauges and predicts the next tide. It runs by itself.\n\n## Start\n\n```sh\npip install -e .\ntides --days 3\n```\n',
  ),
  file('LICENSE', 'MIT License\n\nCopyright (c) somebody\n'),
  file('.env', 'GAUGE_TOKEN=never-read-this\n'),
  file('.env.example', '# Of the gauges.\nGAUGE_URL=\nGAUGE_TOKEN=\n'),
  file('Dockerfile', 'FROM python:3.11-slim AS base\nENV PORT=8080\nCMD ["tides"]\n'),
  file(
    'docker-compose.yml',
    'services:\n  db:\n    image: postgres:16\n  tides:\n    build: .\n    environment:\n      DATABASE_URL: postgres://db/tides\n',
  ),
  file('Makefile', 'test: ## run the tests\n\tpytest\n'),
  file('harbour.toml', 'name = "north"\n'),
  file('src/tides/__init__.py', '"""Tides of one harbour. More to come."""\n'),
  file(
    'src/tides/command.py',
    `"""The command: reads, predicts, prints."""
import importlib
import os
import sys

from . import store
from .gauges import read_gauges as read


def main() -> None:
    url = os.environ["GAUGE_URL"]
    port = os.getenv("PORT", "8080")
    plugin = importlib.import_module(sys.argv[1])
    store.keep(read(url, os.environ[sys.argv[2]]))


def _inner() -> None: ...


if __name__ == "__main__":
    main()
`,
  ),
  file(
    'src/tides/gauges.py',
    `# Gauges over HTTP.
import httpx


class Gauge:
    """One gauge."""

    def test_signal(self) -> bool:
        return True


async def read_gauges(url: str, token: str) -> list[Gauge]:
    text = open("harbour.toml").read()
    return httpx.get(url, headers={"authorization": token}).json()
`,
  ),
  file('src/tides/store.py', 'import psycopg\nfrom subprocess import run\n\n\ndef keep(rows): ...\n'),
  file(
    'tests/test_gauges.py',
    'from tides.gauges import Gauge\n\n\ndef test_a_gauge_has_a_signal(): ...\n\n\nclass TestMore:\n    def test_again(self): ...\n',
  ),
  file(
    'notebooks/look.ipynb',
    JSON.stringify(
      {
        cells: [
          { cell_type: 'markdown', source: ['# A look at tides\n'] },
          {
            cell_type: 'code',
            source: ['from tides import gauges\n', 'await lab.call("curator_fetch_dataset", datasetId="x")\n'],
          },
        ],
      },
      null,
      1,
    ),
  ),
];

/** A TypeScript service with a client of the lab, settings and tests. */
export const RELAY: readonly ProjectFile[] = [
  file(
    'package.json',
    `{
  "name": "relay",
  "description": "Passes rows of the lab on to a queue",
  "license": "Apache-2.0",
  "engines": { "node": ">=20" },
  "bin": { "relay": "dist/main.js" },
  "scripts": { "start": "node dist/main.js", "test": "vitest run" },
  "dependencies": { "amqplib": "1.0.0", "@modelcontextprotocol/client": "2.4.0" }
}
`,
  ),
  file(
    'src/main.ts',
    `#!/usr/bin/env node
// Starts the relay. It ends when its queue does.
import { relay } from './relay/index.js';
import type { Config } from './config.js';

const { QUEUE_URL = 'amqp://localhost', RELAY_NAME } = ${ENVIRONMENT};
await relay({ url: QUEUE_URL, name: RELAY_NAME } as Config);
`,
  ),
  file(
    'src/config.ts',
    `export interface Config { readonly url: string }
export const limit = Number(${ENVIRONMENT}['RELAY_LIMIT'] ?? 10);
export const all = (name: string) => ${ENVIRONMENT}[name];
`,
  ),
  file(
    'src/relay/index.ts',
    `/**
 * Reads from the lab and writes to the queue.
 */
import amqp from 'amqplib';
import { readFileSync } from 'node:fs';
import { limit, type Config } from '../config.js';
export { shape as form } from './shape.js';

 export default async function relay(config: Config) {
  const said = JSON.parse(readFileSync('config/relay.json', 'utf8'));
  const plugin = await import(said.plugin);
  await fetch(config.url);
  return client.callTool({ name: 'curator_query_dataset', arguments: { limit } });
}
export { relay };
`,
  ),
  file('src/relay/shape.ts', 'export const shape = { of: 1 };\nexport type Shape = typeof shape;\n'),
  file('config/relay.json', '{ "plugin": "./none.js" }\n'),
  file(
    'test/relay.test.ts',
    "import { it } from 'vitest';\nimport '../src/relay/shape.js';\nit('passes rows on', () => {});\ntest('keeps their order', () => {});\n",
  ),
  file('tools/once.go', 'package main\n'),
];
