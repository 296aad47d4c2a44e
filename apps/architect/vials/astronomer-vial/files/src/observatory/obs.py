"""The scene collection for OBS Studio: obs/observatory.json with the paths of this project, as OBS wants them, absolute."""

import json
from pathlib import Path
from typing import Any

from observatory.config import PROJECT

SHIPPED = PROJECT / "obs" / "observatory.json"


def localised(project: Path = PROJECT, shipped: Path = SHIPPED) -> dict[str, Any]:
    """The collection whose files are those of `project`."""
    collection = json.loads(shipped.read_text(encoding="utf-8"))
    for source in collection["sources"]:
        settings = source["settings"]
        for name in ("file", "local_file", "text_file"):
            if name in settings:
                settings[name] = str((project / settings[name]).resolve())
    return collection


def write(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(localised(), indent=4) + "\n", encoding="utf-8")
    return target
