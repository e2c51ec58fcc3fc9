"""Pages that only their reader should see: kept by no cache, found by no search engine, told to no other site."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse


def for_its_reader(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page of one person. Its forms work, so its address is still told to itself (`same-origin`)."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response.setdefault("Referrer-Policy", "same-origin")
        return response

    return shown
