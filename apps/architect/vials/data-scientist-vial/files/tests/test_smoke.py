"""Against a running lab: the data is there, what is refused says why, and a job could run."""

import pytest

from flares.config import config
from flares.jobs import specification
from flares.lab import Lab, LabError


def test_the_dataset_is_read_whole(lab: Lab) -> None:
    given = config()
    card = lab.call("curator_get_dataset", datasetId=given.dataset)["dataset"]
    assert len(lab.rows(given.dataset)) == card["rows"]
    assert lab.rows(given.dataset, limit=40) == lab.rows(given.dataset)


def test_a_refusal_has_its_code_and_reason(lab: Lab) -> None:
    with pytest.raises(LabError) as refused:
        lab.call("curator_get_dataset", datasetId="ds_nothing")
    assert refused.value.code == "not_found"
    assert "ds_nothing" in refused.value.message


def test_the_lab_would_take_the_job(lab: Lab) -> None:
    given = config()
    asked = specification(given, 1)
    assert asked["submissionId"] == specification(given, 1)["submissionId"] != specification(given, 2)["submissionId"]
    assert lab.call("mechanic_orchestrate_training_job", **asked, dryRun=True)["plan"]["cost"]
