"""Writes a small table, a model of it and the model's scores: the scorer in TypeScript must find the same (golden.spec.ts)."""
import argparse
import csv
import json
import random
from pathlib import Path

from anomalies import encoding
from anomalies.columns import read_description, read_table
from anomalies.model import run
from anomalies.trainer import Order, card_path, train

COLUMNS = {
    "name": "golden",
    "header": True,
    "columns": [
        {"name": "note", "kind": "text"},
        {"name": "pressure", "kind": "number"},
        {"name": "count", "kind": "number", "alarm": "high"},
        {"name": "site", "kind": "category"},
        {"name": "state", "kind": "label", "normal": ["ok"]},
        {"name": "remark", "kind": "ignored"},
    ],
}
WORDS = "the pump of chamber two is quiet and dry after cleaning while valve three needs a new filter in Tromsø".split()
ODD = [
    ("' OR 1=1 --", "1.1", "2", "north", "attack"),
    ("quiet, \"dry\"\nand clean", "", "3", "nowhere", "odd"),
    ("", "-40", "9000", "south", "odd"),
    ("泵 is quiet ☃ \x01", "1e3", "1", "north", "odd"),
    ("the pump is quiet and dry " * 400, "1.2", "4", "south", "odd"),
    ("the pump is quiet " * 12 + "../../etc/passwd" + " and dry" * 20, "0.9", "4", "south", "attack"),
]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    chance = random.Random(5)
    rows = [
        (" ".join(chance.choices(WORDS, k=chance.randint(1, 9))), f"{chance.gauss(1, 0.2):.3f}", str(chance.randint(0, 40)), chance.choice(["north", "south"]), "ok")
        for _ in range(240)
    ]
    table, columns, model = out / "golden.csv", out / "golden.json", out / "golden.onnx"
    with table.open("w", newline="", encoding="utf8") as file:
        writer = csv.writer(file)
        writer.writerow([column["name"] for column in COLUMNS["columns"]])
        writer.writerows([*row, "not read"] for row in [*rows, *ODD])
    columns.write_text(json.dumps(COLUMNS, indent=2) + "\n", encoding="utf8")
    card = train(Order(data=table, columns=columns, out=model, holdout=0.2, steps=300, prototypes=64, date="2026-01-01"))
    described = read_description(columns)
    read = read_table(table, described)
    encoded = encoding.encode(read, card["input"]["vocabularies"], True)
    scores = encoding.worst(run(model.read_bytes(), encoded), encoded.row, len(read))
    (out / "golden.scores.json").write_text(json.dumps([round(float(score), 6) for score in scores]) + "\n", encoding="utf8")
    assert card_path(model).exists()


if __name__ == "__main__":
    main()
