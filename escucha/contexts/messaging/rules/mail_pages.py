"""What a person would read of a letter written as a page, its quotations marked with `>` as in plain text.

It is read tag by tag and no tree is made of it: some people nest a page so deep that a tree takes minutes.
"""

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from escucha.contexts.messaging.rules.mail_text import GAPS, one_line, trimmed

MOST_SIGNS = 1_000_000
DEEPEST_QUOTE = 20
PARAGRAPHS = {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"}
LINES = {
    *("address", "article", "aside", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "header", "li"),
    *("main", "nav", "section", "tr"),
}
UNREAD = {"script", "style", "title"}
DECLARATION = re.compile(r"<!--|<[!?]")
Attributes = list[tuple[str, str | None]]


def html_text(markup: str) -> str:
    page = Page()
    tags, closing, words = "".join(_without_declarations(markup[:MOST_SIGNS])).rpartition(">")
    page.feed(tags + closing + words.replace("<", "&lt;"))  # what no tag ends is no tag, and not tried as one
    page.close()
    return trimmed(GAPS.sub("\n\n", "\n".join(page.finished())))


def _without_declarations(markup: str) -> Iterator[str]:
    """Comments and the like taken out beforehand: one that never ends would be looked for again and again."""
    start, endless = 0, set()
    while found := DECLARATION.search(markup, start):
        yield markup[start : found.start()]
        closing = "-->" if found[0] == "<!--" else ">"
        end = -1 if closing in endless else markup.find(closing, found.end())
        if end < 0:
            endless.add(closing)
        start = found.end() if end < 0 else end + len(closing)
    yield markup[start:]


class Page(HTMLParser):
    """The lines of a page, made while it is read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line: list[str] = []
        self.blank = True  # the line before is empty, or there is none
        self.unread = ""  # the tag inside of which nothing is read
        self.unbroken = 0  # inside how many <pre>
        self.quotes: dict[str, list[bool]] = {"div": [], "blockquote": []}  # of each that is open, whether it quotes
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag == "body":
            self.unread = ""
        if tag in UNREAD:
            self.unread = tag
        self._edge(tag)
        said = {"li": "- ", "td": " ", "th": " ", "img": _words_of_image(attrs) if tag == "img" else ""}.get(tag, "")
        self.line.append(said)
        self.unbroken += tag == "pre"
        if tag == "br":
            self._end_line(always=True)
        if tag in self.quotes:
            self._open(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == self.unread:
            self.unread = ""
        self._edge(tag)
        self.unbroken = max(self.unbroken - (tag == "pre"), 0)
        if tag in self.quotes and self.quotes[tag] and self.quotes[tag].pop():
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.unread:
            return
        if not self.unbroken:
            self.line.append(data)
            return
        first, *others = data.split("\n")
        self.line.append(first)
        for one in others:
            self._end_line(always=True)
            self.line.append(one)

    def finished(self) -> Sequence[str]:
        self._end_line()
        return self.lines

    def _open(self, tag: str, attrs: Attributes) -> None:
        quotes = tag == "blockquote" or "gmail_quote" in (dict(attrs).get("class") or "").split()
        self.quotes[tag].append(quotes)
        self.depth += quotes

    def _edge(self, tag: str) -> None:
        """Where a block begins or ends, the line does; around a paragraph one line stays empty."""
        if tag not in PARAGRAPHS and tag not in LINES:
            return
        self._end_line()
        if tag in PARAGRAPHS and not self.blank:
            self._end_line(always=True)

    def _end_line(self, *, always: bool = False) -> None:
        said = " ".join("".join(self.line).split())
        self.line = []
        if said or always:
            marks = ">" * min(self.depth, DEEPEST_QUOTE)
            self.lines.append(f"{marks} {said}".rstrip() if marks else said)
            self.blank = not said


def _words_of_image(attrs: Attributes) -> str:
    words = one_line(dict(attrs).get("alt") or "", 200)
    return f" [{words}] " if words else ""
