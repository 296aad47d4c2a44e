"""Texts by grammar: a file has symbols in brackets, each with one alternative per line; ⟨symbol⟩ stands for one of them."""
import random
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "grammars"
SYMBOL = re.compile(r"⟨([^⟩]+)⟩")
HEADING = re.compile(r"\[([a-z0-9_-]+)\]")
EMPTY = "ε"
DEPTH_MAX = 12


class Grammar:
    def __init__(self, name: str, start: str = "start") -> None:
        self.start = start
        self.symbols = {**_read(FOLDER / "values.txt"), **_read(FOLDER / f"{name}.txt")}
        for symbol, alternatives in self.symbols.items():
            for used in SYMBOL.findall("".join(alternatives)):
                if used not in self.symbols:
                    raise ValueError(f"{name}.txt: {symbol} uses {used}, which nothing describes")

    def text(self, chance: random.Random) -> str:
        return self._expand(self.start, chance, 0)

    def _expand(self, symbol: str, chance: random.Random, depth: int) -> str:
        alternatives = self.symbols[symbol]
        if depth > DEPTH_MAX:
            alternatives = [one for one in alternatives if "⟨" not in one] or [""]
        return SYMBOL.sub(lambda found: self._expand(found[1], chance, depth + 1), chance.choice(alternatives))


def _read(path: Path) -> dict[str, list[str]]:
    """A blank line between others of its symbol is a line break."""
    symbols: dict[str, list[str]] = {}
    current: list[str] = []
    for line in path.read_text(encoding="utf8").rstrip("\n").split("\n"):
        named = HEADING.fullmatch(line)
        if named:
            current = symbols.setdefault(named[1], [])
        else:
            current.append({EMPTY: "", "": "\n"}.get(line, line))
    return symbols
