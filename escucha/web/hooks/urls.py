"""The face for machines that call us: each address proves its caller by signature."""

from django.urls import path

from escucha.web.hooks import calls, texts

app_name = "hooks"
urlpatterns = [
    path("llamadas/", calls.calls, name="calls"),
    path("sms/<slug:gateway>/", texts.texts, name="texts"),
]
