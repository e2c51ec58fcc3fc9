"""A row of a client's file: what it says of an affiliate, or why it cannot be taken, in words for who sent it.

A reason names the column and what to do about it, and never says what was in the cell.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from escucha.contexts.assistance.policy import Account, AssistancePolicy
from escucha.contexts.assistance.rules.affiliates import keys_of
from escucha.contexts.assistance.rules.importing.asking import ACTIVE, INACTIVE, TO_VERIFY
from escucha.contexts.assistance.rules.importing.columns import Columns
from escucha.contexts.people.rules.documents import kind_called
from escucha.contexts.people.rules.places import folded
from escucha.contexts.people.rules.recognising import document_key
from escucha.kernel.words import Saying, _

STATUSES: Mapping[str, str] = {
    word.strip(): status
    for status, words in (
        (ACTIVE, "activo, activa, vigente, a, si, s, 1, al dia, habilitado, habilitada, true, verdadero, alta"),
        (INACTIVE, "inactivo, inactiva, retirado, retirada, cancelado, cancelada, suspendido, suspendida, vencido,"
                   "vencida, i, no, n, 0, baja, de baja, moroso, morosa, en mora, false, falso, desafiliado, excluido"),
        (TO_VERIFY, "por verificar, verificar, pendiente, en verificacion, v"),
    )
    for word in words.split(",")
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "cedula": "CC", "cedula ciudadania": "CC", "cedula de ciudadania": "CC", "ciudadania": "CC",
    "cedula extranjeria": "CE", "cedula de extranjeria": "CE", "extranjeria": "CE", "pasaporte": "PA", "pas": "PA",
    "tarjeta identidad": "TI", "tarjeta de identidad": "TI", "registro civil": "RC", "nit": "NIT", "dni": "DE",
    "documento extranjero": "DE", "documento de otro pais": "DE", "permiso por proteccion temporal": "PT",
    "cuit": "DE", "cuil": "DE", "le": "DE", "lc": "DE",
}  # fmt: skip
MOST: Mapping[str, int] = {
    "external_key": 100, "document_number": 30, "first_name": 80, "last_name": 80, "relation": 40, "validator": 60,
    "phone": 30, "other_phone": 30, "email": 254, "address": 200,
}  # fmt: skip
NO_WAY_TO_FIND, NO_NAME, NO_PLAN, UNKNOWN_PLAN = "no_way_to_find", "no_name", "no_plan", "unknown_plan"
UNKNOWN_STATUS, UNKNOWN_KIND, ODD_DATE, TOO_LONG = "unknown_status", "unknown_kind", "odd_date", "too_long"
ENDS_BEFORE, ODD_EMAIL, TWICE, NO_HOLDER = "ends_before", "odd_email", "twice", "no_holder"
REASONS: Mapping[str, str] = {
    NO_WAY_TO_FIND: _("No dice con qué reconocer a la persona. Escriba su documento."),
    NO_NAME: _("Falta el nombre. Escríbalo."),
    NO_PLAN: _("Falta el plan, y la cuenta tiene varios. Escriba cuál es."),
    UNKNOWN_PLAN: _("La cuenta no tiene ese plan. Escríbalo como se llama aquí."),
    UNKNOWN_STATUS: _("No sabemos qué estado es. Escriba activo, inactivo o por verificar."),
    UNKNOWN_KIND: _("No conocemos ese tipo de documento. Escriba su sigla: CC, CE, TI, PA, NIT."),
    ODD_DATE: _("No se lee como una fecha. Escríbala como 31/12/2026."),
    ENDS_BEFORE: _("Termina antes de empezar. Revise las dos fechas."),
    TOO_LONG: _("Es más largo de lo que cabe: {most} letras. Acórtelo."),
    ODD_EMAIL: _("No parece un correo. Corríjalo o deje la celda vacía."),
    TWICE: _("Es la misma persona de la fila {other}. Deje una sola."),
    NO_HOLDER: _("Su titular no está en el archivo ni en la cuenta. Agréguelo o corrija su documento."),
}
SPANISH_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?")
ISO_DAY = re.compile(r"(\d{4})[/-]?(\d{2})[/-]?(\d{2})(?:[ T].*)?")


class Fault(NamedTuple):
    """Why a row is not taken. `other` is the value of the reason's braces: another row, or how many letters."""

    row: int
    column: str
    reason: str
    other: int | None = None

    @property
    def words(self) -> Saying:
        return Saying(REASONS[self.reason], {"other": self.other, "most": self.other})


