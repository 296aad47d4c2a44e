"""What observatory.toml says: where the telescope is, which imagery, and what a video job may use."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Config:
    telescope: dict[str, Any]
    imagery: dict[str, Any]
    video: dict[str, Any]


def config(file: Path = PROJECT / "observatory.toml") -> Config:
    with file.open("rb") as opened:
        said = tomllib.load(opened)
    return Config(said["telescope"], said["imagery"], said["video"])
