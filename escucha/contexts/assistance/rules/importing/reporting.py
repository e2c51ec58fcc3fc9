"""What is told of a file that was not taken, or not whole."""

import csv
from collections.abc import Iterable, Iterator, Mapping

from escucha.contexts.assistance.rules.importing.reading import Fault
from escucha.kernel.words import _

MARK = "\ufeff"  # by which a spreadsheet knows that the accents are UTF-8
HEADINGS = (_("Fila"), _("Columna"), _("Qué corregir"))
FILE_REASONS: Mapping[str, str] = {
    "unreadable": _("El archivo está incompleto o dañado. Guárdelo otra vez como CSV o como libro de Excel y súbalo."),
    "no_headings": _("No encontramos los títulos de las columnas. Póngalos en la primera fila: Documento, Nombres…"),
    "no_rows": _("El archivo no tiene filas debajo de los títulos."),
    "only_bad_rows": _("Ninguna fila se puede tomar. Corrija las que se listan y suba el archivo otra vez."),
    "too_many_rows": _("El archivo tiene más de cinco millones de filas. Divídalo."),
    "infected": _("El antivirus encontró algo dañino en el archivo. Pida otro al cliente."),
    "no_account": _("La cuenta ya no está en la política."),
    "kept_failing": _("Se intentó tres veces y no terminó. Súbalo otra vez; si se repite, avise a sistemas."),
}  # fmt: skip


def lines_of(faults: Iterable[Fault]) -> Iterator[str]:
    """The file of the bad rows. A column that is called as a formula is no formula here."""
    writer = csv.writer(_Line())
    yield MARK + writer.writerow(HEADINGS)
    for fault in faults:
        yield writer.writerow((fault.row, harmless(fault.column), str(fault.words)))


def harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text
