"""What an organisation's profile says about files: how large, how many, which kinds, and what an unscanned one may."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

MEGABYTE = 1024 * 1024
# What a machine would run when somebody opens it.
PROGRAMS = (
    "application/x-msdownload",
    "application/x-executable",
    "application/x-mach-binary",
    "application/x-msi",
    "application/java-archive",
    "application/vnd.android.package-archive",
    "application/x-ms-shortcut",
    "application/x-script",
)
# And what it would run because of how its name ends, whatever it has inside.
PROGRAM_ENDINGS = (
    *("exe", "msi", "msp", "com", "scr", "pif", "cpl", "dll", "sys", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js"),
    *("jse", "wsf", "wsh", "hta", "lnk", "reg", "jar", "apk", "sh", "command", "app", "dmg", "iso", "img", "vhd"),
    *("msix", "appx", "application", "gadget", "chm", "scf", "inf", "xll", "settingcontent-ms"),
)


@dataclass(frozen=True)
class DocumentsPolicy:
    """[documents]. `kinds` are the only ones taken, all if it is empty; of them `refused_kinds` are not, nor names that
    end in `refused_endings`. A kind may end in `/*`. `max_files` are those of one act, and `max_total_bytes` all of
    them together.
    """

    name: ClassVar[str] = "documents"

    max_bytes: int = 25 * MEGABYTE
    max_total_bytes: int = 60 * MEGABYTE
    max_files: int = 10
    kinds: tuple[str, ...] = ()
    refused_kinds: tuple[str, ...] = PROGRAMS
    refused_endings: tuple[str, ...] = PROGRAM_ENDINGS
    serve_unscanned: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.max_bytes <= self.max_total_bytes:
            raise ValueError("max_bytes is above 0 and not above max_total_bytes")
        if not 0 < self.max_files <= 100:
            raise ValueError("max_files is between 1 and 100")

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        lists = {key: tuple(raw[key]) for key in ("kinds", "refused_kinds", "refused_endings") if key in raw}
        return cls(**dict(raw) | lists)
