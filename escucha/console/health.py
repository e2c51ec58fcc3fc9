"""What `doctor` looks at on this machine: norms, files, disk, mail and virus scanner. It needs no database."""

import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from escucha.contexts.documents.gateways import clamd
from escucha.kernel.norms.pack import FOLDER, BrokenPack, Pack, differences, load_pack
from escucha.kernel.timeline.seals import public_key_at
from escucha.kernel.words import _

GIGABYTE = 1024**3
LITTLE_SPACE, NO_SPACE = 5 * GIGABYTE, GIGABYTE
DAYS_WITHOUT_SEAL = 2  # one a day is due; the day is UTC's
NAMED = 5


class Level(StrEnum):
    """How things stand. Only the last makes the command fail."""

    WELL = "OK"
    CARE = "ojo"
    WRONG = "mal"


class Finding(NamedTuple):
    """One line of the doctor: how something stands, in words, and what to do."""

    level: Level
    words: str


def machine_findings(*, now: datetime) -> Iterator[Finding]:
    """Everything that can be seen without asking the database."""
    for file in sorted(FOLDER.glob("*.toml")):
        yield norms_finding(file.stem)
    yield key_finding(settings.ANCHOR_KEY)
    yield seal_finding(settings.ANCHORS, today=now.date())
    yield space_finding(settings.VAR)
    yield mail_finding(settings.MAIL_SERVER)
    if settings.CLAMD:
        yield scanner_finding(settings.CLAMD)
    if settings.BEHIND_TLS:
        yield proxies_finding(settings.PROXIES)


def norms_finding(country: str) -> Finding:
    """Whether the holidays of the pack are those of the library `holidays`, in all the years of the pack."""
    try:
        pack = load_pack(country)
    except BrokenPack as error:
        return Finding(Level.WRONG, str(error))
    oracle = _oracle(pack)
    if oracle is None:
        said = _("Normas de {name}: no está instalada la biblioteca holidays; los festivos no se compararon.")
        return Finding(Level.CARE, said.format(name=pack.name))
    years = {"name": pack.name, "first": pack.first_year, "last": pack.last_year}
    if other := differences(pack, oracle):
        said = _("Normas de {name}: {count} festivos no coinciden con la biblioteca holidays: {days}. Revise la ley.")
        days = ", ".join(day.isoformat() for day in other[:NAMED]) + (", …" if len(other) > NAMED else "")
        # Where no term of the law is counted nothing is late for it: it is to be looked at.
        level = Level.WRONG if pack.terms else Level.CARE
        return Finding(level, said.format(count=len(other), days=days, **years))
    said = _("Normas de {name}: los festivos de {first} a {last} coinciden con la biblioteca holidays.")
    return Finding(Level.WELL, said.format(**years))


def key_finding(path: Path) -> Finding:
    """Whether the key of the seals is there, and only its owner reads it."""
    said = {"path": path}
    try:
        key = public_key_at(path)
    except OSError:
        return Finding(Level.WRONG, _("La llave de los sellos {path} no se puede leer.").format(**said))
    except ValueError:
        return Finding(Level.WRONG, _("La llave de los sellos {path} está dañada.").format(**said))
    if key is None:
        words = _("Todavía no hay llave de los sellos en {path}; se hace con el primer sello: escucha anchor")
        return Finding(Level.CARE, words.format(**said))
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        words = _("Otros usuarios pueden leer o cambiar la llave de los sellos. Ejecute: chmod 600 {path}")
        return Finding(Level.WRONG, words.format(**said))
    return Finding(Level.WELL, _("Solo su dueño lee la llave de los sellos."))


def seal_finding(folder: Path, *, today: date) -> Finding:
    """How old the last seal is, by the copies in the folder of seals."""
    days = [_day_of(file) for file in folder.glob("*.json")] if folder.is_dir() else []
    last = max((day for day in days if day), default=None)
    if last is None:
        return Finding(Level.CARE, _("Todavía no hay ningún sello de la bitácora. Haga el primero con: escucha anchor"))
    age = (today - last).days
    said = {"day": last.isoformat(), "age": age}
    if age >= DAYS_WITHOUT_SEAL:
        words = _("El último sello de la bitácora es del {day}, hace {age} días. Revise que el trabajador funcione.")
        return Finding(Level.WRONG, words.format(**said))
    return Finding(Level.WELL, _("El último sello de la bitácora es del {day}.").format(**said))


def space_finding(folder: Path) -> Finding:
    """How much room is left where the data are."""
    place = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(place).free
    said = {"free": f"{free / GIGABYTE:.1f}".replace(".", ","), "place": place}
    if free < LITTLE_SPACE:
        level = Level.WRONG if free < NO_SPACE else Level.CARE
        return Finding(level, _("Quedan {free} GB libres en {place}: libere espacio.").format(**said))
    return Finding(Level.WELL, _("Quedan {free} GB libres en {place}.").format(**said))


def mail_finding(server: str) -> Finding:
    """Whether messages leave."""
    if server:
        return Finding(Level.WELL, _("Los correos salen por {server}.").format(server=server))
    words = _("No hay servidor de correo: los mensajes se guardan y no salen. Escriba el suyo en ESCUCHA_SMTP.")
    return Finding(Level.CARE, words)


def scanner_finding(address: str) -> Finding:
    """Whether the virus scanner that was configured answers."""
    if clamd.answers():
        return Finding(Level.WELL, _("ClamAV busca virus en los archivos, en {address}.").format(address=address))
    words = _("ClamAV no contesta en {address}: los archivos quedan por revisar. Inícielo o corrija ESCUCHA_CLAMD.")
    return Finding(Level.WRONG, words.format(address=address))


def proxies_finding(proxies: Sequence[object]) -> Finding:
    """Whether the server in front, which speaks TLS, is believed."""
    if proxies:
        words = _("Solo se cree a los servidores de adelante: {proxies}.")
        return Finding(Level.WELL, words.format(proxies=", ".join(map(str, proxies))))
    words = _(
        "Los enlaces son https y no se cree a ningún servidor de adelante: los formularios se rechazan. Escriba su "
        "dirección en ESCUCHA_PROXIES."
    )
    return Finding(Level.WRONG, words)


def _oracle(pack: Pack) -> Mapping[date, Any] | None:
    try:
        from holidays import country_holidays
    except ImportError:
        return None
    return dict(country_holidays(pack.country.upper(), years=range(pack.first_year, pack.last_year + 1)))


def _day_of(file: Path) -> date | None:
    try:
        return date.fromisoformat(file.stem)
    except ValueError:
        return None
