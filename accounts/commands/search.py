"""What the search box finds of a person: name, e-mail, phone, staff number, unit and place."""

from accounts.models import User
from accounts.roles import Permission
from journal import commands as journal
from journal.queries.kinds import Kind
from kernel.workflow import gettext_noop

KIND = Kind(
    "person", gettext_noop("Person"), "user", "accounts:person", by="id", permission=Permission.PEOPLE_READ, mode="@",
    readers=2_000_000_102,
)  # fmt: skip


def reindex(user: User) -> None:
    """Have the person's search document written with this unit of work; machines are not looked for."""
    if user.kind in (User.Kind.PERSON, User.Kind.GUEST):
        journal.index(KIND.code, user.pk, lambda: document_of(user))


def document_of(user: User) -> journal.Document:
    """The document of a person; everybody who may read people may read every word in it."""
    about = [user.unit, user.location]
    return journal.Document(
        kind=KIND.code, id=user.pk, number=user.staff_number or "", title=user.name,
        note=" · ".join(each for each in about if each), is_open=user.is_active and user.merged_into_id is None,
        names=" ".join(filter(None, [user.name, user.email, user.phone, user.phone.replace(" ", ""), *about])),
        at=user.created_at, audience=(KIND.readers,),
    )  # fmt: skip


@journal.rebuilds("people")
def _people_after(last: int, most: int) -> list[journal.Document]:
    rows = User.objects.filter(pk__gt=last, kind__in=(User.Kind.PERSON, User.Kind.GUEST)).order_by("pk")
    return [document_of(user) for user in rows[:most]]
