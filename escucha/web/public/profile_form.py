"""A form that an organisation wrote in its profile, field by field in its order. It refuses nothing that is missing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from escucha.contexts.cases.policy.receiving import (
    BODY,
    CHOICE,
    DATE,
    FILES,
    MATTER,
    NIT,
    OF_PERSON,
    REASONS,
    UNIT,
    Field,
    PaperForm,
)
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.people.rules.doubts import doubts_about
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import Saying
from escucha.web.public.forms import Chosen, Email, PublicForm, Said, SomeChosen, typed
from escucha.web.public.papers import Papers, ask_for_files
from escucha.web.ui.uploads import about

LONGEST = {"name": 200, "contact_name": 200, "address": 200, "document_number": 30, "phone": 30, MATTER: 200}
DETAIL = 2000
NIT_KIND = "NIT"
COMPLETES = {"email": "email", "phone": "tel", "address": "street-address"}  # what a browser may fill in
PICK = _("Escoja una de la lista")


class Part(NamedTuple):
    """A field as the page shows it. `begins` says that the personal data begin here."""

    field: Any
    of_files: bool
    lines: int
    completes: str
    begins: bool


class ProfileForm(PublicForm):
    def __init__(self, *args, paper: PaperForm, profile: Profile, **kwargs):
        super().__init__(*args, **kwargs)
        self.paper, self.profile = paper, profile
        for one in paper.fields:
            if one.kind == FILES:
                policy = profile.section(DocumentsPolicy)
                help_text = f"{one.help} {about(policy)}".strip()
                ask_for_files(self, one.key, policy=policy, label=one.label, help_text=help_text)
            else:
                self.fields[one.key] = self._field(one)

    @property
    def parts(self) -> Iterator[Part]:
        """The fields in the order of the form."""
        begun = False
        for one in self.paper.fields:
            personal = one.key in OF_PERSON
            completes = COMPLETES.get(one.key, "off")
            yield Part(self[one.key], one.kind == FILES, one.lines, completes, personal and not begun)
            begun = begun or personal

    @property
    def asks_nit(self) -> bool:
        """Whether the document that the form asks for is an organisation's tax number."""
        number = self.paper.field("document_number")
        return number is not None and number.kind == NIT

    @property
    def person(self) -> dict[str, str]:
        return super().person | ({"document_kind": NIT_KIND} if self.asks_nit else {})

    @property
    def doubts(self) -> Mapping[str, Sequence[Saying]]:
        """What looks odd: a telephone, and a document whose kind the form says. It stops nothing."""
        said = typed(self, ("document_number", "phone"))
        return doubts_about({**said, "document_kind": NIT_KIND} if self.asks_nit else said)

    def details(self, papers: Papers) -> dict[str, Any]:
        """What only the form knows: its answers, which attachment answers what, what was asked for and is missing."""
        said = self.cleaned_data
        own = {one.key: said.get(one.key, "") for one in self.paper.fields if self._is_detail(one)}
        found = {key: value for key, value in own.items() if value}
        missing = [one.key for one in self.paper.fields if one.wanted and not self._is_given(one, papers)]
        return found | self._attached(papers) | ({"missing": missing} if missing else {})

    def again(self, data):
        return ProfileForm(data, self.files, paper=self.paper, profile=self.profile)

    def _field(self, one: Field) -> forms.Field:
        plain: dict[str, Any] = {"label": one.label, "help_text": one.help}
        if one.key == UNIT:
            return Chosen(choices=[("", PICK), *self._units()], required=False, **plain)
        if one.key == REASONS:
            return SomeChosen(choices=_pairs(self.paper.reasons), required=False, **plain)
        if one.kind == CHOICE:
            return Chosen(choices=[("", PICK), *_pairs(one.choices)], required=False, **plain)
        if one.key == DATE:
            return Said(longest=10, widget=forms.TextInput(attrs={"type": "date"}), **plain)
        if one.key == "email":
            return Email(**plain)
        if one.key == BODY or one.lines > 1:
            rows = {"rows": max(3, min(one.lines, 10))}
            return Said(longest=None if one.key == BODY else DETAIL, widget=forms.Textarea(attrs=rows), **plain)
        return Said(longest=LONGEST.get(one.key, DETAIL), **plain)

    def _units(self) -> Sequence[tuple[str, str]]:
        return [(key, unit.label) for key, unit in self.profile.units.items()]

    def _is_detail(self, one: Field) -> bool:
        return one.kind != FILES and one.key not in (BODY, MATTER, REASONS, *OF_PERSON)

    def _is_given(self, one: Field, papers: Papers) -> bool:
        return bool(papers.of(one.key) if one.kind == FILES else self.cleaned_data.get(one.key))

    def _attached(self, papers: Papers) -> dict[str, list[str]]:
        """The numbers of the attachments that answer each field: they are attached in the order of the form."""
        found, number = {}, 1
        for name in papers.names:
            many = len(papers.of(name))
            if many:
                found[name] = [str(number + place) for place in range(many)]
            number += many
        return found


def _pairs(choices: Sequence[Any]) -> Sequence[tuple[str, str]]:
    return [(one.key, one.label) for one in choices]
