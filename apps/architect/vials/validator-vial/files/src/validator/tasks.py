"""What is to be validated: a claim about a model on a dataset. Tasks come from tasks/*.json and from a dataset of the lab."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from validator.config import PROJECT
from validator.inference import METRICS
from validator.lab import Lab


@dataclass(frozen=True)
class Task:
    """The model is named by its SHA-256 alone, and looked up in models/: a task cannot point anywhere else."""

    taskId: str
    datasetId: str
    datasetVersion: int
    modelSha256: str
    metric: str
    claimed: float
    tolerance: float

    @property
    def key(self) -> str:
        """The same for the same task, whatever brought it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def task(said: dict[str, Any]) -> Task:
    """Raises ValueError that names what is wrong."""
    names = Task.__dataclass_fields__
    if missing := [name for name in names if said.get(name) is None]:
        raise ValueError(f"a task lacks {', '.join(missing)}")
    read = Task(**{name: said[name] for name in names})
    checks = {
        "taskId is 1 to 80 letters, digits, dots or dashes": re.fullmatch(r"[\w.-]{1,80}", str(read.taskId)),
        "datasetId begins with ds_": str(read.datasetId).startswith("ds_"),
        "datasetVersion is a number from 1": isinstance(read.datasetVersion, int) and read.datasetVersion >= 1,
        "modelSha256 is 64 hexadecimal digits": re.fullmatch(r"[0-9a-f]{64}", str(read.modelSha256)),
        f"metric is one of {', '.join(METRICS)}": read.metric in METRICS,
        "claimed is from 0 to 1": isinstance(read.claimed, int | float) and 0 <= read.claimed <= 1,
        "tolerance is from 0 to 1": isinstance(read.tolerance, int | float) and 0 <= read.tolerance <= 1,
    }
    if wrong := [rule for rule, holds in checks.items() if not holds]:
        raise ValueError(f"task {read.taskId}: {'; '.join(wrong)}")
    return read


def from_files(folder: Path = PROJECT / "tasks") -> list[dict[str, Any]]:
    return [said for file in sorted(folder.glob("*.json")) for said in json.loads(file.read_text(encoding="utf-8"))]


def from_lab(lab: Lab, dataset: str) -> list[dict[str, Any]]:
    return lab.rows(dataset) if dataset else []


def model_of(name: str, sha256: str, folder: Path = PROJECT / "models") -> bytes:
    """Of a task or a claim of this name. Raises ValueError where the model is not here."""
    for file in sorted(folder.glob("*.onnx")):
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
    raise ValueError(f"{name}: no file of models/ has the SHA-256 {sha256}: put the model there")
