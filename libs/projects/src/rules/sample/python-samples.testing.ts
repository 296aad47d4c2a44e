// Two clean Python projects, for the specs of the rules: notebooks with pinned requirements, and a package with a service.
import { LAB_URL, MY_WALLET, PROJECT_ID, type SampleFiles } from './sample.testing.js';

const cell = (source: string[], outputs: unknown[] = []) => ({
  cell_type: 'code',
  execution_count: outputs.length === 0 ? null : 1,
  id: `cell-${source.length}-${outputs.length}`,
  metadata: {},
  outputs,
  source,
});
export const notebookOf = (cells: unknown[]): string =>
  `${JSON.stringify(
    {
      cells,
      metadata: {
        kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
        language_info: { name: 'python', version: '3.12.4' },
      },
      nbformat: 4,
      nbformat_minor: 5,
    },
    null,
    1,
  )}\n`;

/** Jupyter, PyTorch, scikit-learn: names that differ from what is imported, magics, a picture among the outputs. */
export const notebooks: SampleFiles = {
  'README.md':
    '# Flares\n\nOpen `notebooks/train.ipynb` with `jupyter lab`.\n\n    export LABMESH_TOKEN_FILE=~/token\n',
  '.gitignore': '.env\n.env.*\n!.env.example\n__pycache__/\ncheckpoints/\n',
  '.env.example': `# Where the lab is
LABMESH_URL=${LAB_URL}
LABMESH_WALLET=
LABMESH_TOKEN_FILE=
# Lines of the training that are kept
BATCH_SIZE=32
`,
  'requirements.txt': `# Tried together with Python 3.12
jupyterlab==4.4.3
matplotlib==3.10.3
numpy==2.2.6
pillow==11.2.1
PyYAML==6.0.2
scikit-learn==1.6.1
torch==2.7.1
-r requirements-test.txt
`,
  'requirements-test.txt': 'pytest==8.4.0\n',
  'src/flares/__init__.py': '"""Flares of the Sun."""\n',
  'src/flares/settings.py': `"""Settings, from the environment."""
import os
from pathlib import Path

import yaml

BATCH_SIZE = int(os.environ.get("BATCH_SIZE", "32"))
LAB = os.environ["LABMESH_URL"]
TOKEN_FILE = Path(os.getenv("LABMESH_TOKEN_FILE", ""))


def read(path: Path) -> dict:
    """A YAML file."""
    return yaml.safe_load(path.read_text())
`,
  'src/flares/model.py': `from __future__ import annotations

import torch
from torch import nn

from . import settings
from .settings import BATCH_SIZE

try:
    import tomllib
except ImportError:
    import tomli as tomllib


class Net(nn.Module):
    """A small network."""

    def __init__(self, hidden: int = 64) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(16, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        return self.layers(batch)


__all__ = ["BATCH_SIZE", "Net", "settings", "tomllib"]
`,
  'tests/test_model.py': `import torch

from flares.model import Net


def test_shape():
    assert Net()(torch.zeros(3, 16)).shape == (3, 1)
`,
  'notebooks/train.ipynb': notebookOf([
    { cell_type: 'markdown', id: 'first', metadata: {}, source: ['# Train\n', 'See http://example.org for more.'] },
    cell([
      '%matplotlib inline\n',
      'import sys\n',
      'import numpy as np\n',
      'import matplotlib.pyplot as plt\n',
      'from PIL import Image\n',
      'from sklearn.model_selection import train_test_split\n',
      'sys.path.append("../src")\n',
      'from flares.model import Net\n',
      '!ls\n',
    ]),
    cell(
      ['plt.plot(np.arange(3))'],
      [
        {
          output_type: 'display_data',
          metadata: {},
          data: {
            'image/png': 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk',
            'text/plain': ['<Figure>'],
          },
        },
        { output_type: 'stream', name: 'stdout', text: ['epoch 1 loss 0.41\n'] },
      ],
    ),
  ]),
  '.mcp.json': `${JSON.stringify(
    {
      mcpServers: {
        labmesh: { type: 'http', url: `${LAB_URL}/mcp`, headers: { Authorization: `Bearer \${LABMESH_TOKEN}` } },
      },
    },
    null,
    2,
  )}\n`,
  '.labmesh/project.json': `${JSON.stringify(
    {
      format: 1,
      projectId: PROJECT_ID,
      name: 'flares',
      owner: MY_WALLET,
      template: 'data-scientist-vial',
      version: '1.0.0',
      inputs: { hidden: 64 },
      secrets: [],
      files: [
        {
          path: 'README.md',
          sha256: 'b4c1f4a2f6a06f18f6f5d6d20d3a9f2f6b1a6d9a8a4b0d4f3a5e6c7d8e9f0a1b',
          executable: false,
        },
      ],
    },
    null,
    2,
  )}\n`,
  Dockerfile: `# syntax=docker/dockerfile:1
ARG PYTHON=3.12.4
FROM python:\${PYTHON}-slim AS build
WORKDIR /app
COPY requirements.txt requirements-test.txt ./
RUN pip install --no-cache-dir -r requirements.txt
FROM build
COPY . .
EXPOSE 8888
CMD ["jupyter", "lab", "--ip", "0.0.0.0", "--port", "8888"]
`,
};

