"""The forms of the acts from when somebody goes until the assistance is concluded."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escucha.contexts.assistance.rules.closing import attempt_of
from escucha.contexts.assistance.rules.costs import PAYER_NAMES, Line, Payer, split
from escucha.contexts.assistance.rules.course import AFFILIATE, PROVIDER
from escucha.contexts.assistance.rules.monitoring import DIRECTION_NAMES, IDENTITIES, INBOUND, OUTBOUND, TOLD
from escucha.contexts.assistance.rules.serving import WAYS, excess_of, written
from escucha.contexts.assistance.rules.stages import CONFORMITY_NAMES, Stage
from escucha.contexts.assistance.rules.subtypes import BY_HAND, SUBTYPES
from escucha.web.desk.assistance.act_forms import OTHER_DAY, YES_NO, Act, Radio, Tick, Ticks
from escucha.web.desk.assistance.hours import Day, Hour
from escucha.web.desk.assistance.seen import Seen
from escucha.web.desk.forms import LongText, Short
from escucha.web.ui.money import Money

NOTHING = Decimal(0)


class Comment(Act):
    comment = Short(label=_("Comentario"))


class Confirmation(Act):
    told = Ticks(TOLD.items(), label=_("El afiliado ya sabe"))
    comment = Short(label=_("Comentario"))


class Check(Act):
    """A call before anybody arrives. `party`: with whom."""

    party = ""
    direction = Radio(DIRECTION_NAMES.items(), label=_("La llamada"))
    comment = Short(label=_("Comentario"))

    @staticmethod
    def begin(seen: Seen) -> dict[str, Any]:
        return {"direction": OUTBOUND}

    @property
    def said(self) -> dict[str, Any]:
        return super().said | {"party": self.party}


class AffiliateCheck(Check):
    party = AFFILIATE


class ProviderCheck(Check):
    party = PROVIDER
    field_order = ("version", "on_time", "new_hour", "new_day")
    on_time = Radio(YES_NO, label=_("¿Va a tiempo?"))
    new_hour = Hour(label=_("Si no, a qué hora llegaría"), day="new_day")
    new_day = Day(label=OTHER_DAY)

    @property
    def said(self) -> dict[str, Any]:
        return super().said | {"on_time": self.cleaned_data["on_time"] == "yes"}


class Arrival(Act):
    arrived_at = Hour(label=_("Llegó a las"), day="arrived_day", help_text=_("Vacía: ahora."))
    arrived_day = Day(label=OTHER_DAY)
    direction = Radio(DIRECTION_NAMES.items(), label=_("La llamada"))
    comment = Short(label=_("Comentario"))

    @staticmethod
    def begin(seen: Seen) -> dict[str, Any]:
        return {"direction": INBOUND}

    @property
    def said(self) -> dict[str, Any]:
        return super().said | {"arrived_at": self.cleaned_data["arrived_at"] or self.seen.now}


class Meeting(Act):
    contacted_at = Hour(label=_("Se encontraron a las"), day="contacted_day", help_text=_("Vacía: ahora."))
    contacted_day = Day(label=OTHER_DAY)
    identity = Radio(IDENTITIES.items(), label=_("A quién encontró"), required=False)
    conference = Tick(label=_("Lo confirmaron los dos en la misma llamada"))
    comment = Short(label=_("Comentario"))

    @property
    def said(self) -> dict[str, Any]:
        return super().said | {"contacted_at": self.cleaned_data["contacted_at"] or self.seen.now}


class Diagnosis(Act):
    text = LongText(label=_("Diagnóstico"))
    cost = Money(label=_("Cuánto cuesta"), required=False)
    ends_at = Hour(label=_("Termina a las"), day="ends_day")
    ends_day = Day(label=OTHER_DAY)
    direction = Radio(DIRECTION_NAMES.items(), label=_("La llamada"))

    @staticmethod
    def begin(seen: Seen) -> dict[str, Any]:
        return {"direction": INBOUND, "text": seen.assistance.diagnosis, "cost": seen.assistance.quoted}

    def fit(self, seen: Seen) -> None:
        cover, currency = seen.course.cover, seen.assistance.currency
        limit = _("sin límite") if cover is None else written(cover, currency)
        self.fields["cost"].help_text = _("La cobertura da {limit}.").format(limit=limit)


class Excess(Act):
    """T16b: the amount is what the page says; who agreed, how and when is typed."""

    amount = Money(label=_("Valor que se le dijo"), required=False)
    payment = forms.ChoiceField(label=_("Cómo va a pagar"), required=False)
    who = Short(label=_("Quién aceptó"))
    how = Radio(WAYS.items(), label=_("Cómo lo aceptó"), required=False)
    told_at = Hour(label=_("A qué hora"), day="told_day", help_text=_("Vacía: ahora."))
    told_day = Day(label=OTHER_DAY)
    comment = Short(label=_("Comentario"))

    @staticmethod
    def begin(seen: Seen) -> dict[str, Any]:
        return {"amount": excess_of(seen.course.quoted or NOTHING, seen.course.cover), "how": "call"}

    def fit(self, seen: Seen) -> None:
        self.offer("payment", [("", _("Escoja una")), *((one, one) for one in seen.policy.payments)])

    @property
    def says(self) -> Sequence[tuple[str, str]]:
        course, one = self.seen.course, self.seen.assistance
        quoted = course.quoted or NOTHING
        excess = written(excess_of(quoted, course.cover), course.currency)
        why = _("El trabajo cuesta {cost} y el plan da {cover} para este evento.")
        if not course.cover:
            why = _("El trabajo cuesta {cost} y el plan no paga nada de este evento.")
        cover = written(course.cover or NOTHING, course.currency)
        told = (
            (_("Paga el afiliado"), excess),
            (_("Por qué"), why.format(cost=written(quoted, course.currency), cover=cover)),
            (_("Qué hay que hacer"), one.diagnosis),
            (_("Cómo se paga"), ", ".join(self.seen.policy.payments)),
        )
        return [(str(name), text) for name, text in told if text]

    @property
    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        amount = NOTHING if data["amount"] is None else data["amount"]
        return super().said | {"amount": amount, "told_at": data["told_at"] or self.seen.now}


class Finish(Act):
    finished_at = Hour(label=_("Terminó a las"), day="finished_day", help_text=_("Vacía: ahora."))
    finished_day = Day(label=OTHER_DAY)
    direction = Radio(DIRECTION_NAMES.items(), label=_("La llamada"))
    comment = Short(label=_("Comentario"))

    @staticmethod
    def begin(seen: Seen) -> dict[str, Any]:
        return {"direction": INBOUND}

    @property
    def said(self) -> dict[str, Any]:
        return super().said | {"finished_at": self.cleaned_data["finished_at"] or self.seen.now}


class Costs(Act):
    """T22: what one invoice charges, by who bears it; with nothing at all, it cost nothing."""

    invoice = Short(label=_("Número de la factura"), max_length=40)
    concept = Short(label=_("De qué"), max_length=120)
    total = Money(label=_("Total de la factura"), required=False, help_text=_("Si no costó nada, déjelo en 0."))
    coverage = Money(label=PAYER_NAMES[Payer.COVERAGE], required=False)
    affiliate = Money(label=PAYER_NAMES[Payer.AFFILIATE], required=False)
    company = Money(label=PAYER_NAMES[Payer.COMPANY], required=False)
    comment = Short(label=_("Comentario"))

    @staticmethod
    def begin(seen: Seen) -> dict[str, Any]:
        one = seen.assistance
        if one.quoted is None or one.costed_at:
            return {}
        parts = split(one.quoted, category=one.category, cover=seen.course.cover, excess=one.excess)
        return {"total": one.quoted} | {payer.value: amount for payer, amount in parts.items() if amount}

    @property
    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        lines = [Line(payer, data["concept"], data[payer]) for payer in Payer if data[payer]]
        total = data["total"] if data["total"] is not None else sum((line.amount for line in lines), NOTHING)
        return {"lines": lines, "invoice": data["invoice"], "total": total, "comment": data["comment"]}


class TakingBack(Act):
    invoice = forms.ChoiceField(label=_("Factura"), required=False)
    reason = Short(label=_("Por qué se retiran"))

    def fit(self, seen: Seen) -> None:
        self.offer("invoice", [(one, one or _("Sin factura")) for one in sorted(seen.course.invoices)])


class Conformity(Act):
    """T23, T25. A last call that nobody answers lets it be concluded."""

    outcome = Radio(CONFORMITY_NAMES.items(), label=_("¿Quedó conforme?"), required=False)
    comment = LongText(label=_("Qué dijo"))
    direction = Radio(DIRECTION_NAMES.items(), label=_("La llamada"), required=False)

    @staticmethod
    def begin(seen: Seen) -> dict[str, Any]:
        return {"direction": OUTBOUND}

    def fit(self, seen: Seen) -> None:
        text = _("Intento {number} de {tries}. Lo que no quedó bien lo recibe Calidad como un caso, solo.")
        values = {"number": attempt_of(seen.course), "tries": seen.policy.times.conformity_tries}
        self.fields["outcome"].help_text = text.format(**values)


class Survey(Act):
    reached = Radio([("yes", _("Sí, pasó")), ("no", _("No se pudo"))], label=_("¿Pasó a la encuesta?"))
    comment = Short(label=_("Comentario"))

    @property
    def said(self) -> dict[str, Any]:
        return super().said | {"reached": self.cleaned_data["reached"] == "yes"}


class Reprogramming(Act):
    opens = Hour(label=_("Desde"), day="day")
    closes = Hour(label=_("Hasta"), day="day", begins="opens")
    day = Day(label=OTHER_DAY)
    eta_at = Hour(label=_("El proveedor llega a las"), day="eta_day")
    eta_day = Day(label=OTHER_DAY)
    accepted_by = Ticks(
        [("affiliate", _("El afiliado")), ("provider", _("El proveedor"))], label=_("Aceptan la nueva hora")
    )
    comment = Short(label=_("Comentario"))

    def fit(self, seen: Seen) -> None:
        self.drop(*(("eta_at", "eta_day") if seen.is_programmed else ("opens", "day", "closes")))
        if seen.assistance.stage == Stage.TO_ASSIGN:
            self.offer("accepted_by", [("affiliate", _("El afiliado"))])

    @property
    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "window": self.window("opens", "closes"),
            "eta_at": data.get("eta_at"),
            "accepted_by": data["accepted_by"],
            "comment": data["comment"],
        }


class Writing(Act):
    subtype = forms.ChoiceField(label=_("Tipo"), choices=[(one.value, SUBTYPES[one][1]) for one in reversed(BY_HAND)])
    comment = LongText(label=_("Anotación"))
