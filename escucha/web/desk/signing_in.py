from allauth.account import views as account
from allauth.account.adapter import DefaultAccountAdapter
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

leaving = require_POST(account.logout)


def closed(request: HttpRequest) -> HttpResponse:
    raise Http404


class StaffOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
