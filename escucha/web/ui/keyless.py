"""No key in the log: what a page's address opens is left out of every line, also of the trace of an error."""

import logging
import re

KEYS = re.compile(r"(?i)(/(?:recibo|verificar|respuesta|clave/nueva)/)[^/\s\"'<>?#)]{6,}")
QUERY = re.compile(r"(?i)([?&](?:code|token|key)=)[^&\s\"'<>#)]+")


def without_keys(text: str) -> str:
    """`/respuesta/abcdef…/` as `/respuesta/***/`."""
    return QUERY.sub(r"\1***", KEYS.sub(r"\1***", text))


class Keyless(logging.Filter):
    """Masks the record itself, so that whoever is given it after this handler finds no key either."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        record.msg, record.args = without_keys(said), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_keys(record.exc_text)
        return True
