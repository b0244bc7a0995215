"""Modules joined: what a page names comes in one file with all that only it imports, without comments.

Read by a real parser, changed as little as can be: names stay, so that an error in a browser's console names
what the source names. Each module keeps a scope of its own within the file (ADR 0025).
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

PARSER = Parser(Language(tree_sitter_javascript.language()))
# Every page starts this one; in it is also what several of the others need.
APP = "js/app.js"
ELEMENTS = "js/elements/"
# Where a blank is a part of what is written.
WHOLE = {"string", "template_string", "regex", "comment"}

# Signs that would become another word without the blank between them.
APART = re.compile(rb"[\w$#.\x80-\xff]{2}|[-+/]{2}")

Texts = dict[str, str]
Edit = tuple[int, int, str]


@dataclass(frozen=True)
class Module:
    """One module as it is written."""

    name: str
    text: bytes

    @cached_property
    def root(self) -> Node:
        """What the parser found; a module that it does not understand is an error."""
        root = PARSER.parse(self.text).root_node
        if root.has_error:
            raise ValueError(f"{self.name} cannot be read as JavaScript")
        return root

    @property
    def space(self) -> str:
        """The name under which others in the same file find what this one gives."""
        return "$" + re.sub(r"\W", "_", self.name.removeprefix("js/").removesuffix(".js"))

    @cached_property
    def imports(self) -> dict[str, Node]:
        """Modules that must be there before this one starts, each with the statement that says so."""
        found = [node for node in self.root.children if node.type == "import_statement"]
        return {self._at(only(node, "source")): node for node in found}

    @cached_property
    def later(self) -> dict[Node, str]:
        """The texts in `import("…")`: modules that are fetched when they are needed."""
        calls = [node for node in inside(self.root) if node.type == "call_expression"]
        asked = [only(call, "arguments") for call in calls if only(call, "function").type == "import"]
        return {(text := given.named_children[0]): self._at(text) for given in asked}

    @cached_property
    def exports(self) -> dict[Node, list[str]]:
        """Declarations that others may use, with the names that each gives."""
        found = [node for node in self.root.children if node.type == "export_statement"]
        return {node: names_of(only(node, "declaration")) for node in found}

    def _at(self, text: Node) -> str:
        path = said(text)[1:-1]
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.name), path))


class Joining:
    """All modules, and which file each is served in."""

    def __init__(self, texts: Texts) -> None:
        self.modules = {name: Module(name, text.encode()) for name, text in texts.items()}
        self.later = {name for one in self.modules.values() for name in one.later.values()}
        starts = {name for name in self.modules if name == APP or name.startswith(ELEMENTS)} | self.later
        reached = {start: set(self._reached([start])) for start in starts}
        self.file = {name: file_of(name, starts, reached) for name in self.modules}
        self.members: dict[str, list[str]] = {file: [] for file in self.file.values()}
        for name in self._reached(self.modules):
            self.members[self.file[name]].append(name)

    def served(self) -> Texts:
        """Each file with its text."""
        return {file: self._apart(file) if self._alone(file) else self._file(file) for file in self.members}

    def _alone(self, file: str) -> bool:
        """Fetched later: it gives what it gives under the names that whoever fetches it knows."""
        return file in self.later

    def _reached(self, names: Iterable[str], seen: set[str] | None = None) -> Iterator[str]:
        """These modules and all that they import, each after what it imports itself."""
        seen = set() if seen is None else seen
        for name in names:
            if name not in seen:
                seen.add(name)
                yield from self._reached(self.modules[name].imports, seen)
                yield name

    def _file(self, file: str) -> str:
        members = [self.modules[name] for name in self.members[file]]
        needed = dict.fromkeys(name for one in members for name in one.imports if self.file[name] != file)
        bodies = "".join(self._body(one, file) for one in members)
        spaces = ", ".join(one.space for one in members if one.exports)
        return f"{self._heads(needed, file)}{bodies}export {{ {spaces} }};\n"

    def _body(self, module: Module, file: str) -> str:
        edits = [
            edit_of(node, f"const {pattern(node)} = {self._space(name)};")
            for name, node in module.imports.items()
            if pattern(node)
        ]
        edits += [edit_of(node, "") for node in module.imports.values() if not pattern(node)]
        edits += [(node.start_byte, only(node, "declaration").start_byte, "") for node in module.exports]
        text = lean(edited(module, [*edits, *self._later(module, file)]))
        given = ", ".join(name for names in module.exports.values() for name in names)
        return f"const {module.space} = (() => {{\n{text}return {{ {given} }};\n}})();\n"

    def _apart(self, file: str) -> str:
        module = self.modules[file]
        joined = {name: node for name, node in module.imports.items() if not self._alone(self.file[name])}
        edits = [
            edit_of(node, f"const {pattern(node)} = {self._space(name)};") for name, node in joined.items()
        ]
        return self._heads(joined, file) + lean(edited(module, [*edits, *self._later(module, file)]))

    def _later(self, module: Module, file: str) -> list[Edit]:
        """The same files, as they are found from where this module is now."""
        for name in module.later.values():
            if not self._alone(self.file[name]):
                raise ValueError(f"{module.name} fetches {name} later, which comes with the page")
        return [edit_of(node, f'"{towards(name, file)}"') for node, name in module.later.items()]

    def _heads(self, names: Iterable[str], file: str) -> str:
        spaces: dict[str, list[str]] = {}
        for name in names:
            spaces.setdefault(self.file[name], []).append(self._space(name))
        return "".join(
            f'import {{ {", ".join(given)} }} from "{towards(other, file)}";\n'
            for other, given in spaces.items()
        )

    def _space(self, name: str) -> str:
        return self.modules[name].space


def file_of(name: str, starts: set[str], reached: dict[str, set[str]]) -> str:
    """Where a module is served: in the file of the only one that needs it, or in that of all pages."""
    users = [start for start in starts if name in reached[start]]
    if name in starts:
        return name
    return users[0] if len(users) == 1 else APP


def joined(texts: Texts) -> Texts:
    """The files that are served, made of these modules; both by their names under static/."""
    return Joining(texts).served()


def lean(text: str) -> str:
    """The same code without comments and needless blanks; what stands in texts stays as it is."""
    written, parts, at, gap, ends = text.encode(), [b""], 0, b"", False
    for node in leaves(PARSER.parse(written).root_node):
        gap += written[at : node.start_byte]
        at = node.end_byte
        if node.type == "comment" or node.start_byte == node.end_byte:
            continue
        word = written[node.start_byte : at]
        if word == b"}":
            # It ends the statement before it as well as a semicolon or a line does.
            gap = b""
            if ends:
                parts[-1] = b""
        # One that is a statement itself, as the body of a loop, ends none.
        parent = node.parent
        ends = node.type == ";" and parent is not None and parent.type != "empty_statement"
        parts += [between(parts[-1], gap, word), word]
        gap = b""
    return b"".join(parts).decode().lstrip() + "\n"


def between(before: bytes, gap: bytes, after: bytes) -> bytes:
    """What has to stay of the blanks between two words of the code."""
    if b"\n" in gap:
        # A line may end a statement, but not behind one of these: what ends with a brace and is no block has
        # a semicolon after it (the formatter sees to that).
        return b"" if before[-1:] in b"{;,(}" else b"\n"
    both = before[-1:] + after[:1]
    return b" " if gap and APART.fullmatch(both) else b""


def leaves(node: Node) -> Iterator[Node]:
    """The code's words in their order; a text is one word, with whatever is in it."""
    if node.type in WHOLE or not node.children:
        yield node
    else:
        for child in node.children:
            yield from leaves(child)