/** PEP 621, optional dependencies, a service with Prometheus beside it. */
export const service: SampleFiles = {
  'README.md': '# Sky service\n\nStart it with `docker compose up`.\n',
  '.gitignore': '.env\n.venv/\n',
  '.env.example': `LABMESH_URL=${LAB_URL}
LABMESH_WALLET=${MY_WALLET}
LABMESH_TOKEN_FILE=
SKY_PORT=8100
ALPACA_URL=http://localhost:11111
`,
  'pyproject.toml': `[build-system]
requires = ["hatchling==1.27.0"]
build-backend = "hatchling.build"

[project]
name = "sky-service"
version = "0.2.0"
description = "Takes requests for pictures of the sky"
requires-python = ">=3.11,<3.14"
dependencies = [
  "fastapi>=0.115,<0.116",
  "httpx>=0.28,<0.29",
  "opencv-python-headless==4.11.0.86",
  "prometheus-client~=0.22.0",
  "python-dateutil>=2.9,<3",
  "uvicorn[standard]>=0.34,<0.35",
]

[project.optional-dependencies]
test = ["pytest>=8.4,<9"]

[project.scripts]
sky = "sky.main:run"

[tool.pytest.ini_options]
testpaths = ["tests"]

[tool.hatch.build.targets.wheel]
packages = ["src/sky"]
`,
  'src/sky/__init__.py': '',
  'src/sky/main.py': `"""The service."""
import os
from typing import TYPE_CHECKING

import cv2
import httpx
from dateutil import parser
from fastapi import FastAPI
from prometheus_client import Counter

if TYPE_CHECKING:
    from collections.abc import Iterable

PORT = int(os.environ.get("SKY_PORT", "8100"))
ALPACA = os.environ["ALPACA_URL"]
SEEN = Counter("sky_seen", "Requests")
app = FastAPI()


@app.get("/healthz")
async def healthz() -> dict:
    SEEN.inc()
    async with httpx.AsyncClient(base_url=ALPACA) as client:
        await client.get("/management/apiversions")
    return {"at": parser.parse("2026-01-01").isoformat(), "cv": cv2.__version__}


def run() -> None:
    import uvicorn

    uvicorn.run(app, port=PORT)


def total(values: "Iterable[int]") -> int:
    """
    import nothing_of_this
    """
    return sum(values)
`,
  'tests/test_main.py': `import pytest

from sky.main import total


@pytest.mark.parametrize("values", [[1, 2]])
def test_total(values):
    assert total(values) == 3
`,
  Dockerfile: `FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir .
USER 1000
EXPOSE 8100
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8100/healthz')"]
ENTRYPOINT ["sky"]
`,
  'compose.yaml': `services:
  sky:
    build: .
    env_file: .env
    ports:
      - "127.0.0.1:8100:8100"
    depends_on: [metrics]
  metrics:
    image: prom/prometheus:v3.4.1
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
    ports:
      - "127.0.0.1:9090:9090"
volumes:
  data: {}
`,
  'prometheus.yml': `global:
  scrape_interval: 15s
scrape_configs:
  - job_name: sky
    static_configs:
      - targets: ["sky:8100"]
`,
};
