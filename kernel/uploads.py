"""Stop taking in a file at the limit: a browser that sends 2 GB costs neither memory nor disk (RELIABILITY F17)."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class CappedUpload(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: passes chunks on until a file is above the limit, then drops that file.

    The names of dropped files stand in `request.META["spindel.too_large"]`; forms say so beside the field.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Count from zero."""
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """The chunk, or SkipFile once there are too many bytes."""
        self.taken += len(raw_data)
        if self.taken > settings.SPINDEL_MAX_UPLOAD_MB * 1024 * 1024:
            if self.request is not None:
                self.request.META.setdefault("spindel.too_large", []).append(self.file_name)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Later handlers make the file."""
