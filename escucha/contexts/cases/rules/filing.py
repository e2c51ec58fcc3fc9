"""What is said when a case is filed, read softly: what means nothing is left out, and nothing is refused."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from escucha.contexts.cases.policy import CasesPolicy

FILLED_BY = frozenset({"person", "staff"})
PLACE, KEY = re.compile(r"[0-9]{5}"), re.compile(r"[a-z][a-z0-9_-]{0,59}")
MOST_REASONS, MOST_DETAILS, LONGEST_DETAIL = 20, 40, 2000


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a case says of itself. Each is a column of the case, by the same name."""

    matter: str = ""
    body: str = ""
    suggested_type: str = ""
    emergency: bool = False
    requester_kind: str = ""  # a key of the policy's requesters
    anonymous: bool = False
    identity_reserved: bool = False
    reserved: bool = False
    filled_by: str = ""  # person or staff
    site: str = ""
    place_code: str = ""
    form: str = ""
    reasons: Sequence[str] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def read(self, policy: CasesPolicy) -> "Said":
        """The same, as it may be kept under a policy. A kind that is reserved reserves its case."""
        kind = policy.type_of(self.suggested_type)
        reserved = self.reserved or bool(kind and kind.reserved)
        return replace(
            self,
            matter=self.matter.strip()[:200],
            body=self.body.strip(),
            suggested_type=kind.key if kind else "",
            requester_kind=self.requester_kind if self.requester_kind in policy.requesters else "",
            identity_reserved=not self.anonymous and (self.identity_reserved or reserved),
            reserved=reserved,
            filled_by=self.filled_by if self.filled_by in FILLED_BY else "",
            site=_key(self.site, 60),
            place_code=self.place_code if PLACE.fullmatch(self.place_code) else "",
            form=_key(self.form, 40),
            reasons=[one for one in self.reasons if _key(one, 60)][:MOST_REASONS],
            details=_plain(self.details),
        )


def _key(said: str, most: int) -> str:
    return said if len(said) <= most and KEY.fullmatch(said) else ""


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    """What a form said beyond the columns: texts, numbers, yes or no, and lists of texts; the rest is left out."""
    kept: dict[str, Any] = {}
    for name, value in list(details.items())[:MOST_DETAILS]:
        if isinstance(value, str):
            kept[name] = value.replace("\x00", "")[:LONGEST_DETAIL]
        elif value is None or isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value)):
            kept[name] = value
        elif isinstance(value, list | tuple):
            kept[name] = [str(one).replace("\x00", "")[:LONGEST_DETAIL] for one in value[:MOST_REASONS]]
    return {name: value for name, value in kept.items() if _key(name, 60)}
