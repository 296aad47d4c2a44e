"""From a claim to its reward: inference, comparison, signature, report. What was reported is not reported again."""

import base64
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from validator import claims, inference, signing, tasks
from validator.config import PROJECT, Config
from validator.lab import Lab, LabError
from validator.tasks import Task

REPORTS = PROJECT / ".validator" / "reports"


class Service:
    """Works on tasks of one lab. Reports are written here first, so that a restart sends the very same bytes again."""

    def __init__(self, lab: Lab, given: Config, reports: Path = REPORTS, key: Path = signing.KEY) -> None:
        self._lab, self._given, self._reports = lab, given, reports
        self._key = signing.key(key)
        self._way = given.way if given.way != "auto" else self._best_way()

    @property
    def way(self) -> str:
        """How reports on tasks of files and datasets go out; validation: there are none."""
        return self._way

    def once(self, tell: Callable[[str], object] = lambda line: print(line, file=sys.stderr)) -> list[dict[str, Any]]:
        """
        Validates and reports the lab's open validations, then all tasks that were not reported yet. What cannot be is told, and the
        others go on.
        """
        done = self._claims(tell) if self._given.way in ("auto", "validation") else []
        if self._way == "validation":
            return done
        for said in [*tasks.from_files(), *tasks.from_lab(self._lab, self._given.tasks_dataset)]:
            try:
                task = tasks.task(said)
                if self._sent(task).exists():
                    continue
                done.append(self.settle(task))
                tell(
                    f"{task.taskId}: {done[-1]['verdict']}, measured {done[-1]['measured']:.4f}, claimed {task.claimed}"
                )
            except (ValueError, LabError) as error:
                tell(f"skipped: {error}")
        return done

    def _claims(self, tell: Callable[[str], object]) -> list[dict[str, Any]]:
        done = []
        for said in claims.from_lab(self._lab):
            try:
                given = claims.claim(said)
                file = self._reports / f"{given.validationId}.json"
                if not file.exists():
                    model = tasks.model_of(given.validationId, given.modelSha256)
                    found = inference.measure(self._lab.rows(given.datasetId, version=given.version), model)
                    written(file, signing.signed(claims.statement(given, found), self._key))
                report = json.loads(file.read_text(encoding="utf-8"))
                state = claims.send(self._lab, report)["state"]
                done.append(report)
                tell(f"{given.validationId}: {report['metric']} {report['measured']} reported, it is {state}")
            except (ValueError, KeyError, LabError) as error:
                tell(f"skipped: {error}")
        return done

    def settle(self, task: Task) -> dict[str, Any]:
        """The signed report of a task, which the lab has when this returns."""
        file = self._reports / f"{task.key}.json"
        if not file.exists():
            written(file, signing.signed(self._report(task), self._key))
        report = json.loads(file.read_text(encoding="utf-8"))
        self._send(report)
        written(self._sent(task), {"way": self._way})
        return report

    def rewards(self) -> list[dict[str, Any]]:
        """What the lab has paid this wallet, or owes it, the newest first."""
        return self._lab.call("chancellor_preview_rewards")["rewards"]

    def _report(self, task: Task) -> dict[str, Any]:
        card = self._lab.call("curator_get_dataset", datasetId=task.datasetId)
        version = next((v for v in card["versions"] if v["version"] == task.datasetVersion), None)
        if version is None:
            raise ValueError(f"task {task.taskId}: {task.datasetId} has no version {task.datasetVersion}")
        found = self._measured_in_a_job(task) if self._way == "job" else self._measured_here(task)
        measured = found[task.metric]
        return {
            **asdict(task),
            "datasetSha256": version["sha256"],
            "rows": found["rows"],
            "measured": measured,
            "verdict": "confirmed" if abs(measured - task.claimed) <= task.tolerance else "refuted",
            "validatedAt": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        }

    def _measured_here(self, task: Task) -> dict[str, Any]:
        rows = self._lab.rows(task.datasetId, version=task.datasetVersion)
        return inference.measure(rows, tasks.model_of(f"task {task.taskId}", task.modelSha256))

    def _measured_in_a_job(self, task: Task) -> dict[str, Any]:
        """The same program on a machine of the lab: the lab keeps the log, and pays for a job that succeeds."""
        job, model = self._given.job, tasks.model_of(f"task {task.taskId}", task.modelSha256)
        asked = {
            "name": f"validate {task.taskId}",
            "command": ["python", "inference.py"],
            "files": [
                {"path": "inference.py", "text": Path(inference.__file__).read_text(encoding="utf-8")},
                {"path": "model.b64", "text": base64.b64encode(model).decode()},
                {"path": "rows.json", "datasetId": task.datasetId, "version": task.datasetVersion, "format": "json"},
            ],
            "requirements": job["requirements"],
            "resources": {"cpus": job["cpus"], "memoryMb": job["memory_mb"], "wallSeconds": job["wall_seconds"]},
            "submissionId": f"validate-{task.key[:40]}",
        }
        job_id = self._lab.call("mechanic_orchestrate_training_job", **asked)["job"]["jobId"]
        log = "".join(self._lab.follow(job_id))
        ended = self._lab.job(job_id)
        if ended["state"] != "succeeded":
            raise LabError(ended["state"], f"The job {job_id} ended: {ended['message']}", log[-500:])
        said = self._lab.call("mechanic_get_artifact", jobId=job_id, path="artifacts/measured.json")
        found = json.loads(said["text"])
        if found["modelSha256"] != task.modelSha256:
            raise ValueError(f"task {task.taskId}: the job measured another model")
        return found

    def _send(self, report: dict[str, Any]) -> None:
        title = f"Validation of {report['taskId']}: {report['verdict']}"
        if self._way == "dataset":
            self._lab.call(
                "curator_submit_dataset",
                name=title,
                description="A signed report of a validator: what was claimed of a model, and what was measured.",
                format="json",
                content=json.dumps([report], sort_keys=True),
                license="CC0-1.0",
                source=f"Computed from {report['datasetId']}, version {report['datasetVersion']}",
                topics=["validation-report"],
            )
            return
        problem = f"Is {report['metric']} {report['claimed']} of the model {report['modelSha256'][:12]} on {report['datasetId']}?"
        solution = f"{report['verdict']}: {report['measured']:.4f} was measured.\n\n```json\n{json.dumps(report)}\n```"
        self._lab.call(
            "librarian_log_new_solution",
            title=title,
            problem=problem,
            solution=solution,
            tags=["validation"],
            # Reports look alike, and each is one of its own.
            ifSimilar="apart",
        )

    def _sent(self, task: Task) -> Path:
        return self._reports / f"{task.key}.sent.json"

    def _best_way(self) -> str:
        return "dataset" if "curator_submit_dataset" in self._lab.tools() else "job"


def written(file: Path, content: dict[str, Any]) -> None:
    """Whole or not at all, and on the disk before it is used."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8") as opened:
        json.dump(content, opened, sort_keys=True)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)


def serve(given: Config, stopped: Callable[[], bool]) -> None:
    """Looks for tasks until it is stopped. A lab that is away is waited for."""
    while not stopped():
        try:
            with Lab() as lab:
                Service(lab, given).once()
        except LabError as error:
            if error.code == "settings":
                raise
            print(f"waiting: {error}", file=sys.stderr)
        end = time.monotonic() + given.every_seconds
        while time.monotonic() < end and not stopped():
            time.sleep(0.2)
