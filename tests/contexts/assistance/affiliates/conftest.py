from pathlib import Path

import pytest

from tests.make import House, a_house


@pytest.fixture
def desk(db, settings, tmp_path: Path) -> House:
    """The assistance company, with a store of its own."""
    folder = tmp_path / "files"
    options = {"location": folder}
    backend = {"BACKEND": "escucha.contexts.documents.gateways.store.PrivateFolder", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"files": backend}
    return a_house("quetzal")
