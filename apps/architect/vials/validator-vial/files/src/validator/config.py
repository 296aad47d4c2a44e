"""What validator.toml says: where tasks come from, how reports go out, and what a job may use."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
WAYS = ("auto", "validation", "dataset", "job")


@dataclass(frozen=True)
class Config:
    tasks_dataset: str
    every_seconds: float
    way: str
    job: dict[str, Any]


def config(file: Path = PROJECT / "validator.toml") -> Config:
    with file.open("rb") as opened:
        said = tomllib.load(opened)
    way = said["report"]["way"]
    if way not in WAYS:
        raise ValueError(f"{file.name}: [report] way is {way!r}; it is one of {', '.join(WAYS)}")
    return Config(said["tasks"]["dataset"], said["tasks"]["every_seconds"], way, said["job"])
