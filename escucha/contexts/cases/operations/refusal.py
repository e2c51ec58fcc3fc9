"""How a verb says no."""

from escucha.contexts.cases.models import Case
from escucha.kernel.orgs.models import Organisation, Unit
from escucha.kernel.words import Refused, Saying, _, refuse_if

__all__ = ["Overtaken", "Refused", "refuse_if", "refuse_stranger", "same_version"]


class Overtaken(Exception):
    """Somebody acted on the case after the page of who tried was opened. Nothing was changed."""

    def __init__(self, case: Case):
        super().__init__(f"{case} is at version {case.version}")
        self.case = case


def refuse_stranger(unit: Unit, *, org: Organisation) -> None:
    """Raises Refused unless the unit is one of the organisation."""
    if unit.org_id != org.pk:
        raise Refused([Saying(_("Esa dependencia no es de esta organización."))])


def same_version(case: Case, seen: int | None) -> None:
    """Raises Overtaken unless the case is as it was seen. Programs that saw no page pass None."""
    if seen is not None and seen != case.version:
        raise Overtaken(case)
