"""`python train.py --data rows.csv --columns columns.json --out model.onnx`: see README.md. `npx @labmesh/cli sentinel train` runs it."""
import argparse
import json
import sys
from pathlib import Path

from anomalies.columns import InputProblem
from anomalies.trainer import Order, train


def main() -> int:
    parser = argparse.ArgumentParser(description="Learns what is normal in a table and writes an ONNX model with its card.")
    parser.add_argument("--data", type=Path, required=True, help="the table, as CSV")
    parser.add_argument("--columns", type=Path, required=True, help="its column description, as JSON")
    parser.add_argument("--out", type=Path, required=True, help="the model to write; its card goes beside it")
    parser.add_argument("--seed", type=int, default=Order.seed)
    parser.add_argument("--holdout", type=float, default=Order.holdout, help="share of the rows kept for the figures")
    parser.add_argument("--rate", type=float, default=Order.rate, help="share of normal rows that the threshold lets be alarms")
    parser.add_argument("--calibration", type=Path, help="another table whose normal rows set the thresholds")
    parser.add_argument("--steps", type=int, default=Order.steps, help="steps of learning the text, where there is text")
    parser.add_argument("--prototypes", type=int, default=Order.prototypes, help="most normal rows kept in the model")
    parser.add_argument("--date", help="date for the card; today when left out")
    parser.add_argument("--notes", help="a sentence for the card")
    given = parser.parse_args()
    if not 0 <= given.holdout < 1 or not 0 < given.rate < 1:
        parser.error("--holdout is from 0 to below 1, --rate between 0 and 1")
    try:
        card = train(Order(**vars(given)))
    except InputProblem as problem:
        print(json.dumps({"problem": str(problem)}), file=sys.stderr)
        return 2
    print(json.dumps(card))
    return 0


if __name__ == "__main__":
    sys.exit(main())
