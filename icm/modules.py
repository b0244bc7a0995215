"""The template tag by which a page names its scripts: {% load modules %} {% module 'js/app.js' %}."""

import posixpath
import re
from collections.abc import Iterator
from functools import cache

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# What a module imports when it starts; what it fetches later, with import(), stands in brackets.
IMPORT = re.compile(r"""\bimport\s*(?:[\w*{][^;"'()]*?\bfrom\s*)?["'](\.[^"']+)["']""")

register = template.Library()


@register.simple_tag
def module(*names: str) -> SafeString:
    """Starts these modules, and asks for all that they import at once, not one step after the other."""
    served = [stored(name) for name in names]
    parts = dict.fromkeys(part for name in served for part in imported(name) if part not in served)
    links = format_html_join("\n", '<link rel="modulepreload" href="{}">', ((address(one),) for one in parts))
    starts = format_html_join(
        "\n", '<script type="module" src="{}"></script>', ((address(one),) for one in served)
    )
    return format_html("{}\n{}", links, starts)


def address(served: str) -> str:
    return f"{settings.STATIC_URL}{served}"


def stored(name: str) -> str:
    """The name with its hash."""
    return str(staticfiles_storage.stored_name(name))  # type: ignore[attr-defined] # the manifest storage has it


@cache
def imported(served: str) -> tuple[str, ...]:
    """What a served module imports, directly or not, nearest first: a hashed name is always the same file."""
    found = [served]
    for one in found:  # it grows while it is walked
        found += [name for name in dict.fromkeys(imports(one)) if name not in found]
    return tuple(found[1:])


def imports(served: str) -> Iterator[str]:
    with staticfiles_storage.open(served) as file:
        text = str(file.read(), "utf-8")
    for path in IMPORT.findall(text):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(served), path))
