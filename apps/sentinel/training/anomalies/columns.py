"""A column description and the table it reads: text, numbers and categories, with a label that only figures may use, or classes to learn."""
import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

KINDS = ("text", "number", "category", "label", "class", "ignored")
ALARMS = ("both", "high")
SCALES = ("auto", "linear")
SEPARATOR = "\n"


class InputProblem(Exception):
    """Something the caller can put right; its text is the whole message."""


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    #: For numbers: "high" when only more than usual is of interest.
    alarm: str = "both"
    #: For numbers: "auto" takes those with a long tail as logarithms, "linear" none.
    scale: str = "auto"
    #: For numbers: how much a difference counts beside the others.
    weight: float = 1.0
    #: For the label and the class: the values that mean a normal row.
    normal: tuple[str, ...] = ()
    #: For categories: what a row without a value has, and a table without the column.
    default: str | None = None


@dataclass(frozen=True)
class Description:
    name: str
    header: bool
    columns: tuple[Column, ...]
    #: Rows are rebuilt too: for tables in which a new normal row may be far from each that was seen.
    rebuild: bool = False

    def of(self, kind: str) -> list[Column]:
        return [column for column in self.columns if column.kind == kind]


@dataclass(frozen=True)
class Table:
    texts: list[bytes]
    numbers: np.ndarray
    categories: list[list[str]]
    normal: np.ndarray
    kinds: np.ndarray

    def __len__(self) -> int:
        return len(self.normal)

    def rows(self, keep: np.ndarray) -> "Table":
        at = np.flatnonzero(keep)
        return Table(
            [self.texts[i] for i in at], self.numbers[at], [self.categories[i] for i in at], self.normal[at], self.kinds[at]
        )


def read_description(path: Path) -> Description:
    try:
        raw = json.loads(path.read_text(encoding="utf8"))
        columns = tuple(
            Column(one["name"], one["kind"], one.get("alarm", "both"), one.get("scale", "auto"), float(one.get("weight", 1)), tuple(one.get("normal", ())), one.get("default")) for one in raw["columns"]
        )
        described = Description(str(raw["name"]), bool(raw["header"]), columns, bool(raw.get("rebuild", False)))
    except OSError as error:
        raise InputProblem(f"Cannot read the column description {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputProblem(f"{path} is not a column description: it needs name, header and columns ({error!r})") from error
    for column in columns:
        if column.kind not in KINDS:
            raise InputProblem(f"Column {column.name} has kind {column.kind}: use one of {', '.join(KINDS)}")
        if column.alarm not in ALARMS:
            raise InputProblem(f"Column {column.name} has alarm {column.alarm}: use one of {', '.join(ALARMS)}")
        if column.scale not in SCALES:
            raise InputProblem(f"Column {column.name} has scale {column.scale}: use one of {', '.join(SCALES)}")
    labels = len(described.of("label")) + len(described.of("class"))
    if labels > 1:
        raise InputProblem(f"{path} names {labels} labels and classes: name one, or none when every row is normal")
    if described.of("class"):
        _check_classes(path, described)
    if not any(described.of(kind) for kind in KINDS[:3]):
        raise InputProblem(f"{path} describes nothing to learn from: it needs a column of text, number or category")
    return described


def _check_classes(path: Path, described: Description) -> None:
    """Classes are learned from text in a kind of field: nothing else is read for them."""
    kinds = sorted(column.kind for column in described.columns if column.kind not in ("class", "ignored"))
    if kinds != ["category", "text"] or len(described.of("class")[0].normal) != 1:
        raise InputProblem(f"{path} describes classes: they need one text, one category (its kind of field), and one class that is normal")


def read_table(path: Path, described: Description) -> Table:
    csv.field_size_limit(sys.maxsize)
    try:
        with path.open(newline="", encoding="utf8", errors="replace") as file:
            reader = csv.reader(file)
            header = next(reader, None) if described.header else None
            places = _places(path, described, header)
            rows = [row for row in reader if row]
    except OSError as error:
        raise InputProblem(f"Cannot read the table {path}: {error.strerror}") from error
    wanted = max(places.values()) + 1
    for number, row in enumerate(rows):
        if len(row) < wanted:
            raise InputProblem(f"{path}: row {number + 1} has {len(row)} columns, the description needs {wanted}")
    return _table(path, described, (rows, places))


def _places(path: Path, described: Description, header: list[str] | None) -> dict[str, int]:
    if header is None:
        return {column.name: at for at, column in enumerate(described.columns)}
    missing = [column.name for column in described.columns if column.name not in header and column.kind != "ignored" and column.default is None]
    if missing:
        raise InputProblem(f"{path} has no column {', '.join(missing)}; it has {', '.join(header)}")
    return {column.name: header.index(column.name) for column in described.columns if column.name in header}


def _table(path: Path, described: Description, read: tuple[list[list[str]], dict[str, int]]) -> Table:
    rows, places = read
    texts = [SEPARATOR.join(row[places[c.name]] for c in described.of("text")).encode("utf8") for row in rows]
    numbers = np.empty((len(rows), len(described.of("number"))), dtype=np.float32)
    for at, column in enumerate(described.of("number")):
        for number, row in enumerate(rows):
            value = row[places[column.name]].strip()
            try:
                numbers[number, at] = float(value) if value else np.nan
            except ValueError as error:
                raise InputProblem(f"{path}: row {number + 1} has “{value[:40]}” as {column.name}, which is no number") from error
    categories = [[_category(row, places.get(c.name), c.default) for c in described.of("category")] for row in rows]
    label = next(iter([*described.of("label"), *described.of("class")]), None)
    kinds = np.array([row[places[label.name]] if label else "normal" for row in rows], dtype=object)
    normal = np.isin(kinds, list(label.normal)) if label else np.ones(len(rows), dtype=bool)
    return Table(texts, numbers, categories, normal, kinds)


def _category(row: list[str], place: int | None, default: str | None) -> str:
    value = "" if place is None else row[place]
    return default if value == "" and default is not None else value
