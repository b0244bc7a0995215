"""The file of a copy: encrypted in chunks, each of which proves its place, the last one that it is the last.

The construction is STREAM as the format `age` uses it, with AES-256-GCM: a key of its own for each file,
derived from the operator's key and a random salt; the nonce is the number of the chunk and whether it is the
last. So a chunk that was altered, moved, taken away or put in is found, and so is a file that was cut.
"""

from collections.abc import Iterator
from secrets import token_bytes
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from icm.backups import Refused
from icm.backups.key import Key

MAGIC = b"ICM copy 1\n"
NAME, SALT, TAG = 8, 32, 16
CHUNK = 256 * 1024
NO_COPY = "This file is no copy that `manage.py backup` made."
DAMAGED = "This copy is damaged or not whole: nothing of it is used. Take another one."


class Writer:
    """Encrypts what is written; `finish` writes the last chunk, without which the file is not whole."""

    def __init__(self, file: BinaryIO, key: Key) -> None:
        self._file, self._number, self._kept = file, 0, bytearray()
        self._head = MAGIC + key.name.encode() + token_bytes(SALT)
        self._cipher = _cipher(key, self._head)
        file.write(self._head)

    def write(self, data: bytes) -> None:
        """Takes any number of bytes."""
        self._kept += data
        # A whole chunk may turn out to be the last: it goes out when more is there.
        while len(self._kept) > CHUNK:
            self._seal(bytes(self._kept[:CHUNK]), last=False)
            del self._kept[:CHUNK]

    def finish(self) -> None:
        """The last chunk."""
        self._seal(bytes(self._kept), last=True)

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, self._head))
        self._number += 1


def opened(file: BinaryIO, key: Key) -> Iterator[bytes]:
    """The chunks, each after it was found to be as it was written. Raises `Refused`."""
    head = file.read(len(MAGIC) + NAME + SALT)
    if not head.startswith(MAGIC) or len(head) < len(MAGIC) + NAME + SALT:
        raise Refused(NO_COPY)
    made_with = head[len(MAGIC) :][:NAME].decode(errors="replace")
    if made_with != key.name:
        raise Refused(f"This copy was made with another key ({made_with!a}); the key here is {key.name}.")
    cipher, number = _cipher(key, head), 0
    chunk = file.read(CHUNK + TAG)
    while True:
        after = file.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not after), chunk, head)
        except (InvalidTag, ValueError) as error:
            raise Refused(DAMAGED) from error
        if not after:
            return
        chunk, number = after, number + 1


def _cipher(key: Key, head: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=head[-SALT:], info=MAGIC)
    return AESGCM(derived.derive(key.secret))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
