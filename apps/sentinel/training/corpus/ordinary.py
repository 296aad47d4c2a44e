"""Ordinary texts out of packages: what a file is says what its pieces are, and in which kind of field a lab holds such."""
import gzip
import random
import re
from collections.abc import Iterator
from pathlib import Path

from .packages import Source

#: Of one package and kind; packages are many, so that no one of them is what ordinary means.
PER_SOURCE = 500
FILES_PER_KIND = 400
FILE_BYTES_MAX = 400_000
PIECE_CHARACTERS_MAX = 2_500

CODE = "py js mjs cjs ts tsx jsx c h cc cpp hpp go rs R r jl f90 f95 java cs php rb pl pm lua scala kt swift sh bash ps1 bat sql css scss lisp hs ml erl vb pas m tcl awk make cmake tex sty".split()
MARKUP = "html htm xml svg xsl xsd kml vue".split()
DATA = "json yaml yml toml ini cfg csv tsv log ndjson jsonl geojson properties lock intent conf".split()
PROSE = "md rst txt markdown adoc".split()
MAN = re.compile(r"/man/(?:[a-z_A-Z]+/)?man\d/")
CHANGES = re.compile(r"(?:^|/)(?:changelog|changes|history|news|releases?)[^/]*$", re.I)
FENCE = re.compile(r"```[\w-]*\n(.*?)```|(?:^|\n)((?:(?: {4}|\t).+\n){2,})", re.S)
ADDRESS = re.compile(r"https?://[^\s\"'<>)\]}`\\]{4,200}")
DOCSTRING = re.compile(r'"""(.{20,4000}?)"""', re.S)
COMMENT = re.compile(r"(?:^|\s)(?://|#|--|%) ([A-Z][^\n]{15,200})")
PATTERN = re.compile(r"(?:re\.(?:compile|match|search|sub|findall)\(\s*r?([\"'])(?P<py>.{3,150}?)\1)|(?:[=(,:]\s*/(?P<js>(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\]){3,150})/[gimsuy]*[\s.,;)])")
QUOTED = re.compile(r"\"([^\"\\\n]{12,200} [^\"\\\n]{3,200})\"|'([^'\\\n]{12,200} [^'\\\n]{3,200})'")
MESSAGE = re.compile(r'^msg(?:id|str(?:\[\d\])?) ((?:".*"\n)+)', re.M)
MARKED = re.compile(r"<[^>]+>")

Piece = tuple[str, str, str]
"""kind, field, text"""


def pieces(source: Source, chance: random.Random) -> Iterator[Piece]:
    """At most `PER_SOURCE` of each kind, from files in an order that chance gives."""
    files = list(source.files())
    chance.shuffle(files)
    seen: dict[str, set[str]] = {}
    read: dict[str, int] = {}
    for path in files:
        group = _group(path)
        if read.get(group, 0) >= FILES_PER_KIND:
            continue
        read[group] = read.get(group, 0) + 1
        for kind, field, text in _of_file(path, source.folder, chance):
            text = text.strip("\n")[:PIECE_CHARACTERS_MAX]
            known = seen.setdefault(kind, set())
            if len(text.strip()) > 0 and len(known) < PER_SOURCE and text not in known:
                known.add(text)
                yield kind, field, text


def _group(path: Path) -> str:
    return path.suffix.lower() or "none"


def _of_file(path: Path, folder: Path, chance: random.Random) -> Iterator[Piece]:
    name = str(path.relative_to(folder))
    if chance.random() < 0.3:
        yield "path", "path", name
    text = _text(path)
    if text is None:
        return
    suffix = path.name.removesuffix(".gz").rsplit(".", 1)[-1]
    if MAN.search(f"/{name}"):
        yield from _manual(text, chance)
    elif CHANGES.search(path.name.removesuffix(".gz")):
        for line in _sample([line.strip(" *-•\t") for line in text.split("\n")], chance, 40):
            yield "change", "prose", line
    elif suffix in ("po", "pot"):
        for said in _sample(MESSAGE.findall(text), chance, 60):
            yield "message", "prose", "".join(re.findall(r'"(.*)"', said)).replace("\\n", "\n").replace('\\"', '"')
    elif suffix in CODE:
        yield from _code(text, chance)
    elif suffix in MARKUP or text.lstrip().startswith("<"):
        yield from _markup(text, chance)
    elif suffix in DATA:
        for block in _blocks(text, chance, 12):
            yield "data", "data", block
        for said in _sample(QUOTED.findall(text), chance, 20):
            yield "value", "prose", max(said)
    else:
        yield from _prose(text, chance)
    for found in _sample(ADDRESS.findall(text), chance, 4):
        yield "address", "path", found.rstrip(".,;:")


