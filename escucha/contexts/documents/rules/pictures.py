"""Pictures as they stand inside a document, without the notes that programs and cameras write in them.

What is seen stays octet for octet, and nothing stays behind it.
"""

import re

JPEG, PNG, EMF = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b" EMF"
JP2 = b"\x00\x00\x00\x0cjP  "
MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # of a segment: other octets after 0xff are of the picture
END, COLOURS = 0xD9, b"ICC_PROFILE\x00"
NOTES = frozenset([0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE])  # Exif, XMP, Photoshop, comments, makers' own
SEEN_IN_PNG = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD hIST pHYs acTL fcTL fdAT".split())
NOTES_IN_JP2 = frozenset([b"uuid", b"uinf", b"xml "])
SAID_IN_EMF = slice(60, 68)  # how long its description is, and where: who drew it and how it is called


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG without its notes, and without what stands behind its end: another size of it, with notes of its own."""
    if not jpeg.startswith(JPEG):
        return jpeg
    kept, place = [JPEG], 2
    while found := MARK.search(jpeg, place):
        start, mark = found.start(), jpeg[found.start() + 1]
        if mark == END:
            return b"".join([*kept, jpeg[place : start + 2]])
        size = int.from_bytes(jpeg[start + 2 : start + 4])
        if size < 2:
            break
        kept.append(jpeg[place:start])
        place = start + 2 + size
        if not (mark in NOTES or (mark == 0xE2 and not jpeg.startswith(COLOURS, start + 4))):
            kept.append(jpeg[start:place])
    else:
        kept.append(jpeg[place:] if kept[1:] else b"")  # cut short: what there is of the picture
    return b"".join(kept)


def without_chunks(png: bytes) -> bytes:
    """A PNG with nothing but what is seen."""
    kept, place = [PNG], len(PNG)
    while place < len(png):
        end = place + 12 + int.from_bytes(png[place : place + 4])
        name = png[place + 4 : place + 8]
        if name in SEEN_IN_PNG:
            kept.append(png[place:end])
        if name == b"IEND":
            break
        place = end
    return b"".join(kept)


def without_boxes(jp2: bytes) -> bytes:
    """A JPEG 2000 without its boxes of notes."""
    kept, place = [], 0
    while place + 8 <= len(jp2):
        size, name = int.from_bytes(jp2[place : place + 4]), jp2[place + 4 : place + 8]
        if size == 1:
            size = int.from_bytes(jp2[place + 8 : place + 16])
        end = place + size if size >= 8 else len(jp2)
        if name not in NOTES_IN_JP2:
            kept.append(jp2[place:end])
        place = end
    return b"".join(kept)


def without_description(emf: bytes) -> bytes:
    """A drawing of Windows that does not say who drew it."""
    many, start = (int.from_bytes(emf[at : at + 4], "little") for at in (SAID_IN_EMF.start, SAID_IN_EMF.start + 4))
    bare = bytearray(emf)
    end = min(start + 2 * many, len(bare))
    if many and start < end:
        bare[start:end] = bytes(end - start)
    return bytes(bare)
