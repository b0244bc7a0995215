"""Static files as browsers get them: hashed names, no comments, joined; plotly from its package."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import files
from pathlib import Path
from typing import Any

import brotli
import plotly
import rcssmin
from django.contrib.staticfiles.finders import BaseFinder
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage
from servestatic.compress import Compressor
from servestatic.storage import CompressedManifestStaticFilesStorage

PLOTLY = "plotly/plotly.min.js"
PLOTLY_IN_PACKAGE = "plotly/package_data/plotly.min.js"
STYLES = "css/app.css"
IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
OURS = "js/"
# Plotly's 4.8 MB take a quarter of a minute at Brotli's best, and a third of a second at this.
LARGE, QUICK = 1_000_000, 5

Paths = dict[str, tuple[Storage, str]]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Names with a content hash, in the imports of modules too; compressed copies beside each file."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: Paths, *args: Any, **options: Any) -> Iterator[Any]:
        """Joined and without comments first: a browser reads no comments, nor a hundred files one by one.

        A name's hash follows, so, from what is served. Files out of packages are served as they came.
        """
        # Here alone is the parser needed: a server that only serves does without its memory.
        from icm.joining import joined  # as said above

        if STYLES in paths:
            paths[STYLES] = kept(STYLES, joined_styles(paths))
        written = {name: text_of(paths, name) for name in paths if name.startswith(OURS)}
        for name in written:
            del paths[name]
        paths.update({name: kept(name, text) for name, text in joined(written).items()})
        yield from super().post_process(paths, *args, **options)

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """ServeStatic's own, which does not take its time over what is large."""
        return Copies(**kwargs)


class Copies(Compressor):
    """The copies that browsers are given which understand them."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """As small as can be, or soon done where the file is large."""
        return bytes(brotli.compress(data, quality=QUICK if len(data) > LARGE else 11))


def kept(name: str, text: str) -> tuple[Storage, str]:
    """A place in memory that holds the text under the name."""
    storage = InMemoryStorage()
    storage.save(name, ContentFile(text.encode()))
    return storage, name


def text_of(paths: Paths, name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read(), "utf-8")


def joined_styles(paths: Paths) -> str:
    """The sheet that names all others, with each of them in its layer and without its comments.

    Each is cut down by itself: rcssmin takes what stands in a layer for declarations, and would make
    `.menu :is(a)`, an `a` in the menu, into `.menu:is(a)`.
    """

    def layer(found: re.Match[str]) -> str:
        return f"@layer {found[2]}{{{rcssmin.cssmin(text_of(paths, f'css/{found[1]}'))}}}"

    return COMMENT.sub("", IMPORT.sub(layer, text_of(paths, STYLES)))


class PlotlyFinder(BaseFinder):
    """Finds exactly plotly/plotly.min.js, inside the installed package; its other files stay there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        folder = Path(plotly.__file__).parent / "package_data"
        self.storage = FileSystemStorage(location=folder)
        self.storage.prefix = "plotly"  # type: ignore[attr-defined] # how collectstatic learns the folder

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file's place for the one address, nothing for any other."""
        if path != PLOTLY:
            return []
        place = self.storage.path(Path(PLOTLY).name)
        return [place] if find_all else place

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """The one file, for collectstatic; ImproperlyConfigured where it is not the one installed."""
        refuse_changed("plotly", PLOTLY_IN_PACKAGE, Path(self.storage.path(Path(PLOTLY).name)))
        yield Path(PLOTLY).name, self.storage


def refuse_changed(package: str, name: str, path: Path) -> None:
    """Raise ImproperlyConfigured unless a file has the hash under which its package brought this name.

    A package is installed only with the hash of requirements/: what is served is so what was locked.
    """
    brought = next((one.hash for one in files(package) or () if one.as_posix() == name), None)
    if brought is None or brought.value != digest(brought.mode, path):
        raise ImproperlyConfigured(
            f"{name} is not the file that {package} brought. Install the package anew."
        )


def digest(kind: str, path: Path) -> str:
    """The hash of a file as packages note it: in base64 for addresses, without the filling at its end."""
    return base64.urlsafe_b64encode(hashlib.new(kind, path.read_bytes()).digest()).rstrip(b"=").decode()
