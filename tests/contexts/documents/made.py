"""Files for tests, made here: images with a position, documents with an author, archives that swell."""

import io
import zipfile

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

AUTHOR = "Ana Lucía Berrío"
# The harmless text by which every scanner is tried, in two halves so that no scanner stops at this one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"


def a_photo(*, size=(40, 30), kind="JPEG", mode="RGB") -> bytes:
    """A photo that says where it was taken and by whom."""
    image = Image.new(mode, size, (200, 30, 30, 128)[: len(mode)])
    exif = image.getexif()
    exif[Base.Artist], exif[Base.Orientation] = AUTHOR, 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (4.0, 35.0, 0.0)
    made = io.BytesIO()
    said = {"exif": exif} if kind in ("JPEG", "PNG", "WEBP") else {}
    image.save(made, kind, **said)
    return made.getvalue()


def a_pdf(*, photo: bytes = b"") -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": AUTHOR, "/Title": "Denuncia"})
    xmp = StreamObject()
    xmp.set_data(f"<x:xmpmeta><dc:creator>{AUTHOR}</dc:creator></x:xmpmeta>".encode())
    writer._root_object[NameObject("/Metadata")] = writer._add_object(xmp)
    run = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    writer._root_object[NameObject("/OpenAction")] = run
    if photo:
        drawn = StreamObject()
        drawn._data = photo
        drawn[NameObject("/Subtype")], drawn[NameObject("/Filter")] = NameObject("/Image"), NameObject("/DCTDecode")
        page[NameObject("/Resources")][NameObject("/Photo")] = writer._add_object(drawn)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def a_zip(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def a_letter() -> bytes:
    """A text of Office with its author everywhere that Office writes it."""
    return a_zip(
        {
            "[Content_Types].xml": b'<Types><Default Extension="xml" ContentType="application/xml"/></Types>',
            "_rels/.rels": b'<Relationships><Relationship Id="r1" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:p><w:ins w:author="{AUTHOR}"><w:t>Pasó el lunes</w:t></w:ins></w:p>'.encode(),
            "word/media/foto.jpg": a_photo(),
            "docProps/core.xml": f"<cp:coreProperties><dc:creator>{AUTHOR}</dc:creator></cp:coreProperties>".encode(),
        }
    )


def a_swelling_letter(*, megabytes: int) -> bytes:
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": bytes(megabytes * 1024 * 1024)}
    return a_zip(parts)
