"""Static files as browsers get them: hashed names, no comments, one style sheet; plotly from its package."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import plotly
import rcssmin
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage
from servestatic.storage import CompressedManifestStaticFilesStorage

PLOTLY = "plotly/plotly.min.js"
STYLES = "css/app.css"
IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
OURS = "js/"
# Comments with lines of their own, and types told within a line. What else stands behind code stays: only a
# parser could tell it from a text.
COMMENTS = re.compile(
    r"^[ \t]*(?:/\*\*.*?\*/|//[^\n]*)[ \t]*\n|/\*\* @type \{[^*\n]*\} \*/ ?", re.DOTALL | re.MULTILINE
)

Paths = dict[str, tuple[Storage, str]]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Names with a content hash, in the imports of modules too; a gzip copy beside each file."""

    support_js_module_import_aggregation = True
    # A module's name is known only after those of what it imports: one pass for each step of the longest way.
    max_post_process_passes = 12

    def post_process(self, paths: Paths, *args: Any, **options: Any) -> Iterator[Any]:
        """Joined and without comments first: a browser reads neither them nor sixty style sheets one by one.

        A name's hash follows, so, from what is served. Files out of packages are served as they came.
        """
        if STYLES in paths:
            paths[STYLES] = kept(STYLES, joined(paths))
        for name in [one for one in paths if one.startswith(OURS)]:
            paths[name] = kept(name, COMMENTS.sub("", text_of(paths, name)))
        yield from super().post_process(paths, *args, **options)


def kept(name: str, text: str) -> tuple[Storage, str]:
    """A place in memory that holds the text under the name."""
    storage = InMemoryStorage()
    storage.save(name, ContentFile(text.encode()))
    return storage, name


def text_of(paths: Paths, name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read(), "utf-8")


def joined(paths: Paths) -> str:
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
        """The one file, for collectstatic."""
        yield Path(PLOTLY).name, self.storage
