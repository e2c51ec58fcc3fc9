"""What a kind of document is, in any country."""

from typing import NamedTuple


class DocumentKind(NamedTuple):
    """A kind of document. `code` is the health sector's, `dian` the tax office's; without `shape` any number will do.

    Those that are not `offered` are of the past, or for staff to say: they can be read and shown.
    """

    code: str
    label: str
    dian: str = ""
    shape: str = ""
    doubt: str = ""
    offered: bool = True
    by_digits: bool = False  # shown in groups of three
