"""What happens in the transaction of somebody else's act is a closed list (ARCHITECTURE 5, ADR 10)."""

from kernel.reactions import table

IN_TRANSACTION = [
    "record.merged [in transaction] sla.reactions.stop_merged",
    "record.opened [in transaction] sla.reactions.start_clocks",
    "record.owner_changed [in transaction] sla.reactions.follow_owner",
    "record.phase_changed [in transaction] coordination.reactions.rank_again",
    "record.phase_changed [in transaction] sla.reactions.follow_phase",
    "record.responded [in transaction] sla.reactions.stop_response",
    "record.retargeted [in transaction] coordination.reactions.rank_again",
    "record.retargeted [in transaction] sla.reactions.retarget",
    "record.supplier_changed [in transaction] sla.reactions.follow_supplier",
    "work.assigned [in transaction] incidents.reactions.assign_with_work",
    "work.picked [in transaction] incidents.reactions.start_with_work",
    "work.released [in transaction] incidents.reactions.release_with_work",
]


def test_in_transaction_reactions_are_those_that_were_agreed() -> None:
    assert [line for line in table() if "[in transaction]" in line] == IN_TRANSACTION
