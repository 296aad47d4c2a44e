"""Model, tasks, signature and key, each without a lab."""

import hashlib
import importlib.util
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from validator import claims, inference, signing, tasks
from validator.config import PROJECT, config

MODEL = PROJECT / "models" / "flares.onnx"
FLARE = {
    "classType": "X2.0",
    "sourceLocation": "N10E00",
    "beginTime": "2017-09-06T11:00Z",
    "endTime": "2017-09-06T12:30Z",
}
CME = [{"activityID": "2017-09-06T12:24:00-CME-001"}]


def make_model() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_model", PROJECT / "models" / "make_model.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_model_is_what_its_script_writes() -> None:
    assert make_model().model() == MODEL.read_bytes()


def test_inference_measures() -> None:
    strong, weak = {**FLARE, "linkedEvents": CME}, {**FLARE, "classType": "B1.0", "linkedEvents": None}
    found = inference.measure([strong, weak], MODEL.read_bytes())
    assert (found["rows"], found["accuracy"]) == (2, 1.0)
    assert 0 < found["brier"] < 0.25
    wrong = inference.measure([{**strong, "linkedEvents": None}], MODEL.read_bytes())
    assert wrong["accuracy"] == 0.0


def test_the_tasks_that_come_with_it_are_whole_and_their_models_here() -> None:
    for said in tasks.from_files():
        model = tasks.model_of(said["taskId"], tasks.task(said).modelSha256)
        assert hashlib.sha256(model).hexdigest() == said["modelSha256"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"metric": "luck"}, "metric is one of accuracy, brier"),
        ({"claimed": 7}, "claimed is from 0 to 1"),
        ({"modelSha256": "../../etc/passwd"}, "64 hexadecimal digits"),
        ({"datasetVersion": None}, "a task lacks datasetVersion"),
    ],
)
def test_a_task_that_is_not_whole_is_named(change: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        tasks.task({**tasks.from_files()[0], **change})


CLAIM = {
    "validationId": "val_1",
    "datasetId": "ds_1",
    "version": 2,
    "datasetSha256": "a" * 64,
    "modelSha256": "b" * 64,
    "metric": "brier",
    "claimed": None,
    "title": "more than is measured",
}


def test_a_claim_is_signed_as_the_lab_checks_it(tmp_path: Path) -> None:
    stated = claims.statement(claims.claim(CLAIM), {"rows": 98, "brier": 1.5e-07})
    report = signing.signed(stated, signing.key(tmp_path / "key.pem"))
    assert signing.verified(report)
    # docs/validations.md of the lab: these members, by name, without spaces.
    assert signing.canonical(report).decode() == (
        f'{{"datasetId":"ds_1","datasetSha256":"{"a" * 64}","measured":"0.00000015","metric":"brier",'
        f'"modelSha256":"{"b" * 64}","publicKey":"{report["publicKey"]}","rows":98,"validationId":"val_1","version":2}}'
    )
    assert signing.canonical(report) == signing.canonical({**report, "signature": "none"})


@pytest.mark.parametrize(
    ("measured", "written"),
    [(0.6122448979591837, "0.6122448979591837"), (1.0, "1.0"), (0.0, "0.0"), (1e-05, "0.00001"), (1e16, "10000000000000000")],
)
def test_a_number_is_written_as_the_lab_takes_it(measured: float, written: str) -> None:
    assert claims.decimal(measured) == written
    assert float(written) == measured


@pytest.mark.parametrize(
    ("change", "says"), [({"modelSha256": None}, "names no model"), ({"metric": "luck"}, "luck is none of accuracy")]
)
def test_a_claim_that_is_not_for_this_validator_is_named(change: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        claims.claim({**CLAIM, **change})


def test_a_report_that_was_changed_is_found(tmp_path: Path) -> None:
    report = signing.signed({"taskId": "ä", "measured": 0.5, "verdict": "confirmed"}, signing.key(tmp_path / "key.pem"))
    assert signing.verified(report)
    assert signing.verified(json.loads(json.dumps(report)))
    for change in ({"measured": 0.6}, {"more": 1}, {"signature": "AAAA"}, {"publicKey": "x"}, {"signature": None}):
        assert not signing.verified({**report, **change})
    other = signing.signed({"taskId": "ä"}, signing.key(tmp_path / "other.pem"))
    assert not signing.verified({**report, "publicKey": other["publicKey"]})


def test_the_key_is_made_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "new" / "key.pem"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: signing.key(file), range(8)))
    assert len({one.private_bytes_raw() for one in made}) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["key.pem"]
    file.chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        signing.key(file)


def test_git_ignores_the_key() -> None:
    assert ".validator/" in (PROJECT / ".gitignore").read_text().splitlines()


def test_the_configuration_is_whole() -> None:
    given = config()
    assert given.every_seconds > 0
    assert any(package.startswith("onnxruntime==") for package in given.job["requirements"])
