"""The files of a case as its page shows them, and the form that adds more."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from escucha.contexts.cases.models import Case
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.documents.queries import all_about
from escucha.web.ui.attached import Address, lines_of
from escucha.web.ui.requests import DeskRequest
from escucha.web.ui.uploads import Files


class Attaching(forms.Form):
    """Files that a member adds to a case."""

    def __init__(self, *args: Any, policy: DocumentsPolicy, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["files"] = Files(policy=policy, label=_("Adjuntar archivos"))


def attached_to(request: DeskRequest, case: Case, *, may_write: bool) -> dict[str, Any]:
    """What the page shows: the files, those taken off apart for who may put them back, and the form. One query."""
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
    }


def _at(page: str, case: Case) -> Address:
    return lambda one: reverse(f"desk:{page}", args=[case.filing_number, one.pk])