def inside(node: Node) -> Iterator[Node]:
    """The node and all within it."""
    yield node
    for child in node.children:
        yield from inside(child)


def names_of(declaration: Node) -> list[str]:
    """What a function, a class or constants are called."""
    if declaration.type != "lexical_declaration":
        return [said(only(declaration, "name"))]
    found = [node for node in declaration.children if node.type == "variable_declarator"]
    return [said(only(node, "name")) for node in found]


def pattern(statement: Node) -> str:
    """The names of `import { a, b as c }` as they are taken out of an object."""
    specifiers = [said(node) for node in inside(statement) if node.type == "import_specifier"]
    names = ", ".join(one.replace(" as ", ": ") for one in specifiers)
    return f"{{ {names} }}" if names else ""


def only(node: Node, field: str) -> Node:
    """The part of this name, which the project's modules always write."""
    part = node.child_by_field_name(field)
    if part is None:
        raise ValueError(f"Without a {field} this cannot be joined: {said(node)[:80]}")
    return part


def said(node: Node) -> str:
    return (node.text or b"").decode()


def edit_of(node: Node, text: str) -> Edit:
    return node.start_byte, node.end_byte, text


def edited(module: Module, edits: Iterable[Edit]) -> str:
    text = module.text
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new.encode() + text[end:]
    return text.decode()


def towards(name: str, file: str) -> str:
    """The path of a file as a module in another file writes it."""
    path = posixpath.relpath(name, posixpath.dirname(file))
    return path if path.startswith(".") else f"./{path}"
