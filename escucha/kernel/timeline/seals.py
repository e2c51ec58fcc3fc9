"""Proving the anchors: each follows the one before, holds the heads it says, is signed, and has its copy."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db.models import Exists, OuterRef

from escucha.kernel.orgs.queries import all_orgs
from escucha.kernel.timeline.anchors import copy_of, heads_of, is_signed_by, written
from escucha.kernel.timeline.chain import FIRST, anchor_digest
from escucha.kernel.timeline.models import Anchor, AnchoredHead
from escucha.kernel.words import _

NO_KEY = _("No está la llave de los sellos: sin ella no se pueden comprobar sus firmas.")
LOST = _("El sello del {day} no sigue al anterior: se quitó un sello o uno de los dos fue cambiado.")
CHANGED = _("El sello del {day} fue cambiado: sus cabezas ya no dan su resumen.")
UNSIGNED = _("El sello del {day} no está firmado con la llave de esta instalación: fue cambiado o hecho por otro.")
NO_COPY = _("Falta la copia del sello del {day} en la carpeta de sellos.")
OTHER_COPY = _("El sello del {day} no coincide con su copia en la carpeta de sellos: uno de los dos fue cambiado.")
NO_ANCHOR = _("La carpeta de sellos tiene la copia {name}, y ese sello ya no está en la base de datos: fue borrado.")
ORPHANS = _("Hay cabezas selladas cuyo sello ya no está: fue borrado.")


@dataclass(frozen=True)
class Finding:
    """Something wrong: a message to translate, with its values and the chain it is about, if it is about one."""

    message: str
    values: dict[str, Any]
    org: str = ""
    subject: str = ""
    erased: bool = False  # a text that was erased on purpose: to be told, not wrong

    def __str__(self) -> str:
        return f"{self.org} {self.subject} {self.message.format(**self.values)}".strip()


def public_key_at(path: Path) -> Ed25519PublicKey | None:
    """The key that proves signatures, from a file with the secret or only the public part; None without a file."""
    if not path.exists():
        return None
    text = path.read_bytes()
    secret = b"PRIVATE KEY" in text
    key = serialization.load_pem_private_key(text, None) if secret else serialization.load_pem_public_key(text)
    if isinstance(key, Ed25519PrivateKey):
        return key.public_key()
    if isinstance(key, Ed25519PublicKey):
        return key
    raise ValueError(f"{path} holds no Ed25519 key")


class Seals:
    """One reading of all anchors. What it learnt on the way is right when its findings are out."""

    def __init__(self, *, key: Ed25519PublicKey | None, folder: Path) -> None:
        self.key, self.folder = key, folder
        self.copies: set[str] = set()
        self.days: dict[int, str] = {}
        self.slugs = {org.pk: org.slug for org in all_orgs()}
        self.until: datetime | None = None

    def list_copies(self) -> None:
        """Look at the folder. Before reading the database, since the copy of an anchor is written after it."""
        self.copies = {file.name for file in self.folder.glob("*.json")}

    def findings(self) -> Iterator[Finding]:
        previous = FIRST
        for anchor in Anchor.objects.order_by("id").iterator():
            if self.key is None and not self.days:
                yield Finding(NO_KEY, {})
            self.days[anchor.pk] = str(anchor.taken_on)
            self.until = anchor.taken_at
            for message in self._wrong(anchor, previous):
                yield Finding(message, {"day": anchor.taken_on})
            previous = anchor.digest
        for name in sorted(self.copies - {copy_of(anchor, self.folder).name for anchor in Anchor.objects.all()}):
            yield Finding(NO_ANCHOR, {"name": name})
        if AnchoredHead.objects.exclude(Exists(Anchor.objects.filter(pk=OuterRef("anchor_id")))).exists():
            yield Finding(ORPHANS, {})

    def _wrong(self, anchor: Anchor, previous: str) -> Iterator[str]:
        if anchor.previous != previous:
            yield LOST
        if (anchor.digest, anchor.count) != anchor_digest(previous=anchor.previous, heads=heads_of(anchor.pk)):
            yield CHANGED
        if anchor.taken_on != anchor.taken_at.astimezone(UTC).date():
            yield CHANGED
        if self.key and not is_signed_by(anchor, self.key):
            yield UNSIGNED
        said = _said_by(copy_of(anchor, self.folder))
        if said is None:
            yield NO_COPY
        elif said != written(anchor):
            yield OTHER_COPY


def _said_by(file: Path) -> Any:
    try:
        return json.loads(file.read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
