"""The file of a copy: what was altered, cut or put in anywhere is refused, in one sentence."""

from io import BytesIO
from secrets import token_bytes

import pytest

from icm.backups import Refused
from icm.backups.key import Key
from icm.backups.sealed import CHUNK, DAMAGED, MAGIC, NAME, NO_COPY, SALT, TAG, Writer, opened

KEY = Key(bytes(range(32)))
HEAD = len(MAGIC) + NAME + SALT
SEALED = CHUNK + TAG
CONTENT = token_bytes(2 * CHUNK + 100)


def sealed(content: bytes) -> bytes:
    """The file with this content."""
    file = BytesIO()
    writer = Writer(file, KEY)
    writer.write(content)
    writer.finish()
    return file.getvalue()


def read(file: bytes, key: Key = KEY) -> bytes:
    """Its content."""
    return b"".join(opened(BytesIO(file), key))


@pytest.fixture(scope="module")
def file() -> bytes:
    """Two whole chunks and a short one."""
    return sealed(CONTENT)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_written_is_read_again(size: int) -> None:
    content = token_bytes(size)

    assert read(sealed(content)) == content


def test_nothing_of_the_content_stands_in_the_file_and_two_files_have_nothing_in_common() -> None:
    one, other = sealed(b"Ed Test" * 100), sealed(b"Ed Test" * 100)

    assert b"Ed Test" not in one
    assert one[HEAD:] != other[HEAD:]


def test_a_wrong_key_is_told_apart_from_damage(file: bytes) -> None:
    other = Key(bytes(range(1, 33)))

    with pytest.raises(Refused, match=f"another key .*{KEY.name}.* the key here is {other.name}"):
        read(file, other)


FLIPPED = {
    "the first byte": 0,
    "the end of the mark": len(MAGIC) - 1,
    "the key's name": len(MAGIC),
    "the salt": HEAD - SALT,
    "the end of the salt": HEAD - 1,
    "the first chunk": HEAD,
    "the first chunk's proof": HEAD + SEALED - 1,
    "the second chunk": HEAD + SEALED + 500,
    "the last chunk": HEAD + 2 * SEALED,
    "the last byte": -1,
}


@pytest.mark.parametrize("place", FLIPPED.values(), ids=FLIPPED.keys())
@pytest.mark.parametrize("bit", [1, 128])
def test_a_flipped_bit_is_refused_wherever_it_is(file: bytes, place: int, bit: int) -> None:
    altered = bytearray(file)
    altered[place] ^= bit

    with pytest.raises(Refused) as refused:
        read(bytes(altered))

    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


CUT = {
    "empty": 0,
    "in the mark": 4,
    "in the salt": HEAD - 1,
    "after the head": HEAD,
    "in the first chunk": HEAD + 1000,
    "after the first chunk": HEAD + SEALED,
    "after the second chunk": HEAD + 2 * SEALED,
    "the last byte": -1,
}


@pytest.mark.parametrize("end", CUT.values(), ids=CUT.keys())
def test_a_file_that_was_cut_is_refused(file: bytes, end: int) -> None:
    with pytest.raises(Refused) as refused:
        read(file[:end])

    assert str(refused.value) in (NO_COPY, DAMAGED)


def test_chunks_that_changed_places_or_were_added_are_refused(file: bytes) -> None:
    first, second = (file[HEAD + number * SEALED :][:SEALED] for number in range(2))
    rest = file[HEAD + 2 * SEALED :]
    made = [file[:HEAD] + second + first + rest, file[:HEAD] + first + first + second + rest, file + b"x"]

    for altered in made:
        with pytest.raises(Refused, match="damaged"):
            read(altered)
