"""The files of a form that had to come back: held, and named by signed references that serve it for two hours."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.http import QueryDict
from django.utils.translation import gettext as _

from escucha.contexts.documents.operations.holding import Held, hold, is_held, let_go
from escucha.contexts.documents.operations.refusal import Refused
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.documents.rules.naming import safe_name
from escucha.contexts.documents.rules.taking import megabytes
from escucha.flows.person_files_with_papers_and_consents import Paper
from escucha.web.public.forms import NOT_KEPT, PublicForm
from escucha.web.ui.requests import HouseRequest
from escucha.web.ui.uploads import Files

HOLDS = timedelta(hours=2)
SALT = "escucha.public.papers"
PREFIX = "held_"  # of the name under which the references of a field come


class Kept(NamedTuple):
    """A file that is here already, as a page lists it."""

    reference: str
    held: Held

    @property
    def name(self) -> str:
        return safe_name(self.held.name)

    @property
    def size(self) -> str:
        return megabytes(self.held.size)


class References(forms.Field):
    """What a form says of the files that are here already: they are looked at with its organisation and key."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        return [str(one) for one in value or ()][:100]


def ask_for_files(form: PublicForm, name: str, *, policy: DocumentsPolicy, **field: Any) -> None:
    """Gives a form a field for files, with those of it that are here already."""
    form.fields[name] = Files(policy=policy, required=False, **field)
    form.fields[PREFIX + name] = References(required=False)


class Papers:
    """All that a form brings: what came with it now and what is held of it, field by field."""

    def __init__(self, request: HouseRequest, form: PublicForm):
        self.request, self.form = request, form
        self.names = [name for name, field in form.fields.items() if isinstance(field, Files)]
        self.kept = {name: self._kept_of(name) for name in self.names}

    def new(self, name: str) -> Sequence[UploadedFile]:
        """Those that came now and have nothing wrong; of a field with something wrong, each that is well by itself."""
        given: Sequence[UploadedFile] = self.form.files.getlist(name) if self.form.files else []
        return given

    @property
    def bytes_sent(self) -> int:
        return sum(one.size or 0 for name in self.names for one in self.new(name))

    def of(self, name: str) -> Sequence[Paper]:
        """What a field brings, what is held of it first."""
        held = [Paper(one.held, one.held.name, one.held.claimed_kind) for one in self.kept[name]]
        return [*held, *(_paper(one) for one in self.form.cleaned_data.get(name) or [])]

    @property
    def all(self) -> Sequence[Paper]:
        return [paper for name in self.names for paper in self.of(name)]

    def look(self) -> None:
        """Says in the form what is too much of held and new together, and what can be had no more."""
        for name in self.names:
            policy = self.request.profile.section(DocumentsPolicy)
            sent = self.form[PREFIX + name].value() or []
            if len(sent) > len(self.kept[name]):
                self.form.add_error(
                    name, _("Elija otra vez sus archivos: pasaron más de dos horas desde que llegaron.")
                )
            if len(self.of(name)) > policy.max_files:
                most = _("Envíe hasta {most} archivos: quite alguno.").format(most=policy.max_files)
                self.form.add_error(name, most)

    def hold(self) -> None:
        """What came now stays here while the form comes back, as much as a form may bring; each by itself."""
        policy = self.request.profile.section(DocumentsPolicy)
        left = policy.max_total_bytes - sum(one.held.size for kept in self.kept.values() for one in kept)
        for name in self.names:
            for upload in self.new(name):
                left -= upload.size or 0
                if left >= 0 and len(self.kept[name]) < policy.max_files:
                    self._hold(name, upload)

    def let_go(self) -> None:
        """The form was filed: what was held of it has its own rows now."""
        for one in (one for kept in self.kept.values() for one in kept):
            let_go(one.held)

    def fill(self, data: Any) -> QueryDict:
        """The form's data with the references of all that is here."""
        filled = QueryDict(mutable=True)
        filled.update(data)
        for name in self.names:
            filled.setlist(PREFIX + name, [one.reference for one in self.kept[name]])
        return filled

    def _kept_of(self, name: str) -> list[Kept]:
        found = []
        for reference in self.form[PREFIX + name].value() or [] if self.form.is_bound else []:
            if (held := self._read(str(reference), name)) and is_held(held):
                found.append(Kept(str(reference), held))
        return found

    def _hold(self, name: str, upload: UploadedFile) -> None:
        if not upload.size or any(
            (upload.name, upload.size) == (one.held.name, one.held.size) for one in self.kept[name]
        ):
            return
        try:
            held = hold(
                org=self.request.org,
                content=upload,
                name=upload.name or "",
                claimed_kind=upload.content_type or "",
                size=upload.size,
                now=self.request.now,
            )
        except Refused:
            return
        self.kept[name].append(Kept(self._sign(held, name), held))

    def _sign(self, held: Held, name: str) -> str:
        at = int(self.request.now.timestamp())
        return self._signer(name).sign_object({"held": [*held], "at": at}, compress=True)

    def _read(self, reference: str, name: str) -> Held | None:
        try:
            said = self._signer(name).unsign_object(reference)
        except (BadSignature, ValueError):
            return None
        if not 0 <= self.request.now.timestamp() - said["at"] + 1 < HOLDS.total_seconds():
            return None
        return Held(*said["held"])

    def _signer(self, name: str) -> Signer:
        """A reference is worth something in its own form and field, at its organisation, and nowhere else."""
        door = f"{type(self.form).__name__}:{self.form.own_key}:{name}"
        return Signer(salt=f"{SALT}:{self.request.org.pk}:{door}")


def _paper(upload: UploadedFile) -> Paper:
    return Paper(upload, upload.name or "", upload.content_type or "")


def refused_in(form: PublicForm, papers: Papers, why: Refused) -> None:
    """What a file really is, found as it was kept, said beside the first field of files; if none came, of the words."""
    beside = papers.names[0] if papers.all else "body" if "body" in form.fields else None
    for blocker in why.blockers:
        form.add_error(beside, str(blocker))


__all__ = ["NOT_KEPT", "Kept", "Papers", "ask_for_files", "refused_in"]
