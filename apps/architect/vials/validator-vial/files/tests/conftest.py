"""Tests that need a running lab find it as the service does; without one they are skipped, and say so."""

from collections.abc import Iterator

import pytest

from validator.lab import Lab, LabError, settings


@pytest.fixture
def lab() -> Iterator[Lab]:
    try:
        given = settings()
    except LabError as error:
        pytest.skip(f"no lab: {error}")
    with Lab(given) as connected:
        yield connected
