"""What each column of a client's file is, by any of the names that clients give it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from escucha.contexts.people.rules.places import folded
from escucha.kernel.words import _

LABELS: Mapping[str, str] = {
    "external_key": _("Código"),
    "document_kind": _("Tipo de documento"),
    "document_number": _("Documento"),
    "first_name": _("Nombres"),
    "last_name": _("Apellidos"),
    "full_name": _("Nombre completo"),
    "holder_document": _("Documento del titular"),
    "relation": _("Parentesco"),
    "validator": _("Campo validador"),
    "plan": _("Plan"),
    "status": _("Estado"),
    "since_on": _("Desde"),
    "until_on": _("Hasta"),
    "phone": _("Teléfono"),
    "other_phone": _("Otro teléfono"),
    "email": _("Correo"),
    "area": _("Ciudad o zona"),
    "address": _("Dirección"),
}
# As they are compared: folded, and without the words of NOTHING_SAID.
NAMES: Mapping[str, str] = {
    "external_key": "codigo, codigo afiliado, codigo cliente, codigo interno, id externo, id afiliado, llave",
    "document_kind": "tipo documento, tipo doc, tipo identificacion, tipo id, td, tipo, documento tipo",
    "document_number": "documento, identificacion, cedula, cedula ciudadania, documento identidad, dni, id, doc, nit,"
    "documento afiliado, cedula afiliado, identificacion afiliado, documento beneficiario, cedula nit, nit cedula, cc",
    "first_name": "nombre, nombres, nombre afiliado, nombres afiliado, primer nombre, segundo nombre, nombre 1,"
    "nombre 2, nombre beneficiario",
    "last_name": "apellido, apellidos, apellido afiliado, apellidos afiliado, primer apellido, segundo apellido,"
    "apellido 1, apellido 2",
    "full_name": "nombre completo, nombres apellidos, apellidos nombres, nombre apellido, nombre apellidos,"
    "apellido nombre, afiliado, asegurado, razon social, nombre cliente, nombre asegurado, nombre razon social",
    "holder_document": "documento titular, cedula titular, identificacion titular, id titular, dni titular, titular,"
    "documento principal, doc titular",
    "relation": "parentesco, relacion, vinculo, tipo beneficiario",
    "validator": "validador, campo validador, dato validador, placa, placa vehiculo, poliza, contrato, certificado",
    "plan": "plan, producto, nombre plan, codigo plan, plan contratado, plan asistencia, cobertura",
    "status": "estado, status, situacion, estado afiliado, estado afiliacion, estado plan, activo",
    "since_on": "desde, inicio, inicio vigencia, fecha inicio, fecha inicio vigencia, vigencia desde, fecha desde,"
    "fecha ingreso, fecha afiliacion, fecha alta, vigente desde",
    "until_on": "hasta, fin, fin vigencia, fecha fin, fecha fin vigencia, vigencia hasta, fecha hasta, vencimiento,"
    "fecha vencimiento, fecha retiro, vigente hasta, fecha final",
    "phone": "telefono, telefono 1, celular, celular 1, movil, tel, telefono celular, telefono movil,"
    "telefono contacto, telefono principal, tel 1, whatsapp",
    "other_phone": "otro telefono, telefono 2, celular 2, telefono fijo, fijo, telefono alterno, telefono residencia,"
    "telefono casa, telefono alternativo, tel 2, telefono secundario, telefono trabajo",
    "email": "correo, email, e mail, mail, correo electronico, correo contacto, direccion correo",
    "area": "zona, ciudad, municipio, localidad, ciudad residencia, municipio residencia, ciudad zona, partido",
    "address": "direccion, domicilio, direccion residencia, direccion vivienda, direccion inmueble",
}
NOTHING_SAID = frozenset(("n", "no", "nro", "num", "numero", "de", "del", "la", "el", "y", "o"))
FIELDS: Mapping[str, str] = {name.strip(): key for key, names in NAMES.items() for name in names.split(",")}
JOINED = ("first_name", "last_name")  # said in several columns they are one
WAYS_TO_FIND = ("external_key", "document_number", "validator")
ROWS_LOOKED_AT = 15


@dataclass(frozen=True)
class Columns:
    """Where each thing is: its place, or places, from 0. `unknown` are the headings that nobody knows."""

    row: int
    places: Mapping[str, Sequence[int]]
    headings: Sequence[str]
    unknown: Sequence[str] = field(default=())

    def heading(self, key: str) -> str:
        """As the file calls it, to be found there by who puts it right."""
        return self.headings[self.places[key][0]] if key in self.places else ""

    @property
    def key_heading(self) -> str:
        """Of the column by which an affiliate is recognised the next time."""
        return next((self.heading(way) for way in WAYS_TO_FIND if way in self.places), "")

    @property
    def fields(self) -> frozenset[str]:
        """What the file says of an affiliate; of the rest it says nothing, which is not that there is none."""
        return frozenset(self.places) | (frozenset(JOINED) if "full_name" in self.places else frozenset())


def columns_of(row: int, cells: Sequence[str], *, validator: str = "") -> Columns | None:
    """The columns, if this row is the headings; None if it is not. `validator`: what the account calls its field.

    It takes one that somebody can be found by and one that says something more of it.
    """
    own = compared(validator)
    places: dict[str, list[int]] = {}
    unknown = []
    for place, cell in enumerate(cells):
        name = compared(cell)
        key = "validator" if own and name == own else FIELDS.get(name, "")
        if key == "phone" and key in places:
            key = "other_phone"
        if key and (key not in places or key in JOINED):
            places.setdefault(key, []).append(place)
        elif cell:
            unknown.append(cell)
    if not any(way in places for way in WAYS_TO_FIND) or len(places) < 2:
        return None
    return Columns(row, places, cells, unknown)


def find_columns(rows: Iterator[tuple[int, Sequence[str]]], *, validator: str = "") -> Columns | None:
    """The headings, where the first rows have them: a title may stand above. The rows that follow are left to read."""
    for number, cells in islice(rows, ROWS_LOOKED_AT):
        if found := columns_of(number, cells, validator=validator):
            return found
    return None


def compared(heading: str) -> str:
    """`N.º de documento` and `DOCUMENTO` are the same."""
    words = folded(heading).split()
    return " ".join(word for word in words if word not in NOTHING_SAID) or " ".join(words)
