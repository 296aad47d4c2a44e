"""What learning gives, whichever way it went: the trainer makes the card from it."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Trained:
    graph: bytes
    #: What the shares of a score are of.
    features: list[str]
    #: By the share of normal rows above; None when the scores of the calibration rows are to give them.
    thresholds: dict[str, float] | None
    #: More for the card.
    said: dict[str, object]
