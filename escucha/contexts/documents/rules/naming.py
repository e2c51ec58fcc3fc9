"""Names of files, made safe for any screen, header and disk. What the sender wrote is kept apart."""

import unicodedata

LONGEST = 100
MOST_SAID = 1000  # signs that are looked at: the end, where the name is. What a sender says has no limit
NAMELESS = "archivo"
BARE = frozenset("<>:\"/\\|?*%;#&'`$!{}^~=+,@[]")  # of paths, headers, addresses, templates and spreadsheets
RESERVED = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
# What a browser would run if somebody opened it from the disk: it is opened as text instead.
ACTIVE_ENDINGS = frozenset("htm html xhtml xht shtml mht mhtml svg svgz xml xsl xslt swf url webloc".split())
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/tiff": "tif",
    "image/bmp": "bmp",
    "text/plain": "txt",
    "message/rfc822": "eml",
    "application/rtf": "rtf",
    "application/zip": "zip",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
}


def safe_name(said: str) -> str:
    """The last part of a path without what a screen, a header or a disk could be misled by; never empty."""
    flat = unicodedata.normalize("NFC", said[-MOST_SAID:].replace("\\", "/").replace("\x00", "")).rpartition("/")[2]
    shown = "".join(" " if sign.isspace() or sign in BARE else sign for sign in flat if _is_plain(sign))
    stem, dot, ending = " ".join(shown.split()).rpartition(".")
    stem, ending = (stem, ending) if dot and ending.isalnum() and len(ending) <= 10 else (f"{stem}{dot}{ending}", "")
    stem = stem.strip(" .-") or NAMELESS
    if stem.partition(".")[0].strip().lower() in RESERVED:
        stem = f"_{stem}"
    if ending.lower() in ACTIVE_ENDINGS:
        stem, ending = f"{stem}.{ending}", "txt"
    return _short(stem, f".{ending}" if ending else "")


def ending_of(said: str) -> str:
    """What a machine would decide by: the letters after the last dot, as it reads them."""
    stem, dot, ending = said.replace("\x00", "").rstrip(" .\t\r\n").rpartition(".")
    return ending.strip().lower() if dot else ""


def neutral_name(number: int, kind: str) -> str:
    """`anexo-1.pdf`: the name of a reserved file, which says nothing of who sent it."""
    ending = ENDINGS.get(kind, "")
    return f"anexo-{number}.{ending}" if ending else f"anexo-{number}"


def renamed(name: str, kind: str) -> str:
    """The name of a copy of another kind than its original."""
    ending = ENDINGS.get(kind, "")
    if not ending or ending_of(name) in {ending, "jpeg" if ending == "jpg" else ending}:
        return name
    stem, dot, _old = name.rpartition(".")
    return f"{stem if dot else name}.{ending}"


def _is_plain(sign: str) -> bool:
    """No control, no invisible mark, no change of direction (Cc, Cf), no half of a pair, none of private use."""
    return sign.isspace() or unicodedata.category(sign)[0] != "C"


def _short(stem: str, ending: str) -> str:
    while len((stem + ending).encode()) > 2 * LONGEST or len(stem + ending) > LONGEST:
        stem = stem[:-1]
    return stem.rstrip() + ending
