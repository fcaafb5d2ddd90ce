from django.urls import path, re_path

from accounts.views import imports, landing, own_views, persons, profile, rights

SHEET = r"(?P<sheet>[a-z][a-z-]*)"
PERSON = r"^settings/people/(?P<pk>\d+)"

app_name = "accounts"
urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("profile/sign-out-elsewhere/", profile.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("profile/views/<int:pk>/first/", profile.first_view, name="first_view"),
    path("lists/<slug:key>/views/save/", own_views.save, name="save_view"),
    path("profile/views/<int:pk>/remove/", own_views.remove, name="remove_view"),
    path("data/", imports.data, name="data"),
    re_path(rf"^data/{SHEET}\.(?P<form>csv|xlsx)$", imports.export, name="export"),
    re_path(rf"^data/{SHEET}/template\.(?P<form>csv|xlsx)$", imports.template, name="template"),
    re_path(rf"^data/{SHEET}/import/$", imports.upload, name="import"),
    re_path(rf"^data/{SHEET}/import/(?P<pk>\d{{1,18}})/$", imports.trial, name="trial"),
    path("settings/", landing.settings_home, name="settings"),
    path("settings/sign-in/", landing.sign_in, name="sign_in"),
    path("settings/people/", persons.people_list, name="people"),
    path("settings/people/new/", persons.person_new, name="person_new"),
    path("settings/people/<int:pk>/", persons.person, name="person"),
    path("settings/people/<int:pk>/edit/", persons.person_edit, name="person_edit"),
    path("settings/people/<int:pk>/merge/", persons.person_merge, name="person_merge"),
    re_path(rf"{PERSON}/(?P<step>off|on|sign-out)/$", persons.person_step, name="person_step"),
    re_path(rf"{PERSON}/(?P<step>join|leave|grant|take)/$", rights.rights_step, name="rights_step"),
    path("settings/teams/", rights.teams, name="teams"),
    path("settings/teams/new/", rights.team, name="team_new"),
    path("settings/teams/<slug:code>/", rights.team, name="team"),
    path("settings/roles/", rights.roles, name="roles"),
    path("settings/tokens/", rights.tokens, name="tokens"),
    re_path(r"^settings/tokens/(?P<pk>\d+)/(?P<step>rotate|revoke)/$", rights.token_step, name="token_step"),
]
