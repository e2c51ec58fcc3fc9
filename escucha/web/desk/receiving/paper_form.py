"""A paper form as staff copies it: the same fields in the same order, between how it came and what was scanned."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escucha.contexts.cases.policy.receiving import (
    BODY,
    CHOICE,
    DATE,
    FILES,
    OF_PERSON,
    REASONS,
    UNIT,
    Field,
    PaperForm,
)
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.messaging.policy.channels import EMAIL, LETTER, WEB, ChannelsPolicy
from escucha.contexts.people.rules.places import folded
from escucha.kernel.profiles.loader import Profile
from escucha.web.desk.forms import LONGEST, LongText, offer
from escucha.web.desk.receiving.forms import Day, Moment, SentOnce, in_time
from escucha.web.ui.uploads import Files

FILLED_BY = [("person", _("La persona")), ("staff", _("Yo, por la persona"))]
OWN = ("key", "held", "channel", "received_at", "filled_by", "files")


class Copying(SentOnce):
    """`paper` says what is asked; nothing is obligatory but how it came and who wrote it."""

    held = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    channel = forms.ChoiceField(label=_("Cómo llegó"))
    received_at = Moment(
        label=_("Cuándo la recibió su área"), help_text=_("El plazo cuenta desde ese momento."), required=False
    )
    filled_by = forms.ChoiceField(
        label=_("¿Quién llenó el formato?"), choices=FILLED_BY, widget=forms.RadioSelect, initial="person"
    )

    def __init__(self, *args, paper: PaperForm, profile: Profile, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.paper, self.now = paper, now
        self.units = {folded(unit.label): unit.key for unit in profile.units.values()}
        self.unit_labels = [unit.label for unit in profile.units.values()]
        channels = [one for one in profile.section(ChannelsPolicy).receiving() if one.kind != WEB]
        offer(self, "channel", [(one.key, one.label) for one in channels])
        by = EMAIL if self.initial.get("held") else LETTER
        self.fields["channel"].initial = next((one.key for one in channels if one.kind == by), "")
        for field in paper.fields:
            if field.kind != FILES:
                self.fields[field.key] = _asked(field, paper)
        policy = profile.section(DocumentsPolicy)
        self.fields["files"] = Files(policy=policy, label=_("El papel escaneado o en foto"), required=False)
        if not self.is_bound and BODY in self.fields:
            self.fields[next(iter(self.asked)).name].widget.attrs["autofocus"] = True

    @property
    def asked(self) -> Iterator[Any]:
        """The fields of the paper, in its order."""
        return (self[name] for name in self.fields if name not in OWN)

    def clean_received_at(self):
        return in_time(self.cleaned_data["received_at"], self.now)

    @property
    def person(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in OF_PERSON if name in self.fields}

    @property
    def details(self) -> dict[str, Any]:
        """What the paper says and no column of the case holds: the unit by its key, where it is one of ours."""
        said = self.cleaned_data
        kept = {field.key: said.get(field.key, "") for field in self.paper.details if field.kind != FILES}
        if said.get(UNIT):
            kept[UNIT] = self.units.get(folded(said[UNIT]), said[UNIT])
        if said.get(DATE):
            kept[DATE] = said[DATE].isoformat()
        return {name: value for name, value in kept.items() if value}


def _asked(field: Field, paper: PaperForm) -> Any:
    said: dict[str, Any] = {"label": field.label, "help_text": field.help}
    if field.key == REASONS:
        choices = [(one.key, one.label) for one in paper.reasons]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, required=False, **said)
    if field.kind == CHOICE:
        choices = [("", "—"), *((one.key, one.label) for one in field.choices)]
        return forms.ChoiceField(choices=choices, required=False, **said)
    if field.key == DATE:
        return Day(**said)
    if field.key == BODY or field.lines > 1:
        return LongText(rows=min(field.lines, 10), most=5 * LONGEST, **said)
    if field.key == "email":
        return forms.EmailField(required=False, **said)
    short = {"document_number": 30, "phone": 30}.get(field.key, 200)
    return forms.CharField(max_length=short, required=False, **said)
