"""Files that somebody chooses in a form: one field for several, and a door that stops what could never be taken."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.documents.rules.naming import safe_name
from escucha.contexts.documents.rules.taking import blockers_to_keep, megabytes, too_big

BESIDE_FILES = 1024 * 1024  # what a form says beside its files


class TooMuchSent(RequestDataTooBig):
    """More was announced than the organisation takes at once: nothing of it was read."""

    def __init__(self, limit: int):
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


class Doorkeeper(FileUploadHandler):
    """Before a form with files is read, by its announced length. Then it leaves the files to the next."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        limit = most_at_once(self.request)
        if content_length > limit + BESIDE_FILES:
            raise TooMuchSent(limit)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def takes_up_to(limit: int) -> Callable[[Any], Any]:
    """A page that takes one large file, such as a client's million rows, from somebody who has signed in."""

    def marked(view: Any) -> Any:
        view.takes_up_to = limit
        return view

    return marked


def most_at_once(request: HttpRequest | None) -> int:
    """The bytes that one form may bring, by the policy of the organisation; where there is none, those of a text."""
    profile, found = getattr(request, "profile", None), getattr(request, "resolver_match", None)
    large = getattr(found.func, "takes_up_to", 0) if found else 0
    if large and request is not None and request.user.is_authenticated:
        return int(large)
    if profile is None:
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return int(profile.section(DocumentsPolicy).max_total_bytes)


class ManyFiles(forms.FileInput):
    """A control that takes several files. `upload.js` shows them, and how much has gone."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files, each looked at by the policy; its value is a list. What the bytes are is found when kept."""

    widget = ManyFiles

    def __init__(self, *, policy: DocumentsPolicy, **kwargs: Any):
        self.policy = policy
        help_text = kwargs.pop("help_text", None) or about(policy)
        super().__init__(help_text=help_text, allow_empty_file=True, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        limits = {"files": self.policy.max_files, "bytes": self.policy.max_bytes, "total": self.policy.max_total_bytes}
        said = {f"data-upload-{name}": str(limit) for name, limit in limits.items()}
        return super().widget_attrs(widget) | {"multiple": True, "data-upload": True} | said

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each one is looked at, not only the last (CVE-2023-31047)."""
        given: list[UploadedFile] = [*data] if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            if self.required:
                raise ValidationError(_("Elija al menos un archivo."))
            return []
        problems = [*self._of_all(given), *(why for one in given for why in self._of_one(one))]
        if problems:
            raise ValidationError(problems)
        return given

    def _of_all(self, given: Sequence[UploadedFile]) -> list[str]:
        policy, problems = self.policy, []
        if len(given) > policy.max_files:
            said = ngettext("Elija un solo archivo.", "Elija hasta {most} archivos a la vez.", policy.max_files)
            problems.append(said.format(most=policy.max_files))
        if sum(one.size or 0 for one in given) > policy.max_total_bytes:
            said = _("Entre todos pesan más de {limit}. Envíe unos ahora y otros después.")
            problems.append(said.format(limit=megabytes(policy.max_total_bytes)))
        return problems

    def _of_one(self, one: UploadedFile) -> list[str]:
        said = one.name or ""
        name = safe_name(said)
        if not one.size:
            return [_("«{name}» está vacío: ábralo para ver si se guardó bien y elíjalo otra vez.").format(name=name)]
        if one.size > self.policy.max_bytes:
            reasons: Any = [too_big(name=name, limit=self.policy.max_bytes)]
        else:
            kindless = DocumentsPolicy(refused_endings=self.policy.refused_endings)
            reasons = blockers_to_keep(kind="", said=said, name=name, policy=kindless)
        return [_(reason.text).format(**reason.values) for reason in reasons]


def about(policy: DocumentsPolicy) -> str:
    """How many and how large, said before somebody chooses."""
    said = ngettext(
        "Un archivo, de hasta {size}.", "Hasta {most} archivos, cada uno de hasta {size}.", policy.max_files
    )
    return said.format(most=policy.max_files, size=megabytes(policy.max_bytes))


def onward(request: HttpRequest, response: HttpResponseRedirectBase) -> HttpResponseBase:
    """The same way on for who sent with `upload.js`, which goes there itself: a message is then read once."""
    if request.headers.get("X-Upload"):
        return JsonResponse({"url": response.url})
    return response