class Said(NamedTuple):
    """What a good row says. `document` and `holder` as they are compared; a holder is empty in a holder's own row."""

    external_key: str
    document: str
    holder: str
    plan: str
    relation: str
    first_name: str
    last_name: str
    document_kind: str
    document_number: str
    validator: str
    phone: str
    other_phone: str
    email: str
    area: str
    address: str
    status: str
    since_on: date | None
    until_on: date | None
    keys: Sequence[str]


class RowReader:
    """Reads the rows under some headings, by the plans and places of an account. It grows with none of them."""

    def __init__(self, columns: Columns, *, policy: AssistancePolicy, account: Account):
        self.columns, self.account = columns, account
        self.places = {key: tuple(places) for key, places in columns.places.items()}
        plans = policy.plans_of(account.key)
        self.only_plan = plans[0].key if len(plans) == 1 else ""
        self.plans = {folded(name): plan.key for plan in plans for name in (plan.label, plan.key)}
        self.areas = _areas_by_name(policy, account.country)
        self.folded = lru_cache(maxsize=1024)(folded)  # a million rows name few plans and few cities

    def read(self, row: int, cells: Sequence[str]) -> tuple[Said | None, str, Sequence[Fault]]:
        """What it says, or None with why not. Its key comes apart: a bad row tells of somebody all the same."""
        said = self._cells(cells)
        faults: list[Fault] = []
        if "full_name" in said:
            _part_name(said)
        document, holder = document_key(said.get("document_number", "")), document_key(said.get("holder_document", ""))
        holder = "" if holder == document else holder
        key = _key_of(said, document, holder)
        self._look(row, said, key, faults)
        values = self._values(row, said, faults)
        if faults:
            return None, key, faults
        return Said(key, document, holder, keys=self._keys(said), **values), key, ()

    def _cells(self, cells: Sequence[str]) -> dict[str, str]:
        last = len(cells)
        return {
            key: " ".join(filter(None, (cells[place] for place in places if place < last)))
            if len(places) > 1
            else (cells[places[0]] if places[0] < last else "")
            for key, places in self.places.items()
        }

    def _look(self, row: int, said: Mapping[str, str], key: str, faults: list[Fault]) -> None:
        if not key:
            faults.append(self._fault(row, "document_number", NO_WAY_TO_FIND))
        if not (said.get("first_name") or said.get("last_name")):
            faults.append(self._fault(row, "first_name", NO_NAME))
        for name, most in MOST.items():
            if len(said.get(name, "")) > most:
                faults.append(self._fault(row, name, TOO_LONG, most))
        email = said.get("email", "")
        if email and ("@" not in email.strip("@") or " " in email):
            faults.append(self._fault(row, "email", ODD_EMAIL))

    def _values(self, row: int, said: Mapping[str, str], faults: list[Fault]) -> dict[str, Any]:
        plan, status, kind = (
            self._plan(row, said, faults),
            self._status(row, said, faults),
            self._kind(row, said, faults),
        )
        since_on, until_on = self._day(row, "since_on", said, faults), self._day(row, "until_on", said, faults)
        if since_on and until_on and until_on < since_on:
            faults.append(self._fault(row, "until_on", ENDS_BEFORE))
        place, address = said.get("area", ""), said.get("address", "")
        area = self.areas.get(self.folded(place), "") if place else ""
        if place and not area and place not in address:
            address = ", ".join(filter(None, (address, place)))[: MOST["address"]]
        texts = {
            name: said.get(name, "")
            for name in (
                "relation", "first_name", "last_name", "document_number", "validator", "phone", "other_phone", "email",
            )
        }  # fmt: skip
        return texts | {
            "plan": plan, "status": status, "document_kind": kind, "since_on": since_on, "until_on": until_on,
            "area": area, "address": address,
        }  # fmt: skip

    def _plan(self, row: int, said: Mapping[str, str], faults: list[Fault]) -> str:
        name = said.get("plan", "")
        if not name:
            if not self.only_plan:
                faults.append(self._fault(row, "plan", NO_PLAN))
            return self.only_plan
        plan = self.plans.get(self.folded(name))
        if plan is None:
            faults.append(self._fault(row, "plan", UNKNOWN_PLAN))
            return ""
        return plan

    def _status(self, row: int, said: Mapping[str, str], faults: list[Fault]) -> str:
        name = said.get("status", "")
        status = status_called(name) if name else ACTIVE
        if not status:
            faults.append(self._fault(row, "status", UNKNOWN_STATUS))
        return status

    def _kind(self, row: int, said: Mapping[str, str], faults: list[Fault]) -> str:
        name = said.get("document_kind", "")
        kind = document_kind_called(name) if name else ""
        if name and not kind:
            faults.append(self._fault(row, "document_kind", UNKNOWN_KIND))
        return kind

    def _day(self, row: int, name: str, said: Mapping[str, str], faults: list[Fault]) -> date | None:
        text = said.get(name, "")
        day = day_said(text) if text else None
        if text and day is None:
            faults.append(self._fault(row, name, ODD_DATE))
        return day

    def _keys(self, said: Mapping[str, str]) -> Sequence[str]:
        phones = (said.get("phone", ""), said.get("other_phone", ""))
        return keys_of(said.get("document_number", ""), said.get("validator", ""), phones)

    def _fault(self, row: int, name: str, reason: str, other: int | None = None) -> Fault:
        return Fault(row, self.columns.heading(name) or self.columns.heading("full_name"), reason, other)


