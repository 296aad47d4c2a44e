"""Claims that the lab's people want checked: measured here without knowing the value, signed, and reported once."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from validator.inference import METRICS
from validator.lab import Lab, LabError

# Of one list; what is left comes at the next look.
CLAIMS_AT_ONCE = 100


@dataclass(frozen=True)
class Claim:
    """What is measured, on what. What was claimed is not in it: the lab tells that afterwards."""

    validationId: str
    datasetId: str
    version: int
    datasetSha256: str
    modelSha256: str
    metric: str


def claim(said: dict[str, Any]) -> Claim:
    """Raises ValueError for what this validator cannot measure."""
    if said.get("modelSha256") is None:
        raise ValueError(f"{said['validationId']}: it names no model by its SHA-256")
    if said["metric"] not in METRICS:
        raise ValueError(f"{said['validationId']}: {said['metric']} is none of {', '.join(METRICS)}")
    return Claim(**{name: said[name] for name in Claim.__dataclass_fields__})


def from_lab(lab: Lab) -> list[dict[str, Any]]:
    """Those that are open to this wallet, the newest first; none at a lab that has no validations, or for a key without them."""
    try:
        return lab.call("curator_list_validations", which="open", limit=CLAIMS_AT_ONCE)["validations"]
    except LabError as error:
        if error.code in ("not_found", "forbidden"):
            return []
        raise


def decimal(measured: float) -> str:
    """As the lab takes numbers: the shortest that is this double, without an exponent."""
    return f"{Decimal(repr(measured)):f}"


def statement(given: Claim, found: dict[str, Any]) -> dict[str, Any]:
    """What is signed, together with the public key: these members and no others."""
    return {
        "validationId": given.validationId,
        "datasetId": given.datasetId,
        "version": given.version,
        "datasetSha256": given.datasetSha256,
        "modelSha256": given.modelSha256,
        "metric": given.metric,
        "measured": decimal(found[given.metric]),
        "rows": found["rows"],
    }


def send(lab: Lab, report: dict[str, Any]) -> dict[str, Any]:
    """What the lab says of the claim then. The same report again is the first."""
    names = ("validationId", "measured", "rows", "datasetSha256", "publicKey", "signature")
    return lab.call("curator_report_validation", **{name: report[name] for name in names})["validation"]
