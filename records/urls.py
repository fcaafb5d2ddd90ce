"""Addresses of records of every kind, of the search box, of drafts and of a requester's own records."""

from django.urls import path, re_path

from records.views import drafts, facts, find, frames, mine, people, relations, words

app_name = "records"
urlpatterns = [
    path("find/", find.find, name="find"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/<path:key>/", drafts.draft, name="draft"),
    path("my/", mine.my_records, name="my_records"),
    re_path(r"^my/(?P<number>[A-Za-z]{2,5}-[0-9]{1,9})/$", mine.my_record, name="my_record"),
    path("records/<str:number>/", frames.detail, name="detail"),
    path("records/<str:number>/timeline/", frames.timeline, name="timeline"),
    path("records/<str:number>/comment/", words.comment, name="comment"),
    path("records/<str:number>/files/<int:file_id>/", words.file, name="file"),
    path("records/<str:number>/watch/", people.watch, name="watch"),
    path("records/<str:number>/presence/", people.presence, name="presence"),
    path("records/<str:number>/undo/<int:undo_id>/", people.undo, name="undo"),
    path("records/<str:number>/fields/<slug:name>/", facts.field, name="field"),
    path("records/<str:number>/fields/<slug:name>/choices/", facts.choices, name="choices"),
    path("records/<str:number>/related/", relations.related, name="related"),
    path("records/<str:number>/links/<int:link_id>/remove/", relations.unlink, name="unlink"),
    path("records/<str:number>/impact/", relations.impact, name="impact"),
    path("records/<str:number>/audit/", relations.audit, name="audit"),
    re_path(r"^(?P<number>[A-Za-z]{2,5}-[0-9]{1,9}|[0-9]{1,9})/$", frames.jump, name="jump"),
]
