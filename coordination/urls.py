"""Addresses of the queue, the board, one's own work, and the rules under settings."""

from django.urls import path

from coordination.views import board, bulk, demand, pair, queue, rules, work

app_name = "coordination"
urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("queue/next/", work.pick_next, name="pick_next"),
    path("queue/bulk/", bulk.bulk, name="bulk"),
    path("queue/bulk/undo/", bulk.bulk_undo, name="bulk_undo"),
    path("queue/export.csv", queue.export, {"form": "csv"}, name="export_csv"),
    path("queue/export.xlsx", queue.export, {"form": "xlsx"}, name="export_xlsx"),
    path("queue/demand/", demand.demand, name="demand"),
    path("queue/demand/work/", demand.demand_work, name="demand_work"),
    path("queue/demand/people/", demand.demand_people, name="demand_people"),
    path("queue/demand/export.csv", demand.demand_export, {"form": "csv"}, name="demand_csv"),
    path("queue/demand/export.xlsx", demand.demand_export, {"form": "xlsx"}, name="demand_xlsx"),
    path("queue/<int:pk>/", work.page, name="work"),
    path("queue/<int:pk>/take/", work.take, name="take"),
    path("queue/<int:pk>/assign/", work.assign, name="assign"),
    path("queue/<int:pk>/release/", work.release, name="release"),
    path("queue/<int:pk>/skip/", work.skip, name="skip"),
    path("queue/<int:pk>/wait/", work.wait, name="wait"),
    path("queue/<int:pk>/resume/", work.resume, name="resume"),
    path("queue/<int:pk>/boost/", work.boost, name="boost"),
    path("queue/<int:pk>/route/", work.route, name="route"),
    path("queue/<int:pk>/pair/", pair.pair, name="pair"),
    path("queue/<int:pk>/pair/<int:ask>/", pair.answer_pair, name="answer_pair"),
    path("board/", board.board, name="board"),
    path("mine/", board.mine, name="mine"),
    path("settings/queue-rules/", rules.queue_rules, name="queue_rules"),
    path("settings/queue-rules/<int:version>/restore/", rules.queue_rules_restore, name="queue_rules_restore"),
    path("settings/queue-rules/skips/", rules.queue_skips, name="queue_skips"),
    path("settings/queue-reasons/", rules.queue_reasons, name="queue_reasons"),
    path("settings/queue-limits/", rules.queue_limits, name="queue_limits"),
]
