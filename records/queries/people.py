"""People of a record."""

from records.models import Record, Watcher


def callers_of(record: Record) -> list[int]:
    """Ids of those who reported the same besides the requester."""
    return list(Watcher.objects.filter(record=record, is_caller=True).values_list("user", flat=True))


def followers_of(record: Record) -> list[int]:
    """Ids of everybody who follows the record, callers included."""
    return list(Watcher.objects.filter(record=record).values_list("user", flat=True))
