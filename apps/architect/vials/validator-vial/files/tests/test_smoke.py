"""Against a running lab: a claim is confirmed, another refuted; each is signed, reported once, and paid by the Chancellor."""

import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from test_parts import make_model

from validator import claims, command, inference, signing, tasks
from validator.config import config
from validator.lab import Lab
from validator.service import Service

PAID_SECONDS = 120


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PAID_SECONDS
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.5)


def test_the_model_is_the_one_that_these_rows_give(lab: Lab) -> None:
    script = make_model()
    rows = lab.rows(tasks.task(tasks.from_files()[0]).datasetId)
    x = np.array([inference.features(row) for row in rows])
    y = np.array([inference.has_ejection(row) for row in rows], dtype=float)
    assert script.fit(x, y) == pytest.approx([*script.WEIGHTS, script.CONSTANT], abs=2e-3)


def test_from_the_claim_to_the_reward(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A task of this run alone: what was validated before is not paid again.
    (shipped,) = tasks.from_files()
    new = {**shipped, "taskId": f"flares-{secrets.token_hex(4)}"}
    monkeypatch.setattr(tasks, "from_files", lambda: [new])
    monkeypatch.setattr(claims, "from_lab", lambda _: [])
    service = Service(lab, config(), tmp_path / "reports", tmp_path / "key.pem")
    before = {(one["for"], one["source"]) for one in service.rewards()}
    (report,) = service.once()
    assert report["verdict"] == "confirmed" and report["rows"] == 98
    assert signing.verified(report)
    # What was reported is not reported again, by this service or by one that begins anew on its folder.
    assert service.once() == [] == Service(lab, config(), tmp_path / "reports", tmp_path / "key.pem").once()

    event = {"dataset": "dataset_contributed", "job": "job_completed"}[service.way]

    def judged() -> list[dict]:
        new = (one for one in service.rewards() if (one["for"], one["source"]) not in before)
        return [one for one in new if one["for"] == event and one["status"] != "pending"]

    until(lambda: bool(judged()))
    (reward,) = judged()
    if reward["reason"] == "daily_cap":
        pytest.skip("this wallet was paid as often today as the rule allows")
    assert reward["status"] == "paid" and float(reward["amount"]) > 0

    # The lab has the report as it was signed.
    if service.way == "dataset":
        listed = lab.call("curator_list_available_datasets", owner="mine", topic="validation-report")["datasets"]
        # The newest first.
        kept = next(one for one in listed if report["taskId"] in one["name"])
        assert signing.verified(lab.rows(kept["datasetId"])[0])
    else:
        answer = lab.call("librarian_query_knowledge_base", question=f"Validation of {report['taskId']}: confirmed")
        assert report["taskId"] in json.dumps(answer["citations"])


def test_what_the_lab_wants_checked_is_reported_once(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "from_files", lambda: [])
    models = {said["modelSha256"] for said in json.loads((tasks.PROJECT / "tasks" / "flares.json").read_text())}
    (one, *_) = [said for said in claims.from_lab(lab) if said["modelSha256"] in models] or [None]
    if one is None:
        pytest.skip("the lab has no open validation of a model of this project")
    monkeypatch.setattr(claims, "from_lab", lambda _: [one])
    service = Service(lab, config(), tmp_path / "reports", tmp_path / "key.pem")
    told: list[str] = []
    (report,) = service.once(told.append)
    assert signing.verified(report) and "reported, it is" in told[0]
    shown = lab.call("curator_get_validation", validationId=one["validationId"])
    (mine,) = [each for each in shown["reports"] if each["mine"]]
    assert (mine["measured"], mine["signature"]) == (report["measured"], report["signature"])
    # The same again is the first; and it is in no list any more.
    assert service.once() == [report]
    monkeypatch.undo()
    assert one["validationId"] not in [said["validationId"] for said in claims.from_lab(lab)]


def test_a_wrong_claim_is_refuted(lab: Lab, tmp_path: Path) -> None:
    service = Service(lab, config(), tmp_path / "reports", tmp_path / "key.pem")
    wrong = tasks.task({**tasks.from_files()[0], "taskId": "too-good", "claimed": 0.99})
    report = service.settle(wrong)
    assert report["verdict"] == "refuted" and signing.verified(report)


def test_a_task_that_cannot_be_is_told_and_holds_up_no_other(lab: Lab, tmp_path: Path, monkeypatch) -> None:
    (good,) = tasks.from_files()
    bad = [
        {**good, "taskId": "gone", "datasetId": "ds_nothing"},
        {**good, "taskId": "future", "datasetVersion": 99},
        {"taskId": "odd"},
    ]
    monkeypatch.setattr(tasks, "from_files", lambda: [*bad, {**good, "taskId": "after-them"}])
    monkeypatch.setattr(claims, "from_lab", lambda _: [])
    told: list[str] = []
    service = Service(lab, config(), tmp_path / "reports", tmp_path / "key.pem")
    assert [report["taskId"] for report in service.once(told.append)] == ["after-them"]
    assert [line for line in told if line.startswith("skipped")] == told[:3]


def test_the_command_checks_reports(lab: Lab, tmp_path: Path, capsys) -> None:
    report = signing.signed({"verdict": "confirmed"}, signing.key(tmp_path / "key.pem"))
    (tmp_path / "report.json").write_text(json.dumps(report))
    assert command.main(["verify", str(tmp_path / "report.json")]) == 0
    (tmp_path / "report.json").write_text(json.dumps({**report, "verdict": "refuted"}))
    assert command.main(["verify", str(tmp_path / "report.json")]) == 1
    capsys.readouterr()
    assert command.main(["rewards"]) == 0
    assert isinstance(json.loads(capsys.readouterr().out), list)
