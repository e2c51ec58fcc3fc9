"""Mounts the faces."""

from django.urls import include, path

urlpatterns = [
    path("mesa/", include("escucha.web.desk.sign_in_urls")),
    path("mesa/", include("escucha.web.desk.urls")),
    path("ganchos/", include("escucha.web.hooks.urls")),
    path("", include("escucha.web.public.urls")),
]
handler400 = "escucha.web.ui.errors.bad_request"
handler403 = "escucha.web.ui.errors.forbidden"
handler404 = "escucha.web.ui.errors.not_found"
handler429 = "escucha.web.desk.signing_in.too_many"  # asked for by allauth
handler500 = "escucha.web.ui.errors.broken"
