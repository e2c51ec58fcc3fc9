"""What every page asks of the browser."""

import os
import subprocess
import sys

import pytest

SEEN = (
    "import django; django.setup(); from django.conf import settings;"
    " print(settings.SECURE_HSTS_SECONDS, settings.SESSION_COOKIE_SECURE)"
)


@pytest.mark.parametrize(("address", "said"), [("https://{host}", "31536000 True"), ("http://{host}:8000", "0 False")])
def test_behind_tls_the_browser_comes_back_by_tls_only(address, said):
    environment = {**os.environ, "ESCUCHA_ADDRESS": address, "DJANGO_SETTINGS_MODULE": "escucha.settings"}
    asked = subprocess.run([sys.executable, "-c", SEEN], env=environment, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == said


def test_no_page_is_framed_and_no_picture_comes_from_an_address_of_its_own(at_desk):
    answer = at_desk("lucia").get("/mesa/")
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "img-src 'self';" in answer["Content-Security-Policy"] + ";"


def test_a_page_of_the_desk_is_kept_nowhere(at_desk):
    assert at_desk("lucia").get("/mesa/")["Cache-Control"] == "private, no-store"
