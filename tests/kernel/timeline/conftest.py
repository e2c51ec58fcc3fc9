from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pytest_django import Settings

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline import relay
from escucha.kernel.timeline.anchors import key_at
from tests.kernel.timeline.saying import NOON


@pytest.fixture
def org(db: None) -> Organisation:
    return Organisation.objects.create(slug="lapacho", name="Lapacho", host="lapacho.example.org", created_at=NOON)


@pytest.fixture
def other(db: None) -> Organisation:
    return Organisation.objects.create(slug="guayacan", name="Guayacán", host="guayacan.example.org", created_at=NOON)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.ANCHOR_KEY, settings.ANCHORS = tmp_path / "secret" / "anchor.key", tmp_path / "anchors"
    return tmp_path / "anchors"


@pytest.fixture
def key(settings: Settings, folder: Path) -> Ed25519PrivateKey:
    return key_at(settings.ANCHOR_KEY)


@pytest.fixture
def switchboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No reaction but those the test connects."""
    monkeypatch.setattr(relay, "_reactions", {})
    yield
