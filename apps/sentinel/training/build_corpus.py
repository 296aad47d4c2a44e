"""`python build_corpus.py --out corpus`: the texts that the content model learns from and is calibrated with. See README.md."""
import argparse
import csv
import hashlib
import random
from pathlib import Path

from corpus import attacks, ordinary, written
from corpus.grammar import Grammar
from corpus.packages import Source, fetch

HEADER = ("text", "field", "class", "kind", "source")
ORDINARY = "ordinary"
FIELDS = ("prose", "code", "data", "path", "identifier")
#: Of all packages and kinds; the rest calibrates.
LEARN_SHARE = 0.75
#: What is no prose stands in a field of prose this often too: people paste.
PASTED = 0.12
WRITTEN_PROSE = 40_000
WRITTEN_SCRIPTS = 8_000
#: An attack stands alone, or in what somebody writes.
INSIDE = 0.15
Row = tuple[str, str, str, str, str]


def lab_rows(tables: list[Path]) -> list[Row]:
    """Texts of simulated labs, as `npx @labmesh/cli sentinel features` writes them."""
    rows = []
    for table in tables:
        with table.open(newline="", encoding="utf8") as file:
            rows += [(row["text"], row["field"], ORDINARY, "lab", "lab:learn") for row in csv.DictReader(file) if row["class"] == ORDINARY]
    return rows


def learns(source: str) -> bool:
    """By the name alone, so that a package that comes or goes moves no other."""
    return int(hashlib.sha256(source.encode()).hexdigest()[:8], 16) % 100 < LEARN_SHARE * 100


def ordinary_rows(sources: list[Source]) -> list[Row]:
    rows: list[Row] = []
    chance = random.Random(1)
    for source in sources:
        for kind, field, text in ordinary.pieces(source, chance):
            rows.append((text, field, ORDINARY, kind, source.name))
            if field != "prose" and chance.random() < PASTED:
                rows.append((text, "prose", ORDINARY, f"pasted {kind}", source.name))
    for kind, (field, write, many) in written.KINDS.items():
        for _ in range(many):
            text, source = write(chance), _half(chance, "written")
            rows.append((text, field, ORDINARY, kind, source))
            if chance.random() < PASTED:
                rows.append((text, "prose", ORDINARY, f"pasted {kind}", source))
    notes = Grammar("ordinary")
    rows += [(notes.text(chance), "prose", ORDINARY, "note", _half(chance, "grammar:ordinary")) for _ in range(WRITTEN_PROSE)]
    scripts = Grammar("script")
    rows += [(scripts.text(chance), "code", ORDINARY, "script", _half(chance, "grammar:script")) for _ in range(WRITTEN_SCRIPTS)]
    return rows


def _half(chance: random.Random, name: str) -> str:
    """What is written here has no packages to keep apart: by chance."""
    return f"{name}:{'learn' if chance.random() < LEARN_SHARE else 'calibrate'}"


def attack_rows(sources: list[Source], among: list[str], share: float) -> list[Row]:
    chance = random.Random(2)
    rows: list[Row] = []
    found = [(kind, _half(chance, source), text) for kind, source, text in attacks.by_grammar(chance, share)]
    for kind, source, text in attacks.listed(sources):
        part = _half(chance, source)
        found += [(kind, part, text)] + [(kind, part, text if kind == "prompt injection" else attacks.disguised(text, chance)) for _ in range(attacks.LISTED_TIMES - 1)]
    for kind, source, text in found:
        field = "prose" if chance.random() < 0.8 else chance.choice(FIELDS)
        if field == "prose" and chance.random() < INSIDE:
            text = attacks.inside(text, chance.choice(among), chance)
        rows.append((text, field, kind, kind, source))
    return rows


def part_of(row: Row) -> str:
    name = row[4]
    if name.endswith((":learn", ":calibrate")):
        return name.rsplit(":", 1)[1]
    return "learn" if learns(name) else "calibrate"


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes learn.csv and calibrate.csv for the content model.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--packages", type=Path, help="where packages are kept; beside the tables when left out")
    parser.add_argument("--node-modules", type=Path, default=Path(__file__).parents[3] / "node_modules")
    parser.add_argument("--lab", type=Path, nargs="*", default=[], help="content.csv of simulated labs, to learn from too")
    parser.add_argument("--attacks", type=float, default=1.0, help="how many attacks, as a share of the usual")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    sources = fetch(given.packages or given.out / "packages", given.node_modules)
    rows = ordinary_rows([source for source in sources if source.name not in attacks.LISTS])
    among = [text for text, field, _, kind, _ in rows if field == "prose" and kind in ("sentence", "line", "comment") and 20 < len(text) < 300]
    rows += lab_rows(given.lab)
    rows += attack_rows(sources, among, given.attacks)
    known: set[tuple[str, str]] = set()
    for part in ("learn", "calibrate"):
        with (given.out / f"{part}.csv").open("w", newline="", encoding="utf8", errors="replace") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            kept = [row for row in rows if part_of(row) == part and not (row[:2] in known or known.add(row[:2]))]
            random.Random(3).shuffle(kept)
            writer.writerows(kept)
        print(f"{part}: {len(kept)} texts, {sum(row[2] == ORDINARY for row in kept)} of them ordinary")


if __name__ == "__main__":
    main()
