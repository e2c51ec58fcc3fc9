"""An image drawn anew: only what is seen passes. No position, no author, no second file hidden behind the first."""

import io
import struct
import zlib
from typing import IO

from PIL import Image, ImageOps

from escucha.contexts.documents.rules.copying import MOST_PIXELS, SIDE, NoCopy

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses by itself twice as many


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
            image.thumbnail((SIDE, SIDE))
            kind = _saved(ImageOps.exif_transpose(image), drawn)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise NoCopy("pixels") from bomb
    except OSError as broken:
        if broken.errno is not None:  # the system's; what Pillow says of a picture has no number
            raise
        raise NoCopy("image") from broken
    except (SyntaxError, ValueError, TypeError, EOFError, ArithmeticError) as broken:
        raise NoCopy("image") from broken
    except (struct.error, zlib.error) as broken:
        raise NoCopy("image") from broken
    except (MemoryError, RecursionError, KeyError, IndexError, AttributeError, NotImplementedError) as broken:
        raise NoCopy("image") from broken
    made.write(drawn.getbuffer())
    return kind


def _saved(image: Image.Image, made: IO[bytes]) -> str:
    """What is transparent stays so."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        _clean(image.convert("RGBA")).save(made, "PNG")
        return "image/png"
    _clean(image.convert("RGB")).save(made, "JPEG", quality=85, optimize=True)
    return "image/jpeg"


def _clean(image: Image.Image) -> Image.Image:
    """The same pixels in an image that knows nothing else."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare
