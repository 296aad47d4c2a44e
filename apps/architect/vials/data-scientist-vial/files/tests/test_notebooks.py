"""Both notebooks, run from the first cell to the last against a running lab, as Jupyter would."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from flares.config import PROJECT
from flares.lab import Lab

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))


def run(notebook: Path) -> str:
    """What its cells printed. The time is for the job's environment, which the lab makes once."""
    book = nbformat.read(notebook, as_version=4)
    NotebookClient(book, timeout=900, resources={"metadata": {"path": str(notebook.parent)}}).execute()
    outputs = [out for cell in book.cells for out in cell.get("outputs", [])]
    return "".join(out.get("text", "") for out in outputs)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(lab: Lab, notebook: Path) -> None:
    assert "right" in run(notebook)


def test_here_and_there_the_same_is_learned(lab: Lab) -> None:
    """Left by the two above: the job ran the same program on the same rows."""
    here, there = (PROJECT / place / "metrics.json" for place in ("artifacts", "results/artifacts"))
    if not (here.exists() and there.exists()):
        pytest.skip("run the notebooks first")
    last = [json.loads(file.read_text())[-1] for file in (here, there)]
    assert last[0]["epoch"] == last[1]["epoch"]
    assert last[0]["loss"] == pytest.approx(last[1]["loss"], rel=1e-2)
