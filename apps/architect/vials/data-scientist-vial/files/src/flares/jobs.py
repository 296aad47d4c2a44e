"""The same training as a job on the lab's machines: submitted once, however often this is asked, and followed to its end."""

import hashlib
import sys
from pathlib import Path
from typing import Any, TextIO

from flares import train
from flares.config import Config
from flares.lab import Lab, LabError

DATA = "data/flares.json"


def specification(given: Config, version: int) -> dict[str, Any]:
    """What the Mechanic is asked for. The same program, data and limits have the same submissionId, and so are the same job."""
    job, script = given.job, Path(train.__file__).read_text(encoding="utf-8")
    asked = {
        "name": "flares and ejections",
        "command": ["python", "train.py", "--data", DATA, "--epochs", str(given.epochs)],
        "files": [
            {"path": "train.py", "text": script},
            {"path": DATA, "datasetId": given.dataset, "version": version, "format": "json"},
        ],
        "requirements": job["requirements"],
        "resources": {
            "cpus": job["cpus"],
            "memoryMb": job["memory_mb"],
            "gpus": job["gpus"],
            "wallSeconds": job["wall_seconds"],
        },
        "checkpoints": "checkpoints",
        "artifacts": ["artifacts/**"],
        "tries": 2,
    }
    return {**asked, "submissionId": f"flares-{hashlib.sha256(repr(asked).encode()).hexdigest()[:32]}"}


def submit(lab: Lab, given: Config) -> dict[str, Any]:
    """The job, new or the one that there is."""
    version = lab.call("curator_get_dataset", datasetId=given.dataset)["dataset"]["version"]
    return lab.call("mechanic_orchestrate_training_job", **specification(given, version))["job"]


def run(lab: Lab, given: Config, results: Path, log: TextIO = sys.stdout) -> dict[str, Any]:
    """Submits, follows the log, and brings what the job left into results/artifacts. Raises LabError when it did not succeed."""
    job_id = submit(lab, given)["jobId"]
    for text in lab.follow(job_id):
        log.write(text)
    job = lab.job(job_id)
    if job["state"] != "succeeded":
        raise LabError(
            job["state"],
            f"The job {job_id} ended: {job['message']}",
            "Its log is above; mechanic_get_job has its attempts.",
        )
    lab.save_artifacts(job_id, results)
    return job
