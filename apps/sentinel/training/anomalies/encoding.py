"""From a table to the tensors that the graph takes. The scorer in TypeScript does the same: keep both as small as this."""
from dataclasses import dataclass

import numpy as np

from .columns import Table

#: Bytes of a text that are looked at together, and how many the next window repeats.
WINDOW_BYTES = 192
OVERLAP_BYTES = 32
#: A longer text is looked at in its first windows and its last ones.
FIRST_WINDOWS = 24
LAST_WINDOWS = 8


@dataclass(frozen=True)
class Encoded:
    """One entry per window; `row` says whose."""

    row: np.ndarray
    text: np.ndarray | None
    numbers: np.ndarray | None
    categories: np.ndarray | None

    def feeds(self, part: slice) -> dict[str, np.ndarray]:
        feeds = {"text": self.text, "numbers": self.numbers, "categories": self.categories}
        cut = {name: value[part] for name, value in feeds.items() if value is not None}
        if "text" in cut:
            cut["text"] = cut["text"][:, : int((cut["text"] > 0).sum(1).max()) + 1]
        return cut


def windows(text: bytes) -> list[bytes]:
    if len(text) <= WINDOW_BYTES:
        return [text]
    step = WINDOW_BYTES - OVERLAP_BYTES
    starts = list(range(0, len(text) - OVERLAP_BYTES, step))
    if len(starts) > FIRST_WINDOWS + LAST_WINDOWS:
        starts = starts[:FIRST_WINDOWS] + starts[-LAST_WINDOWS:]
    return [text[start : start + WINDOW_BYTES] for start in starts]


def text_tensor(texts: list[bytes]) -> np.ndarray:
    """Bytes, padded with 0: at least one 0 ends each row. A byte 0 of the text itself becomes 1."""
    tensor = np.zeros((len(texts), WINDOW_BYTES + 1), dtype=np.int32)
    for at, text in enumerate(texts):
        values = np.frombuffer(text, dtype=np.uint8)
        tensor[at, : len(values)] = np.maximum(values, 1)
    return tensor


def encode(table: Table, vocabularies: list[list[str]], has_text: bool) -> Encoded:
    cut = [windows(text) for text in table.texts] if has_text else [[b""] for _ in range(len(table))]
    row = np.repeat(np.arange(len(table)), [len(parts) for parts in cut])
    text = text_tensor([part for parts in cut for part in parts]) if has_text else None
    numbers = table.numbers[row] if table.numbers.shape[1] else None
    categories = None
    if vocabularies:
        known = [{value: at for at, value in enumerate(values)} for values in vocabularies]
        indices = [[k.get(v, len(k)) for k, v in zip(known, values)] for values in table.categories]
        categories = np.array(indices, dtype=np.int32).reshape(len(table), len(vocabularies))[row]
    return Encoded(row, text, numbers, categories)


def worst(scores: np.ndarray, row: np.ndarray, rows: int) -> np.ndarray:
    """A row is as unusual as its most unusual window."""
    most = np.full(rows, -np.inf, dtype=np.float64)
    np.maximum.at(most, row, scores)
    return most
