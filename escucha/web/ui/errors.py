"""Pages of what went wrong. Each says what to do."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from escucha.contexts.documents.rules.taking import megabytes
from escucha.web.ui.uploads import TooMuchSent


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: nothing was saved, and going back brings back what was typed."""
    return render(request, "ui/stale.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What came cannot be read: too large (`DATA_UPLOAD_MAX_MEMORY_SIZE`, 2.5 MB, and the files apart), or no form."""
    too_large = isinstance(exception, RequestDataTooBig)
    files = megabytes(exception.limit) if isinstance(exception, TooMuchSent) else ""
    return render(request, "ui/400.html", {"too_large": too_large, "files": files}, status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "ui/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "ui/403.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/500.html", status=500)