def _text(path: Path) -> str | None:
    """None for what is no text."""
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()[:FILE_BYTES_MAX]
        return None if b"\0" in raw[:4_096] or len(raw) < 20 else raw[:FILE_BYTES_MAX].decode("utf8")
    except (OSError, UnicodeDecodeError, EOFError):
        return None


def _sample(found: list, chance: random.Random, most: int) -> list:
    return chance.sample(found, min(most, len(found)))


def _blocks(text: str, chance: random.Random, most: int) -> Iterator[str]:
    """Neighbouring lines, few or many."""
    lines = text.split("\n")
    for _ in range(min(most, 1 + len(lines) // 4)):
        start = chance.randrange(len(lines))
        block = "\n".join(lines[start : start + chance.choice([1, 2, 3, 5, 8, 13, 25])])
        start = chance.randrange(len(block)) if len(block) > PIECE_CHARACTERS_MAX else 0
        yield block[start : start + PIECE_CHARACTERS_MAX]


def _code(text: str, chance: random.Random) -> Iterator[Piece]:
    for block in _blocks(text, chance, 10):
        yield "code", "code", block
    for line in _sample(text.split("\n"), chance, 5):
        yield "code line", "code", line.strip()
    for said in _sample(DOCSTRING.findall(text), chance, 6):
        yield "docstring", "prose", _paragraphs(said, chance)
    for said in _sample(COMMENT.findall(text), chance, 5):
        yield "comment", "prose", said
    for said in _sample(QUOTED.findall(text), chance, 5):
        yield "string", "prose", max(said)
    for found in _sample([one["py"] or one["js"] for one in PATTERN.finditer(text)], chance, 5):
        yield "pattern", "code", found


def _markup(text: str, chance: random.Random) -> Iterator[Piece]:
    for block in _blocks(text, chance, 8):
        yield "markup", "code", block
    body = re.sub(r"\n\s*\n\s*", "\n\n", MARKED.sub("", re.sub(r"(?is)<(script|style).*?</\1>", "", text)))
    for said in _sample(body.split("\n\n"), chance, 8):
        if len(said) > 20:
            yield "page", "prose", said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("&nbsp;", " ")


def _manual(text: str, chance: random.Random) -> Iterator[Piece]:
    plain = re.sub(r"(?m)^\.[A-Z]{1,2} ?|^[.'].*$|\\f.|\\&|\\-", lambda found: "-" if found[0] == "\\-" else "", text)
    for block in _sample(re.split(r"\n\s*\n|(?m:^\.(?:PP|TP|SH).*$)", plain), chance, 10):
        yield "manual", "prose", block


def _prose(text: str, chance: random.Random) -> Iterator[Piece]:
    for found in _sample(FENCE.findall(text), chance, 6):
        yield "snippet", "code", max(found)
    for _ in range(min(12, 1 + len(text) // 300)):
        yield "prose", "prose", _paragraphs(text, chance)
    for line in _sample(text.split("\n"), chance, 12):
        yield "line", "prose", line.strip()
    for sentence in _sample(re.split(r"(?<=[.?!。！？])\s+", text), chance, 8):
        yield "sentence", "prose", sentence[:400]


def _paragraphs(text: str, chance: random.Random) -> str:
    """One paragraph, or a whole section."""
    found = re.split(r"\n\s*\n", text)
    start = chance.randrange(len(found))
    return "\n\n".join(found[start : start + chance.choice([1, 1, 1, 2, 3, 6])])
