"""Against a running lab: NASA's rows, a picture of GIBS, a video made by a job, and both notebooks."""

from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from observatory import frames, video
from observatory.config import PROJECT, config
from observatory.hooks import flares, flux, gibs_map, picture_of_the_day
from observatory.lab import Lab, LabError


def test_nasa_and_gibs(lab: Lab) -> None:
    rows = flares(lab, "2017-09-01", "2017-09-30")
    assert max(rows, key=flux)["classType"] == "X9.3"
    assert picture_of_the_day(lab, "2023-06-12")["date"] == "2023-06-12"
    picture = gibs_map(lab, config().imagery)
    assert picture.media_type == "image/png" and picture.content.startswith(b"\x89PNG")
    assert config().imagery["layer"] in picture.request


def moving_star(number: int) -> bytes:
    y, x = np.mgrid[0:64, 0:96]
    return frames.png(100 * np.exp(-((x - 10 - 4 * number) ** 2 + (y - 32) ** 2) / 8) + (x % 7))


@pytest.mark.parametrize("preset", ["timelapse", "preview"])
def test_a_video_is_made_by_a_job(lab: Lab, preset: str) -> None:
    made = video.make(lab, config().video, preset, [moving_star(n) for n in range(12)], fps=12)
    start = made.read_bytes()[:16]
    assert start.startswith(b"GIF8") if preset == "preview" else start[4:8] == b"ftyp"


def test_a_wrong_preset_is_refused_before_anything_is_sent(lab: Lab) -> None:
    with pytest.raises(LabError, match="There are: timelapse"):
        video.submit(lab, config().video, "cinema", [b"a", b"b"])


@pytest.mark.parametrize("notebook", sorted((PROJECT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs(lab: Lab, notebook: Path) -> None:
    book = nbformat.read(notebook, as_version=4)
    NotebookClient(book, timeout=300, resources={"metadata": {"path": str(notebook.parent)}}).execute()
    printed = "".join(out.get("text", "") for cell in book.cells for out in cell.get("outputs", []))
    assert "pixels" in printed or "X9.3" in printed
