"""What vial.toml says: which data, how long to train, and what a job may use."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Config:
    dataset: str
    epochs: int
    job: dict[str, Any]
    # Empty until the lab has a notebook agent, and somebody names it in vial.toml.
    notebook_agent: str


def config(file: Path = PROJECT / "vial.toml") -> Config:
    with file.open("rb") as opened:
        said = tomllib.load(opened)
    return Config(said["data"]["dataset"], said["training"]["epochs"], said["job"], said["notebook_agent"]["name"])
