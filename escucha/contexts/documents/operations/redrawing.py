"""An image drawn anew: only what is seen passes. No position, no author, no second file hidden behind the first."""

import io
import struct
import zlib
from typing import IO, Any

from PIL import ExifTags, Image, ImageOps

from escucha.contexts.documents.rules.copying import MOST_PIXELS, SIDE, NoCopy

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses by itself twice as many
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
BROKEN = (  # Pillow's readers let through whatever their parsing meets in bytes that are no picture
    *(SyntaxError, ValueError, TypeError, EOFError, ArithmeticError, struct.error, zlib.error),
    *(MemoryError, RecursionError, KeyError, IndexError, AttributeError, NotImplementedError),
)
BLACK_TO_WHITE = 255


def redrawn(original: IO[bytes], made: IO[bytes]) -> str:
    """Writes the first picture of a file, upright and no larger than a screen. Returns its kind; raises NoCopy.

    Raises OSError where the disk fails, which says nothing of the picture.
    """
    drawn = io.BytesIO()
    try:
        with Image.open(original, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NoCopy("pixels")
            image.draft("RGB", (SIDE, SIDE))  # a JPEG is then read at a fraction of its size
            seen = _eight_bits(image)
            seen.thumbnail((SIDE, SIDE))
            kind = _saved(ImageOps.exif_transpose(seen), drawn)
    except BOMBS as bomb:
        raise NoCopy("pixels") from bomb
    except OSError as broken:
        if broken.errno is not None:  # the system's; what Pillow says of a picture has no number
            raise
        raise NoCopy("image") from broken
    except BROKEN as broken:
        raise NoCopy("image") from broken
    made.write(drawn.getbuffer())
    return kind


def redrawn_as_it_is(content: bytes) -> bytes:
    """The first picture of a file in its own format and size, for who keeps it inside a document; nothing of others."""
    drawn = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=("GIF", "WEBP", "BMP", "TIFF")) as image:
            if image.width * image.height <= MOST_PIXELS:
                bare = _only_seen if _is_see_through(image) and image.format != "BMP" else _clean
                bare(_eight_bits(image)).save(drawn, image.format)
    except (OSError, *BOMBS, *BROKEN):
        return b""
    return drawn.getvalue()


def _saved(image: Image.Image, made: IO[bytes]) -> str:
    """What is transparent stays so."""
    if _is_see_through(image):
        _only_seen(image).save(made, "PNG")
        return "image/png"
    _clean(image).save(made, "JPEG", quality=85, optimize=True)
    return "image/jpeg"


def _is_see_through(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _eight_bits(image: Image.Image) -> Image.Image:
    """A scan of more shades than a screen has, in those of a screen: as Pillow does it, it would be all white."""
    if not image.mode.startswith(("I", "F")):
        return image
    deep = image.convert("F")
    extremes: Any = deep.getextrema()  # of one band
    low, high = min(extremes[0], 0.0), extremes[1]
    by = BLACK_TO_WHITE / max(high - low, BLACK_TO_WHITE)
    flat = deep.point(lambda shade: (shade * by) - (low * by)).convert("L")
    flat.info.pop("transparency", None)  # said in those shades
    if (turned := image.getexif().get(ExifTags.Base.Orientation)) is not None:
        flat.getexif()[ExifTags.Base.Orientation] = turned
    return flat


def _only_seen(image: Image.Image) -> Image.Image:
    """The same pixels in an image that knows nothing else, without the colours under what is wholly transparent."""
    drawn = image.convert("RGBA")
    bare = Image.new("RGBA", drawn.size)
    bare.paste(drawn, mask=drawn.getchannel("A").point([0] + [BLACK_TO_WHITE] * BLACK_TO_WHITE))
    return bare


def _clean(image: Image.Image) -> Image.Image:
    """The same, of what has nothing transparent."""
    bare = Image.new("RGB", image.size)
    bare.paste(image.convert("RGB"))
    return bare
