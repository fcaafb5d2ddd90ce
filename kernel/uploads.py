"""Stop taking in a file at the limit: a browser that sends 2 GB costs neither memory nor disk (RELIABILITY F17)."""

import logging
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler

logger = logging.getLogger(__name__)


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


class FileOnDisk(TemporaryFileUploadHandler):
    """Last of FILE_UPLOAD_HANDLERS: when the disk takes no more, that file is dropped and the rest of the form lives.

    The names of dropped files stand in `request.META["spindel.no_room"]`.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Make the temporary file."""
        try:
            super().new_file(*args, **kwargs)
        except OSError as fault:
            self._drop(fault)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the chunk."""
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as fault:
            self._drop(fault)

    def _drop(self, fault: OSError) -> NoReturn:
        logger.error("an upload could not be written: %s", fault)
        if self.request is not None:
            self.request.META.setdefault("spindel.no_room", []).append(self.file_name)
        raise SkipFile from fault
