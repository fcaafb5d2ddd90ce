"""Verbs of the one queue; `from coordination import commands as work`."""

from coordination.commands.assign import assign, start, take
from coordination.commands.claim import DoesNotFit
from coordination.commands.finish import cancel, finish, restore, unended
from coordination.commands.hold import resume, resume_for, return_parked, wait, wait_for, wake
from coordination.commands.offer import offer, route, set_major
from coordination.commands.pair import answer_pair, ask_pair
from coordination.commands.pick import NothingForYou, Picked, PlacesFull, pick_next
from coordination.commands.queueing import enter_planned
from coordination.commands.rank import boost, rank_records, rerank_record, sweep, sweep_drifted, sweep_harm
from coordination.commands.release import give_back_all, hand_back, skip
from coordination.commands.settings import change_limits, change_reasons, change_rules, restore_rules

__all__ = [
    "DoesNotFit", "NothingForYou", "Picked", "PlacesFull", "answer_pair", "ask_pair", "assign", "boost", "cancel",
    "change_limits", "change_reasons", "change_rules", "enter_planned", "finish", "give_back_all", "hand_back", "offer",
    "pick_next", "rank_records", "rerank_record", "restore", "restore_rules", "resume", "resume_for", "return_parked",
    "route", "set_major", "skip", "start", "sweep", "sweep_drifted", "sweep_harm", "take", "unended", "wait",
    "wait_for", "wake",
]  # fmt: skip
