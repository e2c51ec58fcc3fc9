"""What may be wrong with attentions, boxes and forms of a profile: units that are not there, labels nobody can read."""

from collections.abc import Iterable, Iterator

from escucha.console.policy_check import Wrong, is_line
from escucha.contexts.cases.policy import AttentionPolicy, BoxesPolicy, CasesPolicy, FormsPolicy
from escucha.contexts.cases.policy.receiving import BODY, OF_PAGE, Choice, PaperForm
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import _

LONGEST = 200


def odd_in_receiving(profile: Profile) -> Wrong:
    attention, boxes = profile.section(AttentionPolicy), profile.section(BoxesPolicy)
    yield from _labels("attention.stakeholders", attention.stakeholders)
    yield from _labels("attention.topics", attention.topics)
    yield from _labels("boxes.sites", boxes.sites)
    for box in boxes.sites:
        if box.unit and box.unit not in profile.units:
            yield "boxes.sites", _("{key}: no existe la dependencia {unit}").format(key=box.key, unit=box.unit)
    if profile.section(CasesPolicy).series in (boxes.series, boxes.hearings):
        yield "boxes.series", _("las actas no llevan la serie de los casos")
    for form in profile.section(FormsPolicy).forms:
        yield from _form(form, profile.section(CasesPolicy))


def _form(form: PaperForm, cases: CasesPolicy) -> Iterator[tuple[str, str]]:
    place = f"forms.{form.key}"
    if form.type and form.type not in cases.types:
        yield place, _("no existe el tipo {key}").format(key=form.type)
    if form.requester and form.requester not in cases.requesters:
        yield place, _("no existe quien pide {key}").format(key=form.requester)
    for one in form.fields:
        yield from _labels(f"{place}.{one.key}", one.choices)
    yield from _labels(f"{place}.reasons", form.reasons)
    for one in form.fields:
        if one.key in OF_PAGE:
            why = _("{key}: la página usa ese nombre para otra cosa; llame el campo de otra manera")
            yield f"{place}.fields", why.format(key=one.key)
        if not is_line(one.label, LONGEST):
            yield f"{place}.fields", _("{key}: escriba la pregunta en una línea").format(key=one.key)
    if form.field(BODY) is None:
        yield f"{place}.fields", _("falta dónde contar lo que pasó: body")


def _labels(place: str, choices: Iterable[Choice]) -> Iterator[tuple[str, str]]:
    for one in choices:
        if not is_line(one.label, LONGEST):
            yield place, _("{key}: escriba el nombre en una línea").format(key=one.key)
