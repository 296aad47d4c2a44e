"""The lab, as a program sees it: its tools by MCP, and the files that its answers link to.

`Lab` hides that MCP is asynchronous, so that it works in scripts and in notebooks, which have an event loop of their own.
It never prints a token, and sends it to the lab's own address alone.
"""

import base64
import hashlib
import logging
import os
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from anyio.from_thread import start_blocking_portal
from dotenv import dotenv_values
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

PROTOCOL = "2026-07-28"
# Above the longest of the lab's own limits: the lab says what took too long, not this program.
CALL_SECONDS = 1_000
# A piece of an upload, bytes.
PIECE_BYTES = 8 * 1024 * 1024
# Lists hold everyday tools alone, and the lab checks its own answers: that a tool was not listed is no news.
logging.getLogger("mcp").setLevel(logging.ERROR)
logging.getLogger("client").setLevel(logging.ERROR)


class LabError(Exception):
    """What the lab refused or could not do: code, message, and what to do about it."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(f"{code}: {message}" + (f" {hint}" if hint else ""))
        self.code, self.message, self.hint = code, message, hint


@dataclass(frozen=True)
class Settings:
    """Where the lab is and who asks. `token` never shows in a representation."""

    url: str
    token: str

    def __repr__(self) -> str:
        return f"Settings(url={self.url!r})"


def settings(folder: Path | None = None, environment: dict[str, str] | None = None) -> Settings:
    """Reads LABMESH_URL and LABMESH_TOKEN or LABMESH_TOKEN_FILE from the environment, else from .env of this folder or above.

    Raises LabError (code `settings`) that says what is missing.
    """
    given = dict(os.environ if environment is None else environment)
    place = next((up / ".env" for up in _upwards(folder or Path.cwd()) if (up / ".env").is_file()), None)
    found = {**({} if place is None else dotenv_values(place)), **{name: text for name, text in given.items() if text}}
    url = (found.get("LABMESH_URL") or "").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise LabError(
            "settings", "LABMESH_URL is not set, or no address.", "Set it to the lab's gateway; .env.example shows how."
        )
    token = found.get("LABMESH_TOKEN") or _from_file(found.get("LABMESH_TOKEN_FILE"))
    return Settings(url, token)


def _upwards(folder: Path) -> Iterator[Path]:
    yield folder.resolve()
    yield from folder.resolve().parents


def _from_file(name: str | None) -> str:
    if not name:
        raise LabError(
            "settings", "There is no token.", "Set LABMESH_TOKEN_FILE to a file with your token, or LABMESH_TOKEN."
        )
    file = Path(name).expanduser()
    try:
        mode, text = file.stat().st_mode, file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise LabError(
            "settings",
            f"Cannot read the token from {file}: {error.strerror}.",
            "Make a new one with `labmesh token create`.",
        ) from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise LabError("settings", f"Others can read {file}.", f"Run: chmod 600 {file}")
    if not text:
        raise LabError("settings", f"{file} is empty.", "Make a new token with `labmesh token create`.")
    return text


class Lab:
    """A connection to the lab's gateway: `with Lab() as lab: lab.call("curator_list_available_datasets")`."""

    def __init__(self, given: Settings | None = None) -> None:
        self._settings = given or settings()
        self._stack = ExitStack()

    @property
    def url(self) -> str:
        return self._settings.url

    def __enter__(self) -> "Lab":
        with ExitStack() as stack:
            self._portal = stack.enter_context(start_blocking_portal())
            try:
                self._client = stack.enter_context(self._portal.wrap_async_context_manager(self._connected()))
            except Exception as error:
                raise self._unreachable(error) from error
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @asynccontextmanager
    async def _connected(self):
        headers = {"Authorization": f"Bearer {self._settings.token}"}
        limits = httpx2.Timeout(CALL_SECONDS, connect=10)
        async with (
            httpx2.AsyncClient(headers=headers, timeout=limits) as http,
            Client(streamable_http_client(f"{self.url}/mcp", http_client=http), mode=PROTOCOL) as client,
        ):
            yield client

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Calls a tool by its name at the gateway, such as `curator_fetch_dataset`. Raises LabError."""
        try:
            answer = self._portal.call(self._client.call_tool, tool, arguments, CALL_SECONDS)
        except Exception as error:
            raise self._unreachable(error) from error
        if answer.is_error:
            text = " ".join(part.text for part in answer.content if part.type == "text")
            said = (answer.meta or {}).get("labmesh/error", {})
            raise LabError(said.get("code", "failed"), said.get("message", text), said.get("hint", ""))
        return answer.structured_content or {}

    def tools(self) -> set[str]:
        """Names of the tools that this credential lists."""

        async def names() -> set[str]:
            found: set[str] = set()
            cursor = None
            while True:
                page = await self._client.list_tools(cursor=cursor)
                found.update(tool.name for tool in page.tools)
                cursor = page.next_cursor
                if cursor is None:
                    return found

        return self._portal.call(names)

    def rows(self, dataset_id: str, **arguments: Any) -> list[dict[str, Any]]:
        """All rows of a dataset, page by page."""
        rows: list[dict[str, Any]] = []
        offset: int | None = 0
        while offset is not None:
            page = self.call("curator_fetch_dataset", datasetId=dataset_id, offset=offset, **arguments)
            rows += page["rows"]
            offset = page.get("nextOffset")
        return rows

    def bytes_of(self, link: dict[str, Any]) -> bytes:
        """The bytes behind a link of an answer."""
        address = link["url"]
        if urlsplit(address)[:2] != urlsplit(self.url)[:2]:
            raise LabError(
                "settings",
                f"The link leads to {urlsplit(address).netloc}, not to the lab.",
                "Set LABMESH_URL to the lab's public address.",
            )
        headers = {"Authorization": f"Bearer {self._settings.token}"}
        answer = httpx2.get(address, headers=headers, timeout=60)
        _accepted(answer)
        if len(answer.content) != link["bytes"]:
            raise LabError(
                "incomplete",
                f"{link['name']} came with {len(answer.content)} of {link['bytes']} bytes.",
                "Try it again.",
            )
        return answer.content

    def upload(self, name: str, content: bytes) -> str:
        """Brings bytes into the lab (by the tus protocol), and gives the uploadId that tools take."""
        meta = f"filename {base64.b64encode(name.encode()).decode()}"
        headers = {"Authorization": f"Bearer {self._settings.token}", "Tus-Resumable": "1.0.0"}
        with httpx2.Client(base_url=self.url, headers=headers, timeout=60) as http:
            begun = http.post("/uploads", headers={"Upload-Length": str(len(content)), "Upload-Metadata": meta})
            _accepted(begun)
            place = begun.headers["location"]
            for offset in range(0, len(content), PIECE_BYTES):
                kind = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
                _accepted(http.patch(place, headers=kind, content=content[offset : offset + PIECE_BYTES]))
        return place.rsplit("/", 1)[-1]

    def follow(self, job_id: str) -> Iterator[str]:
        """What a job writes, as it comes, until it has ended."""
        cursor: dict[str, Any] = {}
        while True:
            page = self.call("mechanic_stream_logs", jobId=job_id, waitSeconds=10, **cursor)
            yield from (piece.get("text", "") for piece in page["pieces"])
            if page["ended"]:
                return
            cursor = {"cursor": page["cursor"]}
            time.sleep(0.2)

    def job(self, job_id: str) -> dict[str, Any]:
        return self.call("mechanic_get_job", jobId=job_id)

    def save_artifacts(self, job_id: str, folder: Path) -> list[Path]:
        """Brings the files that a job left, each checked against its SHA-256."""
        saved = []
        for listed in self.call("mechanic_list_artifacts", jobId=job_id)["artifacts"]:
            answer = self.call("mechanic_get_artifact", jobId=job_id, path=listed["path"])
            content = self.bytes_of(answer["link"])
            if hashlib.sha256(content).hexdigest() != listed["sha256"]:
                raise LabError("incomplete", f"{listed['path']} is not as the job left it.", "Try it again.")
            target = (folder / listed["path"]).resolve()
            if not target.is_relative_to(folder.resolve()):
                raise LabError(
                    "incomplete", f"{listed['path']} leads out of {folder}.", "Do not use what this job left."
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            saved.append(target)
        return saved

    def _unreachable(self, error: BaseException) -> LabError:
        texts = " ".join(_texts(error))
        if "401" in texts or "unauthenticated" in texts:
            return LabError(
                "unauthenticated",
                "The lab does not know this token.",
                "It may have ended: make a new one with `labmesh token create`.",
            )
        return LabError(
            "unreachable",
            f"The lab at {self.url} does not answer: {texts[:300]}",
            "Is it running, and is LABMESH_URL right?",
        )


def _accepted(answer: httpx2.Response) -> None:
    if answer.is_success:
        return
    try:
        said = answer.json()
    except ValueError:
        said = {}
    code, message = said.get("code", f"http_{answer.status_code}"), said.get("message", answer.reason_phrase)
    raise LabError(code, message, said.get("hint", ""))


def _texts(error: BaseException) -> Iterator[str]:
    yield f"{type(error).__name__}: {error}"
    for inner in getattr(error, "exceptions", ()):
        yield from _texts(inner)
