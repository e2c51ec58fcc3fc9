"""What a member scanned, as the journey that files it takes it."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile

from escucha.flows.staff_files_for_who_goes_first import Scan


def scans_of(uploads: Sequence[UploadedFile]) -> list[Scan]:
    return [Scan(one, one.name or "", one.content_type or "") for one in uploads]
