"""What records do when others' events happen."""

from accounts import events as account_events
from accounts.queries import SYSTEM
from accounts.queries.people import person_by_id
from kernel.reactions import Fact, on
from records import commands


@on(account_events.PERSON_MERGED)
def hand_records_of_guest_over(fact: Fact) -> None:
    """A guest was merged into a person: what the guest reported is theirs now."""
    guest, person = person_by_id(fact.subject_id), person_by_id(fact.data["into"])
    commands.hand_over_guest(guest, person, actor=SYSTEM, at=fact.at)
