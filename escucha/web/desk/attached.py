"""The files of a case as its page shows them, and the form that adds more."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.rules.reserve import blockers_to_open_original
from escucha.contexts.documents.models import Attachment, File
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.documents.queries import all_about, files_about, left_out_of
from escucha.contexts.documents.rules.copying import has_nothing_hidden
from escucha.contexts.documents.rules.naming import neutral_name
from escucha.contexts.documents.rules.taking import blockers_to_download, left_out_in_words, megabytes
from escucha.kernel.words import Saying
from escucha.web.desk.reserved_forms import OpeningOriginal
from escucha.web.ui.attached import Address, lines_of
from escucha.web.ui.requests import DeskRequest
from escucha.web.ui.uploads import Files


class Attaching(forms.Form):
    """Files that a member adds to a case."""

    def __init__(self, *args: Any, policy: DocumentsPolicy, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["files"] = Files(policy=policy, label=_("Adjuntar archivos"))


class Original(NamedTuple):
    """A reserved attachment that may be opened as it was received, and the form that asks what for."""

    number: int
    url: str
    form: OpeningOriginal


class Left(NamedTuple):
    """A file that a letter brought and was not taken: it is in the letter, which is the attachment of a number."""

    number: int
    name: str
    size: str
    why: Saying
    sealed: bool  # the letter is reserved


def attached_to(request: DeskRequest, case: Case, *, may_write: bool) -> dict[str, Any]:
    """What the page shows: the files, those taken off apart for who may put them back, and the form. One query,
    and another where it has a letter.
    """
    policy = request.profile.section(DocumentsPolicy)
    every = all_about(org=request.org, subject=case.subject)
    there: dict[str, Any] = {
        "policy": policy,
        "url": _at("attachment", case),
        "picture": _at("attachment_picture", case),
    }
    removal, restoration = _at("attachment_removal", case), _at("attachment_return", case)
    here, off = [one for one in every if one.detached_at is None], [one for one in every if one.detached_at]
    return {
        "attached": lines_of(here, act=removal if may_write else None, **there),
        "taken_off": lines_of(off, act=restoration, **there) if may_write else [],
        "attaching": Attaching(policy=policy),
        "originals": _originals(request, case, here),
        "left_out": _left_out(request, every),
    }


def _left_out(request: DeskRequest, every: Sequence[Attachment]) -> Sequence[Left]:
    """What the letters of the case brought and was not taken. No query where it has no letter."""
    letters = {one.file_id: one for one in every if one.file.purpose == File.Purpose.RAW_MAIL}
    if not letters:
        return []
    policy = request.profile.section(DocumentsPolicy)
    return [
        Left(
            number=letters[one.letter_id].number,
            name=neutral_name(one.place, "") if one.letter.reserved else one.name,
            size=megabytes(one.size),
            why=left_out_in_words(one.why, policy),
            sealed=one.letter.reserved,
        )
        for one in left_out_of(org=request.org, letters=[one.file for one in letters.values()])
    ]


def originals_with(request: DeskRequest, case: Case, tried: OpeningOriginal) -> Sequence[Original]:
    """The same, with the form as it was typed."""
    return _originals(request, case, files_about(org=request.org, subject=case.subject), tried)


def _originals(
    request: DeskRequest, case: Case, attachments: Sequence[Attachment], tried: OpeningOriginal | None = None
) -> Sequence[Original]:
    """Those that may be opened as they were received, for who may."""
    if blockers_to_open_original(request.actor, reserved=case.reserved):
        return []
    policy, address = request.profile.section(DocumentsPolicy), _at("attachment_original", case)
    return [Original(one.number, address(one), _form(one, tried)) for one in attachments if may_be_opened(one, policy)]


def may_be_opened(one: Attachment, policy: DocumentsPolicy) -> bool:
    """Whether it is kept from who downloads it, and not because of what the scanner has said."""
    state, unscanned = one.file.state, policy.serve_unscanned
    if not one.file.reserved or has_nothing_hidden(one.file.kind):
        return False
    return not blockers_to_download(state=state, serve_unscanned=unscanned, reserved=False, has_copy=True)


def _form(one: Attachment, tried: OpeningOriginal | None) -> OpeningOriginal:
    return tried if tried and tried.attachment_id == one.pk else OpeningOriginal(attachment_id=one.pk)


def _at(page: str, case: Case) -> Address:
    return lambda one: reverse(f"desk:{page}", args=[case.filing_number, one.pk])
