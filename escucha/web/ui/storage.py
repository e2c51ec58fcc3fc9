"""Static files as they are served: the style sheet in one piece, so that a phone asks once instead of forty times.

The files stay apart where they are written; only what `collectstatic` publishes is joined.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "ui/layers.css"
IMPORT = re.compile(r'@import url\("([\w-]+\.css)"\) layer\((\w+)\)( \w+)?;')
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


class OneSheet(CompressedManifestStaticFilesStorage):
    """The manifest storage, with the layers' imports written into the sheet that names them.

    A page names thirty files, and the manifest says the same of each for as long as the process lives.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[tuple[str, bool], str] = {}

    def url(self, name: str, force: bool = False) -> str:
        if (name, force) not in self._addresses:
            self._addresses[name, force] = super().url(name, force)
        return self._addresses[name, force]

    def post_process(
        self, paths: dict[str, tuple[Any, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        if SHEET in paths and not dry_run:
            joined = InMemoryStorage()
            joined.save(SHEET, ContentFile(join(_text_of(SHEET, paths), lambda name: _text_of(f"ui/{name}", paths))))
            paths = paths | {SHEET: (joined, SHEET)}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def join(sheet: str, read: Callable[[str], str]) -> str:
    """A sheet of imports with each import's text in its layer, and in its medium if it names one."""

    def written_out(match: re.Match[str]) -> str:
        name, layer, medium = match.groups()
        text = f"@layer {layer} {{\n{COMMENT.sub('', read(name))}}}\n"
        return f"@media{medium} {{\n{text}}}\n" if medium else text

    return IMPORT.sub(written_out, COMMENT.sub("", sheet))


def _text_of(name: str, paths: dict[str, tuple[Any, str]]) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        content: bytes = file.read()
    return content.decode()
