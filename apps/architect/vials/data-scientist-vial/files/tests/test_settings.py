"""Where the lab and the token are read from, and what is said when they are not there."""

from pathlib import Path

import pytest

from flares.config import config
from flares.lab import LabError, settings

URL = {"LABMESH_URL": "http://lab.invalid:3000/"}


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LABMESH_URL=http://other.invalid\nLABMESH_TOKEN=other\n")
    given = settings(tmp_path, {**URL, "LABMESH_TOKEN": ""})
    assert (given.url, given.token) == ("http://lab.invalid:3000", "other")


def test_a_token_is_read_from_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("a token\n")
    file.chmod(0o600)
    given = settings(tmp_path, {**URL, "LABMESH_TOKEN_FILE": str(file)})
    assert given.token == "a token"
    assert "a token" not in repr(given)
    file.chmod(0o644)
    with pytest.raises(LabError, match="chmod 600"):
        settings(tmp_path, {**URL, "LABMESH_TOKEN_FILE": str(file)})


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "LABMESH_URL is not set"),
        ({"LABMESH_URL": "lab:3000"}, "LABMESH_URL is not set, or no address"),
        (URL, "LABMESH_TOKEN_FILE"),
        ({**URL, "LABMESH_TOKEN_FILE": "/nowhere/key"}, "Cannot read the token from /nowhere/key"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, environment: dict[str, str], says: str) -> None:
    with pytest.raises(LabError, match=says):
        settings(tmp_path, environment)


def test_the_configuration_is_whole() -> None:
    given = config()
    assert given.dataset.startswith("ds_") and given.epochs > 0
    assert any(package.startswith("torch==") for package in given.job["requirements"])