@lru_cache(maxsize=512)
def status_called(name: str) -> str:
    """What the client calls a status; empty if nobody knows."""
    return STATUSES.get(folded(name), "")


@lru_cache(maxsize=512)
def document_kind_called(name: str) -> str:
    """The code of a kind of document by the names that people give it; empty if nobody knows."""
    bare = folded(name)
    return KINDS.get(bare, "") or kind_called(bare.replace(" ", ""))


@lru_cache(maxsize=4096)
def day_said(text: str) -> date | None:
    """`31/12/2026`, `2026-12-31` or `20261231`, whatever hour follows; None if it is no day."""
    if found := SPANISH_DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := ISO_DAY.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _part_name(said: dict[str, str]) -> None:
    """A whole name in two: by its comma, or as names are in Spanish, two surnames where there are enough words."""
    whole = said.pop("full_name")
    if said.get("first_name") or said.get("last_name"):
        return
    surnames, comma, names = whole.partition(",")
    if comma:
        said["first_name"], said["last_name"] = names.strip(), surnames.strip()
        return
    words = whole.split()
    of_surnames = min(2, max(len(words) - 1, 0))
    said["first_name"] = " ".join(words[: len(words) - of_surnames])
    said["last_name"] = " ".join(words[len(words) - of_surnames :])


def _key_of(said: Mapping[str, str], document: str, holder: str) -> str:
    """What an affiliate is recognised by the next time: the client's own code, or its document and its plan's field.

    Somebody with two policies is there twice. A beneficiary without document is its name beside its holder.
    """
    if code := said.get("external_key", ""):
        return f"k:{code}"[: MOST["external_key"] + 2]
    validating = document_key(said.get("validator", ""))
    if document:
        return f"d:{document}" + (f"/{validating}" if validating else "")
    if holder:
        name = folded(f"{said.get('first_name', '')} {said.get('last_name', '')}")
        return f"h:{holder}/{name}"[:110] if name else ""
    return f"v:{validating}" if validating else ""


def _areas_by_name(policy: AssistancePolicy, country: str) -> Mapping[str, str]:
    """Paths by what they are called in a country, and by themselves; a name that two places share is none of them."""
    found: dict[str, str] = {}
    for area in policy.areas():
        if area.path.startswith(f"{country}/"):
            name = folded(area.label)
            found[name] = "" if name in found else area.path
            found[folded(area.path)] = area.path
    return found
