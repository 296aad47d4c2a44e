"""The validator's own key (Ed25519, made at the first run, never leaves this machine), and what it signs."""

import base64
import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from validator.config import PROJECT

KEY = PROJECT / ".validator" / "key.pem"


def key(file: Path = KEY) -> Ed25519PrivateKey:
    """The key of this file, which only its owner may read; made when there is none. Two that begin at once have one key."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        part = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(made)
            opened.flush()
            os.fsync(opened.fileno())
        try:
            os.link(part, file)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise PermissionError(f"Others can read {file}. Run: chmod 600 {file}")
    loaded = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(loaded, Ed25519PrivateKey):
        raise ValueError(f"{file} holds another kind of key: move it away, and a new one is made")
    return loaded


def canonical(report: dict[str, Any]) -> bytes:
    """The bytes that are signed: JSON with sorted names and no spaces, without the signature itself."""
    unsigned = {name: value for name, value in report.items() if name != "signature"}
    return json.dumps(unsigned, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(report: dict[str, Any], by: Ed25519PrivateKey) -> dict[str, Any]:
    public = by.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    whole = {**report, "publicKey": base64.b64encode(public).decode()}
    return {**whole, "signature": base64.b64encode(by.sign(canonical(whole))).decode()}


def verified(report: dict[str, Any]) -> bool:
    """Whether the report is as the holder of its own publicKey signed it. Whose key that is, you must know by other means."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(report["publicKey"], validate=True))
        public.verify(base64.b64decode(report["signature"], validate=True), canonical(report))
    except (KeyError, ValueError, TypeError, InvalidSignature):
        return False
    return True
